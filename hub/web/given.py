"""What a route may ask for."""

from typing import Annotated

from fastapi import Depends, Path, Request

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
    """Let every page say how much waits to be copied, to be compared and to be decided."""
    async with _needs(request).desk.reading() as connection:
        counted = await desk.count_to_carry(connection)
        request.state.to_compare = await desk.count_open_repeats(connection)
        request.state.to_settle, _ = await desk.count_conflicts(connection)
    request.state.to_carry = sum(each.total for each in counted.values())


# What no database could have counted to is a page that does not exist, not an error of ours.
RowId = Annotated[int, Path(ge=1, lt=2**53)]
GivenNeeds = Annotated[Needs, Depends(_needs)]
GivenRender = Annotated[Render, Depends(_render)]
