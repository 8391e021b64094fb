"""CustomerQuestion: hook for the messaging app to tell if a customer can be asked about a time before it is booked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from crm.jobs.models import Job
from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class CustomerQuestion(Feature):
    """A way to ask the customer of a job."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    can_ask: Callable[[Job], bool]


def can_be_asked(job: Job) -> bool:
    """Return True if the customer of a job can be asked before a time is booked."""
    return any(entry.can_ask(job) for entry in features.of(CustomerQuestion))
