"""A complaint as domain tests need it."""

from hub.domain.complaint import Complaint
from hub.domain.status import Status
from tests.fakes.clock import A_MORNING


def lamp_complaint(status: Status = Status.RECEIVED) -> Complaint:
    """A street lamp is broken; its status is known since `A_MORNING`."""
    return Complaint(
        id=1, ticket="PKL-2026-000001", title="Lampu mati", text="Lampu mati sejak kemarin",
        said_at=A_MORNING, status=status, status_at=A_MORNING, status_from="whatsapp",
    )  # fmt: skip
