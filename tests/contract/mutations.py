"""What may have happened to a body on its way from a stranger."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DataObject

Path = tuple[str | int, ...]

# Types and values that strangers have put where others belong.
ODDITIES: tuple[Any, ...] = (
    None,
    "",
    " ",
    "x",
    "\x00",
    "9" * 30,
    "\ud800",
    float("nan"),
    float("inf"),
    0,
    -1,
    1e300,
    3.5,
    True,
    False,
    [],
    {},
    [None],
    ["x"],
    [{}],
    {"id": None},
    {"": []},
    [[1]],
)


def mutated(body: bytes, data: DataObject) -> bytes:
    """The body with one value replaced, or cut off and continued in nonsense."""
    tree = _tree(body)
    if tree is None or data.draw(st.integers(0, 9)) == 0:
        cut = data.draw(st.integers(0, len(body)))
        return body[:cut] + data.draw(st.binary(max_size=3))
    paths = [path for path, _ in _places(tree)]
    return _with(body, data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(ODDITIES)))


def without_each(body: bytes) -> Iterator[bytes]:
    """The body once without each of its keys and items; what is no JSON, cut in the middle."""
    tree = _tree(body)
    if tree is None:
        yield body[: len(body) // 2]
        return
    for path, _ in _places(tree):
        if path:
            changed = _tree(body)
            del _at(changed, path[:-1])[path[-1]]
            yield json.dumps(changed).encode()


def _with(body: bytes, path: Path, value: Any) -> bytes:
    if not path:
        return json.dumps(value).encode()
    changed = _tree(body)
    _at(changed, path[:-1])[path[-1]] = value
    return json.dumps(changed).encode()


def _tree(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _places(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, tree
    match tree:
        case dict():
            inner: Iterable[tuple[str | int, Any]] = tree.items()
        case list():
            inner = enumerate(tree)
        case _:
            return
    for step, value in inner:
        yield from _places(value, (*path, step))
