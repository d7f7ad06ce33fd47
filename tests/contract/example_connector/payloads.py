"""What the board sends, field for field."""

from typing import TypedDict


class Author(TypedDict):
    """Who pinned a post."""

    nama: str
    telepon: str


class Post(TypedDict):
    """A post, as in the webhook and as when looked at."""

    id: str
    dipasang: int
    isi: str
    penulis: Author
    kategori: str
    status: str
    diubah: int
