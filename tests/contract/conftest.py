"""What the suite needs around it: nobody who really waits."""

import asyncio

import pytest


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    really = asyncio.sleep

    async def at_once(_: float, result: object = None) -> object:
        return await really(0, result)

    monkeypatch.setattr(asyncio, "sleep", at_once)
