"""End a job as lost or dropped, for a reason of the settings, with what that reason asks for."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from api.resources.named_setup import find_named
from crm.jobs.losses.closing_reason import Incomplete, end, read
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job
from crm.jobs.models.losses import Asks, Ends, LostReason
from crm.kernel.refusal import Refused
from crm.platform.models import Member

# Which reasons ask for a part of the body, and what the part is in a ClosingReason.
_ASKING = {
    "note": (Asks.RIVAL, Asks.NOTE, Asks.WORDS),
    "gap": (Asks.GAP,),
    "offered_on": (Asks.DAYS,),
    "wanted_on": (Asks.DAYS,),
}
_DETAILS = {"gap": "gap", "offered_on": "offered", "wanted_on": "wanted"}


def expect_open(job: Job, *, unless: str = "") -> None:
    """Raise Refused for a job that has ended, unless in this state."""
    if not job.is_open and job.state != unless:
        raise Refused(_("It is closed. Reopen it first."))


def end_job(job: Job, ends: Ends, values: dict[str, Any], *, by: Member) -> None:
    """End a locked job for the reason of a body. Idempotent. Raises Refused, or Problem (409) for an unknown reason."""
    expect_open(job, unless=ends)
    groups = lost_reasons().live_groups(ends)
    top = find_named([reason for reason, _parts in groups], values["reason"], "/reason")
    parts = next(parts for reason, parts in groups if reason is top)
    details = {"reason": top.code, "note": values.get("note", "")}
    if "part" in values:
        details["part"] = find_named(parts, values["part"], "/part").code
    _expect_asked(top, values)
    try:
        reason = read(ends, details, job)
    except Incomplete as why:
        raise conflict_at(f"/{why.field}", str(why)) from None
    details = {column: values[name] for name, column in _DETAILS.items() if name in values}
    end(job, replace(reason, **details), by=by)


def _expect_asked(reason: LostReason, values: dict[str, Any]) -> None:
    """Raise Problem (409) for a detail that the reason does not ask for: it would be lost."""
    for name, asks in _ASKING.items():
        if name in values and reason.asks not in asks:
            raise conflict_at(f"/{name}", _("“%(name)s” does not ask for this.") % {"name": reason.name})
