"""What a route may ask for."""

from typing import Annotated

from fastapi import Depends, Request

from hub.store import desk
from hub.web.needs import Needs
from hub.web.render import Render


def _needs(request: Request) -> Needs:
    needs: Needs = request.app.state.needs
    return needs


def _render(request: Request) -> Render:
    render: Render = request.app.state.render
    return render


async def know_to_carry(request: Request) -> None:
    """Let every page say how much waits to be copied."""
    async with _needs(request).desk.reading() as connection:
        counted = await desk.count_to_carry(connection)
    request.state.to_carry = sum(each.total for each in counted.values())


GivenNeeds = Annotated[Needs, Depends(_needs)]
GivenRender = Annotated[Render, Depends(_render)]
