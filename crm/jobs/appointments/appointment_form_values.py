"""Parse the forms of appointments: members, duration, an offered free time, and the lead."""

import re
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.models.appointments.appointment_type import has_length
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

_NUMBER = re.compile(r"[0-9]{1,9}")


def members_in(post: QueryDict) -> list[Member]:
    """Return the selected members. Raises Refused if none is selected."""
    chosen = set(post.getlist("member"))
    members = [one for one in directory().members.values() if str(one.uid) in chosen]
    if not members:
        raise Refused(_("Choose who comes."))
    return members


def minutes_in(post: QueryDict) -> int:
    """Return the duration in minutes. Raises Refused if it is missing."""
    minutes = read_number(post.get("minutes")) or 0
    if not has_length(minutes):
        raise Refused(_("It takes from five minutes to twelve hours."))
    return minutes


def chosen_slot(value: str) -> tuple[datetime, Member] | None:
    """Return the instant and the member of the chosen free time; None if none was chosen."""
    at, _blank, uid = value[:80].partition(" ")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    member = next((one for one in directory().members.values() if str(one.uid) == uid), None)
    if member and instant.tzinfo:
        return (instant, member)
    return None


def job_in(text: str, member: Member) -> Job:
    """Return the open lead found by its number or customer name. Raises Refused for none or several."""
    tidy = " ".join(text[:200].replace("\0", "").split())
    rows = Job.objects.visible_to(member).open().select_related("brand", "site", "person")
    if numbered := _NUMBER.match(tidy):
        job: Job | None = rows.filter(number=int(numbered[0])).first()
        if job:
            return job
    named: list[Job] = []
    if tidy:
        named = list(rows.filter(title__icontains=tidy)[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise Refused(_("Several leads have that name: enter the lead’s number."))
    raise Refused(_("Choose the lead it is for, by its number or its customer."))
