"""Automatic messages that a customer opted out of one by one; apps that store the choice declare it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class Withheld(Feature):
    """Templates that rules may not send to a customer who declined them. `why`: the reason; blank: may be sent."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    templates: frozenset[str]
    why: Callable[[Job, str], str]


def refuse_withheld(template: str, job: Job | None) -> None:
    """Raise Refused with the reason if the customer of a job declined a template."""
    for entry in features.of(Withheld):
        if job is not None and template in entry.templates and (why := entry.why(job, template)):
            raise Refused(why)
