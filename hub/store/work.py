"""One transaction and its repositories."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Topic
from hub.store.cards import SqlCards
from hub.store.complaints import SqlComplaints
from hub.store.conflicts import SqlConflicts
from hub.store.echoes import SqlEchoes
from hub.store.files import SqlFiles
from hub.store.hands import SqlHands
from hub.store.inbox import SqlInbox
from hub.store.looks import SqlLooks
from hub.store.matches import SqlMatches
from hub.store.outbox import SqlOutbox
from hub.store.people import SqlPeople
from hub.store.reports import SqlReports
from hub.store.rounds import SqlRounds
from hub.store.seal import Seal
from hub.store.tallies import SqlTallies
from hub.store.turns import SqlTurns
from hub.store.untold import SqlUntold
from hub.store.upstreams import SqlUpstreams


class SqlWork:
    """`hub.ports.Work` over one connection."""

    def __init__(
        self, connection: AsyncConnection, *, seal: Seal, prefix: str, new_id: Callable[[], str]
    ) -> None:
        self.connection = connection
        self.nudges: set[tuple[Topic, str]] = set()
        self.inbox = SqlInbox(connection, seal=seal, nudge=self.nudge)
        self.people = SqlPeople(connection, seal=seal)
        self.reports = SqlReports(connection)
        self.turns = SqlTurns(connection)
        self.files = SqlFiles(connection, nudge=self.nudge)
        self.complaints = SqlComplaints(connection, prefix=prefix)
        self.looks = SqlLooks(connection)
        self.rounds = SqlRounds(connection)
        self.untold = SqlUntold(connection)
        self.outbox = SqlOutbox(connection, new_id=new_id, nudge=self.nudge)
        self.hands = SqlHands(connection)
        self.tallies = SqlTallies(connection, seal=seal)
        self.matches = SqlMatches(connection)
        self.upstreams = SqlUpstreams(connection)
        self.cards = SqlCards(connection)
        self.conflicts = SqlConflicts(connection)
        self.echoes = SqlEchoes(connection)

    def nudge(self, topic: Topic, connector: str = "") -> None:
        """Have somebody look at `topic` right after the commit."""
        self.nudges.add((topic, connector))
