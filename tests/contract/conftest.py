"""What the suite needs around it: explained asserts in its checks, and nobody who really waits."""

import asyncio

import pytest

pytest.register_assert_rewrite(
    "tests.contract.checks", "tests.contract.recordings", "tests.contract.upstreams"
)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    really = asyncio.sleep

    async def at_once(_: float, result: object = None) -> object:
        return await really(0, result)

    monkeypatch.setattr(asyncio, "sleep", at_once)
