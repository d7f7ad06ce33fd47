"""HTTP to the board and nothing but HTTP."""

from collections.abc import Mapping

import httpx

from hub.contract import LIMITS, TIMEOUT, Api, OutcomeUnknown, json_of
from tests.contract.example_connector.settings import Settings


class Client:
    """One method per endpoint."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None) -> None:
        token = settings.token.get_secret_value()
        self._api = Api(
            httpx.AsyncClient(
                base_url=settings.base_url,
                headers={"Authorization": f"Bearer {token}"},
                limits=LIMITS,
                timeout=TIMEOUT,
                transport=transport,
            )
        )

    async def pin(self, post: Mapping[str, str]) -> str:
        """Pin a post; its id."""
        return await self._written("/posts", post)

    async def answer(self, post_id: str, answer: Mapping[str, str]) -> str:
        """Write below a post; the id of the answer."""
        return await self._written(f"/posts/{post_id}/answers", answer)

    async def look(self, post_id: str) -> bytes:
        """One post, as it is now."""
        return (await self._api.read("GET", f"/posts/{post_id}")).content

    async def search(self, marker: str) -> bytes:
        """What carries our marker."""
        return (await self._api.read("GET", "/search", params={"marker": marker})).content

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def _written(self, path: str, body: Mapping[str, str]) -> str:
        response = await self._api.write("POST", path, json=dict(body))
        made = json_of(response, unclear=OutcomeUnknown)
        if not made.get("id"):
            raise OutcomeUnknown("the answer names no id", code="bad_body")
        return str(made["id"])
