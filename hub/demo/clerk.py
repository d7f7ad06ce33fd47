"""Somebody at a terminal while a channel is in mode file: out with the file, in with the answer."""

from dataclasses import dataclass
from pathlib import Path

from hub.demo.cast import Tally
from hub.demo.processes import BY_HAND, Stand


@dataclass(slots=True)
class Clerk:
    """`hub export`, upload it there, and `hub import` of what they give back."""

    stand: Stand
    tally: Tally
    rounds: int = 0

    async def work(self) -> None:
        """One round trip of a file."""
        # Another day of the same stand goes on counting: no file is written over.
        self.rounds = 1 + len(list(self.stand.folder.glob("ekspor-*.csv")))
        out = self.stand.folder / f"kirim-{self.rounds}.csv"
        await self.stand.command("export", BY_HAND, str(out))
        if out.exists():
            await self._upload(out)
        await self._download()

    async def _upload(self, out: Path) -> None:
        async with self.stand.control() as control:
            answer = await control.post(f"/play/{BY_HAND}/upload", json={"path": str(out)})
            answer.raise_for_status()
        back = self.stand.folder / f"jawaban-{self.rounds}.csv"
        back.write_text(answer.json()["answer"], encoding="utf-8")
        await self.stand.command("import", BY_HAND, str(back))
        rows = answer.json()["created"] + answer.json()["followed_up"]
        self.tally.settled[f"carried to {BY_HAND} in {self.rounds} files"] += rows

    async def _download(self) -> None:
        """Their own export: complaints made there, and how ours go on."""
        async with self.stand.control() as control:
            csv = (await control.post(f"/play/{BY_HAND}/download", json={})).json()["csv"]
        export = self.stand.folder / f"ekspor-{self.rounds}.csv"
        export.write_text(csv, encoding="utf-8")
        await self.stand.command("import", BY_HAND, str(export))
        self.tally.settled["their exports read in"] += 1
