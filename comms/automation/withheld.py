"""What customers asked not to be sent one by one: apps that know what they chose say it, and no rule sends it then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class Withheld(Feature):
    """Templates that rules may not send about a job whose customer wants it otherwise. `why`: in words; blank: sent."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    templates: frozenset[str]
    why: Callable[[Job, str], str]


def refuse_withheld(template: str, job: Job | None) -> None:
    """Raise Refused with the reason where the customer of a job wants a template not to be sent by itself."""
    for entry in features.of(Withheld):
        if job is not None and template in entry.templates and (why := entry.why(job, template)):
            raise Refused(why)
