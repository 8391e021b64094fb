"""The next step of a lead that has just been opened, from a line in plain words: the app that plans says how.

`followups` registers it from `AppConfig.ready()`.
"""

from collections.abc import Callable

from crm.jobs.models import Job
from crm.platform.models import Member

# Plans what the line says and tells what was planned; nothing where it is not understood.
Planner = Callable[[Job, str, Member], str]
_planner: list[Planner] = []


def register(planner: Planner) -> None:
    """How a line becomes the next step of a lead."""
    _planner[:] = [planner]


def plan(job: Job, text: str, *, by: Member) -> str:
    """Plan the line for the lead; what was planned in words, or "" when nothing was."""
    return _planner[0](job, text, by) if _planner and text else ""
