"""`hub demo`: the day, with its end or without one."""

import asyncio
import contextlib
import signal
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.demo.audit import Audit, audit
from hub.demo.cast import Tally, citizens, officers, operator
from hub.demo.modes import by_hand, by_hand_until, modes
from hub.demo.processes import NotReady, Stand, stand

LONGEST_DAY = 480.0
LOOK_EVERY = 1.0
BETWEEN_DAYS = 125.0
DEMO_PORT = 8112


async def play_demo(*, once: bool, seed: int, faults: float, say: Console) -> int:
    """Play; 0 if every complaint ended in step."""
    playing = asyncio.current_task()
    if playing is not None:
        # Stopped politely, the demo takes its two processes with it.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    with tempfile.TemporaryDirectory(prefix="simpul-demo-") as folder:
        try:
            async with stand(Path(folder), port=0 if once else DEMO_PORT) as here:
                await _switch_faults(here, faults)
                if once:
                    return await _one_day(here, seed=seed, faults=faults, say=say)
                await _keep_playing(here, seed=seed, say=say)
        except NotReady as problem:
            say.print(f"[red]{problem}[/]", highlight=False)
            log = Path(folder) / "hub.log"
            if log.exists():
                say.print(log.read_text(errors="replace")[-3000:], markup=False)
            return 1
        except (KeyboardInterrupt, asyncio.CancelledError):
            say.print("The demo has ended.")
            return 1 if once else 0
    return 0


async def _one_day(here: Stand, *, seed: int, faults: float, say: Console) -> int:
    began = time.monotonic()
    say.print(
        f"Playing a day on four channels: citizens write and call, {faults:.0%} of upstream calls fail, "
        "officers act, and LaporGub goes from copying by hand to files to an API. "
        f"Two or three minutes.\nOperator's page: {here.hub_url}/ (key {here.key})",
        highlight=False,
    )
    tally = await play_day(here, seed=seed, say=say)
    result = await audit(here)
    _print_journeys(result, say)
    say.print(f"faults made: {dict(result.faults) or 'none'}", highlight=False)
    say.print(
        f"settled by people through pages, files and the API: {dict(tally.settled) or 'nothing'}",
        highlight=False,
    )
    for sentence in (*result.lost, *result.doubled, *result.apart):
        say.print(f"[red]{sentence}[/]", highlight=False)
    say.print(f"the day took {time.monotonic() - began:.0f} s", highlight=False)
    say.print(f"[bold]{result.sentence()}[/]", highlight=False)
    return 0 if result.is_clean else 1


async def play_day(
    here: Stand, *, seed: int, say: Console, beside: Awaitable[None] | None = None
) -> Tally:
    """Citizens, officers and operators, until everything is in step or the longest day is over.

    `beside` is played at the same time (tests/faults kill the hub there).
    """
    tally, stop = Tally(), asyncio.Event()
    acting = [
        asyncio.create_task(officers(here, stop=stop)),
        asyncio.create_task(operator(here, tally, stop=stop)),
        asyncio.create_task(by_hand(here, tally, stop=stop)),
    ]
    try:
        going_on = modes(here, tally, say=say) if beside is None else by_hand_until(here, beside)
        scenes = await asyncio.gather(citizens(here, seed=seed), going_on)
        say.print(f"{scenes[0]} scenes played; waiting for everybody to be in step")
        await _until_in_step(here, say=say)
    finally:
        stop.set()
        for broken in await asyncio.gather(*acting, return_exceptions=True):
            if isinstance(broken, Exception):
                say.print(f"[red]{type(broken).__name__}: {escape(str(broken))}[/]")
    return tally


async def _until_in_step(here: Stand, *, say: Console) -> None:
    """Wait for the audit to be clean; a day that does not end is reported as it stands."""
    ends = time.monotonic() + LONGEST_DAY
    shown = ""
    while time.monotonic() < ends:
        result = await audit(here)
        if result.is_clean:
            return
        if result.so_far() != shown:
            shown = result.so_far()
            say.print(f"  {shown}", highlight=False)
        await asyncio.sleep(LOOK_EVERY)


async def _keep_playing(here: Stand, *, seed: int, say: Console) -> None:
    say.print(
        f"\n[bold]Operator's page:[/] {here.hub_url}/  (log in with the key {here.key})\n"
        f"[bold]Citizens and officers:[/] {here.sandbox_url}/\nCtrl-C ends the demo.\n\n"
        "A day of two or three minutes begins: LaporGub is reached by hand at first, then by file, then "
        "by an API; with each change the hub is away for a moment, as after any change of settings.\n",
        highlight=False,
    )
    while True:
        with contextlib.suppress(asyncio.TimeoutError):
            await play_day(here, seed=seed, say=say)
        result = await audit(here)
        say.print(
            f"{result.sentence()}. Two minutes to look around and play by hand (LaporGub is reached by "
            "hand again: complain of a provincial road, and look under «Perlu disalin»); then another day.",
            highlight=False,
        )
        await here.switch_mode("assisted")
        # What a citizen adds within two minutes belongs to the day before.
        await asyncio.sleep(BETWEEN_DAYS)
        seed += 1


async def _switch_faults(here: Stand, share: float) -> None:
    if share <= 0:
        return
    async with here.control() as control:
        answer = await control.post(
            "/control/faults", json={"imitation": "*", "share": share, "preset": "everything"}
        )
        answer.raise_for_status()


def _print_journeys(result: Audit, say: Console) -> None:
    for complaint in result.journeys:
        steps = " > ".join(
            step["status"] for step in complaint["history"] if step["outcome"] == "moved"
        )
        channels = ", ".join(
            f"{source['connector']} {source['external_id']}"
            f" [{source['their_status'] or source['told'] or 'told nothing'}]"
            + ("" if source["in_step"] else " NOT IN STEP")
            for source in complaint["sources"]
        )
        reports = len(complaint["reports"])
        said = f"{reports} message{'s' if reports > 1 else ''}"
        say.print(f"{complaint['ticket']}  {complaint['title']}", highlight=False, markup=False)
        say.print(f"    {said}; {steps}; {channels}", highlight=False, markup=False, style="dim")
