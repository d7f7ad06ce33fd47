"""What Prometheus reads. Each app has its own registry, so that two in one process do not mix."""

from collections.abc import Collection
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from hub.store.desk import Agreement, ConnectorHealth


class Metrics:
    """Counters that live as long as the process, gauges filled from the database when asked."""

    def __init__(self, connectors: Collection[str]) -> None:
        self._connectors = connectors
        self.registry = CollectorRegistry()
        self._webhooks = Counter(
            "simpul_webhook_answers",
            "Webhook calls by answer",
            ["connector", "status"],
            registry=self.registry,
        )
        self._waiting = self._gauge("waiting", "Parcels promised and not yet there")
        self._oldest = self._gauge("oldest_waiting_seconds", "Age of the oldest waiting parcel")
        self._to_carry = self._gauge("to_carry", "Parcels that people or files carry")
        self._oldest_to_carry = self._gauge(
            "oldest_to_carry_seconds", "Age of the oldest parcel to carry"
        )
        self._doubt = self._gauge("in_doubt", "Parcels whose outcome is unknown")
        self._parked = self._gauge("parked", "Parcels given up, waiting for a person")
        self._paused = self._gauge("paused", "1 while nothing is pushed")
        self._unreadable = self._gauge("unreadable", "Things received that could not be read")
        self._cards = Gauge("simpul_cards_open", "Open cards", registry=self.registry)
        self._sources = Gauge("simpul_sources", "Sources known", registry=self.registry)
        self._agreeing = Gauge("simpul_sources_in_step", "In step", registry=self.registry)

    def answered(self, connector: str, status: int) -> None:
        """Count a webhook answer. Unknown names share a label: strangers may not invent series."""
        name = connector if connector in self._connectors else "unknown"
        self._webhooks.labels(name, str(status)).inc()

    def show(
        self,
        health: Collection[ConnectorHealth],
        agreement: Agreement,
        *,
        cards: int,
        now: datetime,
    ) -> bytes:
        """Fill the gauges and write everything in Prometheus' text format."""
        for row in health:
            self._waiting.labels(row.connector).set(row.waiting)
            self._oldest.labels(row.connector).set(_age(row.oldest_waiting, now))
            self._to_carry.labels(row.connector).set(row.to_carry)
            self._oldest_to_carry.labels(row.connector).set(_age(row.oldest_to_carry, now))
            self._doubt.labels(row.connector).set(row.in_doubt)
            self._parked.labels(row.connector).set(row.parked)
            self._paused.labels(row.connector).set(row.paused)
            self._unreadable.labels(row.connector).set(row.unreadable)
        self._cards.set(cards)
        self._sources.set(agreement.total)
        self._agreeing.set(agreement.agreeing)
        return generate_latest(self.registry)

    def _gauge(self, name: str, says: str) -> Gauge:
        return Gauge(f"simpul_{name}", says, ["connector"], registry=self.registry)


def _age(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0
