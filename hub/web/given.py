"""What a route may ask for."""

from typing import Annotated

from fastapi import Depends, Request

from hub.web.needs import Needs
from hub.web.render import Render


def _needs(request: Request) -> Needs:
    needs: Needs = request.app.state.needs
    return needs


def _render(request: Request) -> Render:
    render: Render = request.app.state.render
    return render


GivenNeeds = Annotated[Needs, Depends(_needs)]
GivenRender = Annotated[Render, Depends(_render)]
