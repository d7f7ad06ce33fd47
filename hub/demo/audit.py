"""The check after the day, from the outside: the imitations' journal against the hub's public API."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from hub.demo.processes import Stand

FINAL = {"closed", "archived", "referred"}
TELLS_CITIZENS = {"whatsapp"}
# What mappings/routes.toml is expected to do, written down once more by somebody who does not read it.
STAYS_HERE = {"darurat", "sudah di kanal nasional atau provinsi"}
GOES_TO = {"jalan provinsi": "laporgub", "jalan nasional": "sp4n", "aduan biasa": "sp4n"}


@dataclass(slots=True)
class Audit:
    """`said` complaints by citizens; of them `in_step`; what was lost or doubled, each as a sentence."""

    said: int = 0
    in_step: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    journeys: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether every promise held."""
        whole = self.said > 0 and self.in_step == self.said
        return whole and not (self.lost or self.doubled or self.apart)

    def sentence(self) -> str:
        """The last line of the demo."""
        return f"{self.in_step} of {self.said} in step, {len(self.lost)} lost, {len(self.doubled)} doubled"

    def so_far(self) -> str:
        """The same while the day is still going on: what is not there yet is not lost."""
        return f"{self.in_step} of {self.said} in step, {len(self.doubled)} doubled"


async def audit(stand: Stand) -> Audit:
    """Read both sides and compare."""
    async with stand.control() as control, stand.api() as api:
        journal = (await control.get("/control/journal")).json()
        complaints = [
            (await api.get(f"/api/v1/complaints/{ticket}")).json() for ticket in await tickets(api)
        ]
    return compare(journal, complaints)


async def tickets(api: httpx.AsyncClient) -> list[str]:
    """All tickets there are, page by page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = (
            await api.get("/api/v1/complaints", params={"cursor": cursor} if cursor else {})
        ).json()
        found += [line["ticket"] for line in page["complaints"]]
        cursor = page["cursor"]
        if not cursor:
            return found


def compare(journal: Iterable[Mapping[str, Any]], complaints: Iterable[dict[str, Any]]) -> Audit:
    """Compare what happened there with what the hub says.

    Lost: said and in no complaint, not filed, or the citizen was not told. Doubled: filed, followed
    up or told twice.
    """
    result = Audit()
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in journal:
        by_kind[event["kind"]].append(event["facts"] | {"imitation": event["imitation"]})
    result.faults.update(facts["fault"] for facts in by_kind["fault"])
    result.journeys = sorted(complaints, key=lambda complaint: str(complaint["ticket"]))
    _check_complaints(result, by_kind)
    _check_twice(result, by_kind)
    return result


def _check_complaints(result: Audit, by_kind: Mapping[str, list[Mapping[str, Any]]]) -> None:
    by_message = {
        (report["connector"], _end_of(report["external_id"])): complaint
        for complaint in result.journeys
        for report in complaint["reports"]
    }
    filed = {str(facts["marker"]): facts for facts in by_kind["filed"] if facts.get("marker")}
    last_there = {
        (facts["imitation"], str(facts["external_id"])): facts["status"]
        for facts in by_kind["moved"]
    }
    told: dict[str, list[str]] = defaultdict(list)
    for facts in by_kind["told"]:
        told[str(facts["conversation"])].append(str(facts["text"]))
    complaints_said: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for facts in by_kind["said"]:
        if facts.get("complaint"):
            complaints_said[str(facts["complaint"])].append(facts)
    result.said = len(complaints_said)
    for name, messages in complaints_said.items():
        problem = _problem_of(messages, by_message=by_message, filed=filed, told=told)
        if problem:
            result.lost.append(f"{name}: {problem}")
            continue
        complaint = by_message[_key_of(messages[0])]
        reason = _why_apart(complaint, last_there)
        if reason:
            result.apart.append(f"{name} ({complaint['ticket']}): {reason}")
        else:
            result.in_step += 1


def _end_of(message: object) -> str:
    # The API shows no more of a message id: whole ids of some channels spell the sender's number.
    return str(message)[-8:]


def _key_of(said: Mapping[str, Any]) -> tuple[str, str]:
    return said["imitation"], _end_of(said["message"])


def _problem_of(
    messages: list[Mapping[str, Any]],
    *,
    by_message: Mapping[tuple[str, str], dict[str, Any]],
    filed: Mapping[str, Mapping[str, Any]],
    told: Mapping[str, list[str]],
) -> str | None:
    missing = [m["message"] for m in messages if _key_of(m) not in by_message]
    if missing:
        return f"{len(missing)} of {len(messages)} messages are in no complaint"
    tickets_found = {by_message[_key_of(m)]["ticket"] for m in messages}
    if len(tickets_found) > 1:
        return f"one thing said became {len(tickets_found)} complaints"
    ticket = tickets_found.pop()
    if problem := _wrongly_filed(by_message[_key_of(messages[0])], filed=filed):
        return problem
    if messages[0]["imitation"] not in TELLS_CITIZENS:
        return None
    heard = told[str(messages[0]["conversation"])]
    if not any(ticket in text for text in heard):
        return f"the citizen never heard of {ticket}"
    return None


def _wrongly_filed(
    complaint: Mapping[str, Any], *, filed: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """Filed where its route says, and nowhere where it says so."""
    ticket, route = complaint["ticket"], complaint["routed_by"]
    if route in STAYS_HERE:
        return f"{ticket} was filed upstream against «{route}»" if ticket in filed else None
    if ticket not in filed:
        return f"{ticket} was never filed upstream"
    wanted, there = GOES_TO[route], filed[ticket]["imitation"]
    return None if there == wanted else f"{ticket} was filed at {there}, not at {wanted}"


def _why_apart(complaint: dict[str, Any], last_there: Mapping[tuple[str, str], str]) -> str | None:
    for source in complaint["sources"]:
        if not source["in_step"]:
            return f"{source['connector']} is not in step"
        key = (source["connector"], str(source["external_id"]))
        if key in last_there and source["their_status"] != last_there[key]:
            return (
                f"{source['connector']} says {last_there[key]!r}, the hub last read "
                f"{source['their_status']!r}"
            )
    files = [file for report in complaint["reports"] for file in report["attachments"]]
    if missing := [file["state"] for file in files if file["state"] != "stored"]:
        return f"{len(missing)} of {len(files)} attachments did not come ({missing[0]})"
    if complaint["status"] not in FINAL:
        return f"still {complaint['status']}"
    return None


def _check_twice(result: Audit, by_kind: Mapping[str, list[Mapping[str, Any]]]) -> None:
    for kind in ("filed", "followed_up", "told"):
        seen = Counter(
            (facts["imitation"], str(facts["marker"]))
            for facts in by_kind[kind]
            if facts.get("marker")
        )
        result.doubled += [
            f"{kind} {count} times at {where}: {marker}"
            for (where, marker), count in seen.items()
            if count > 1
        ]
    said_twice = Counter((facts["conversation"], facts["text"]) for facts in by_kind["told"])
    result.doubled += [
        f"told twice in one conversation: {text[:60]!r}"
        for (_, text), count in said_twice.items()
        if count > 1 and "PKL-" in str(text)
    ]
