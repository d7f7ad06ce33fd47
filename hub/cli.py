"""The `hub` command."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from dotenv import load_dotenv
from rich.console import Console
from rich.markup import escape

from hub import commands, serving
from hub.check import check_all
from hub.settings import Settings

app = typer.Typer(
    help="Simpul Aduan: keeps a city's complaint channels in step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
say = Console(soft_wrap=True)
complain = Console(stderr=True, soft_wrap=True)


def main() -> None:
    """Read .env, then do what was asked."""
    # What a hub writes is personal data: the database and the files are for its user alone.
    os.umask(0o077)
    load_dotenv(Path.cwd() / ".env")
    app()


@app.command()
def up() -> None:
    """Run everything in one process: web, pollers, relay. All that most cities need."""
    _run(serving.up(_ready()))


@app.command()
def serve() -> None:
    """Run the web alone (scale-out, with PostgreSQL and Redis)."""
    _run(serving.serve(_ready()))


@app.command()
def work() -> None:
    """Run the work alone (scale-out); any number beside each other."""
    _run(serving.work(_ready()))


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="the port to listen on")] = 8113,
    hub_url: Annotated[
        str, typer.Option(help="where the hub runs, for webhooks")
    ] = "http://127.0.0.1:8112",
) -> None:
    """Run imitations of the upstreams, with fault switches, a clock and people to play."""
    _run(commands.sandbox(host=host, port=port, hub_url=hub_url, say=say))


@app.command()
def check(
    *,
    example: Annotated[
        bool, typer.Option(help="check with the sandbox's settings, for CI and first steps")
    ] = False,
) -> None:
    """Name every missing setting and every unmapped word, each with what to do."""
    if example:
        os.environ.update(commands.example_environment())
    checked, settings = check_all()
    for name in checked.on:
        say.print(f"[green]aktif[/]     {name}")
    for name, why in checked.off:
        say.print(f"[yellow]mati[/]      {name}: {escape(why)}", highlight=False)
    # An example has no database of its own to compare with.
    masters: tuple[str, ...] = ()
    problems = checked.problems
    if not example:
        try:
            masters = asyncio.run(commands.masters_remarks(settings))
        except commands.REFUSALS as refused:
            problems = (*problems, str(refused))
    for sample in checked.samples:
        say.print(f"[cyan]contoh[/]    {escape(sample)}", highlight=False)
    for remark in (*checked.remarks, *masters):
        say.print(f"[yellow]catatan[/]   {escape(remark)}", highlight=False)
    for problem in problems:
        say.print(f"[red]perbaiki[/]  {escape(problem)}", highlight=False)
    if problems:
        complain.print(f"{len(problems)} hal harus diperbaiki sebelum hub dapat berjalan.")
        raise typer.Exit(1)
    say.print("Semua sudah pada tempatnya.")


@app.command(name="import")
def import_(
    connector: Annotated[str, typer.Argument(help="whose export it is, such as sp4n")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    dry_run: Annotated[bool, typer.Option(help="show what would happen, change nothing")] = False,
    preview: Annotated[
        bool, typer.Option(help="show the first rows as they would be read, and why")
    ] = False,
) -> None:
    """Read a file that somebody exported from an upstream. The same file again changes nothing."""
    if preview:
        try:
            commands.preview_file(_ready(), connector, file, say=say)
        except commands.Refused as refused:
            raise _refusal(refused) from None
        return
    _run(commands.import_file(_ready(), connector, file, dry_run=dry_run, say=say))


@app.command()
def export(
    connector: Annotated[
        str, typer.Argument(help="where the file is to be brought, such as laporgub")
    ],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="a new .csv or .xlsx")],
    *,
    dry_run: Annotated[bool, typer.Option(help="show what would happen, change nothing")] = False,
    again: Annotated[bool, typer.Option(help="write the last file anew, the same rows")] = False,
    counts: Annotated[
        str, typer.Option(help="instead, the recap of what was counted in a month (YYYY-MM)")
    ] = "",
) -> None:
    """Write what waits for an upstream in mode file or assisted. Each row leaves in one file only."""
    if counts:
        _run(commands.export_counts(_ready(), connector, file, month=counts, say=say))
        return
    _run(commands.export_file(_ready(), connector, file, dry_run=dry_run, again=again, say=say))


@app.command()
def replay(
    connector: Annotated[str | None, typer.Option(help="only this connector")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="only from this day on (YYYY-MM-DD, midnight in HUB_TIMEZONE)"),
    ] = None,
    *,
    after: Annotated[
        int, typer.Option(help="go on behind this one, where an interrupted replay stopped")
    ] = 0,
    per_second: Annotated[
        float, typer.Option(help="at most so many a second, below live traffic")
    ] = commands.PER_SECOND,
    dry_run: Annotated[
        bool,
        typer.Option(
            help="show what would happen, change nothing but the tables of an older hub, "
            "which are brought up to date first"
        ),
    ] = False,
) -> None:
    """Read everything kept again with the mapping of now, and send again what was parked."""
    asked = commands.Replay(
        connector=connector, since=since, after=after, per_second=per_second, dry_run=dry_run
    )
    _run(commands.replay(_ready(), asked, say=say))


@app.command()
def reconcile() -> None:
    """Look at every complaint upstream again, within the budget, and say who agrees (exit 3: not all do)."""
    _run(commands.reconcile(_ready(), say=say))


@app.command()
def explain(
    report: Annotated[
        str, typer.Argument(help="a report's number, connector:their number, or a ticket")
    ],
) -> None:
    """Say which complaints a report was compared with, on which evidence, and the verdict."""
    _run(commands.explain(_ready(), report, say=say))


@app.command()
def pairs(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="a new .csv")],
    *,
    force: Annotated[bool, typer.Option(help="replace the file if there is one")] = False,
) -> None:
    """Write what operators decided about similar reports, to learn the weights of matching from."""
    _run(commands.write_pairs(_ready(), file, force=force, say=say))


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option(help="play one day, print every journey, check, and stop")
    ] = False,
    seed: Annotated[int, typer.Option(help="the day is the same for the same seed")] = 8112,
    faults: Annotated[float, typer.Option(help="the share of upstream calls that fail")] = 0.1,
) -> None:
    """Play a day in the life of the hub against the imitations."""
    from hub.demo.day import play_demo  # noqa: PLC0415 - only the demo needs it

    raise typer.Exit(asyncio.run(play_demo(once=once, seed=seed, faults=faults, say=say)))


def _ready() -> Settings:
    """The settings, or sentences and exit 2. The hub does not start with holes in a mapping."""
    checked, settings = check_all()
    if settings is not None and not checked.problems:
        return settings
    for problem in checked.problems:
        complain.print(f"[red]perbaiki[/]  {escape(problem)}", highlight=False)
    complain.print("Jalankan `hub check` untuk gambaran lengkapnya.")
    raise typer.Exit(2)


def _run(coroutine: "commands.Job") -> None:
    serving.configure_logging()
    try:
        code = asyncio.run(coroutine)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except commands.REFUSALS as refused:
        raise _refusal(refused) from None
    if code:
        raise typer.Exit(code)


def _refusal(refused: Exception) -> typer.Exit:
    complain.print(f"[red]{escape(str(refused))}[/]", highlight=False)
    return typer.Exit(1)
