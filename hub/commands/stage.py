"""The imitations of the upstreams: on a stage of their own, or for their settings alone."""

import secrets

from rich.console import Console

from hub import serving
from hub.registry import sandboxes
from hub.sandbox import Imitation, Stage
from hub.sandbox.harness import build_harness


def imitations(stage: Stage) -> list[Imitation]:
    """Every connector's imitation on one stage."""
    return [module.build(stage) for _, module in sandboxes()]


def example_environment() -> dict[str, str]:
    """Settings with which everything is in place: the sandbox's."""
    example = {
        "HUB_SECRET_KEY": secrets.token_hex(32),
        "HUB_API_KEYS": f"contoh:{secrets.token_hex(16)}",
    }
    for imitation in imitations(Stage(base_url="http://127.0.0.1:8113")):
        example |= imitation.environment()
    return example


async def sandbox(*, host: str, port: int, hub_url: str, say: Console) -> None:
    """Serve the imitations until stopped."""
    stage = Stage(hub_url=hub_url, base_url=f"http://{host}:{port}")
    troupe = imitations(stage)
    harness = build_harness(troupe, stage)
    with serving.listening(host, port) as listener:
        say.print(f"Tiruan kanal: {stage.base_url}/  (webhook ke {hub_url})", highlight=False)
        say.print("Pengaturan agar hub memakai tiruan ini:", highlight=False)
        for imitation in troupe:
            for name, value in imitation.environment().items():
                say.print(f"  {name}='{value}'", highlight=False, markup=False)
        await serving.until_stopped(serving.server_of(harness), listener)
