"""Template context of the form of a follow-up: choices of its fields, its rule and its details."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Priority
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.details.detail_fields import detail_context, proposed_rows
from followups.models import CustomerAct, HolidayPolicy
from followups.quick_entry.moment import OPENING
from followups.recurrence.form import ENDS, MONTHLY, REPEATS, SeriesForm, blank_choices
from followups.reminders.fields import ReminderField
from libs.recurrence import WEEKDAYS


def posted_choices(post: QueryDict) -> dict[str, Any]:
    """Return what was typed, for a form that is shown again."""
    return {name: post.get(name, "") for name in SeriesForm.base_fields} | {
        "weekdays": post.getlist("weekdays"),
        "limit_day": post.get("limit_day", ""),
    }


def plan_choices(fields: QueryDict, reader: Reader) -> dict[str, Any]:
    """Return the posted values of the plan form, or those that a link fills in; blank ones without a repetition."""
    choices = blank_choices(reader.today + timedelta(days=1), OPENING, reader.zone.key)
    # Without a weekday the rule has that of the first day.
    choices |= {"repeat": "never", "kind": "", "day": "", "clock": "", "priority": "", "weekdays": []}
    return choices | {name: value for name, value in posted_choices(fields).items() if name in fields}


def field_context(choices: Mapping[str, Any], reader: Reader, job: Job | None) -> dict[str, Any]:
    """Return the options of the fields and of the rule."""
    return {
        "choices": choices,
        "members": [row for row in directory().members.values() if row.active],
        "priorities": Priority.choices,
        "acts": CustomerAct.choices,
        "repeats": REPEATS,
        "weekday_choices": [(code, str(WEEKDAYS_ABBR[day])[:2].title()) for day, code in enumerate(WEEKDAYS)],
        "monthly": MONTHLY,
        "ends": [choice for choice in ENDS if choice[0] != "job" or job],
        "holiday_choices": HolidayPolicy.choices,
        "zones": _list_zones(reader, choices["zone"]),
    }


def reminder_context(
    choices: Mapping[str, Any], member: Member, job: Job | None, *, rows: list[ReminderField] | None, has_customer: bool
) -> dict[str, Any]:
    """Return what the fields of the details show. `rows`: the reminders; None: those proposed for type and member."""
    kind = choices["kind"]
    assignee_id = assignee_of(choices["assignee"], member, job)
    if rows is None:
        rows = proposed_rows(assignee_id, kind, has_customer=has_customer)
    context = detail_context(
        rows,
        member_id=assignee_id,
        kind=kind,
        minutes=choices["minutes"],
        meeting=choices["meeting"],
        has_customer=has_customer,
    )
    return context | {"has_customer": has_customer}


def assignee_of(uid: str, member: Member, job: Job | None) -> int:
    """Return who will do it: the chosen member, else the lead's owner, else who plans it."""
    chosen = next((row.pk for row in directory().members.values() if str(row.uid) == uid), None)
    return chosen or (job and job.member_id) or member.pk


def who_else(member: Member, job: Job | None) -> str:
    """Return the name of the default assignee."""
    if job and job.member_id:
        return _("owner of the lead")
    return member.name


def _list_zones(reader: Reader, chosen: str) -> list[tuple[str, str]]:
    """Return the zones to choose from: the organization's, its calendars', the reader's, and the chosen one."""
    organization = directory()
    keys = [organization.zone.key, *(hours.zone.key for hours in organization.calendars.values()), reader.zone.key]
    if chosen and chosen not in keys:
        with suppress(KeyError, ValueError, OSError):
            keys.append(ZoneInfo(chosen).key)
    return [(key, key.rpartition("/")[2].replace("_", " ")) for key in dict.fromkeys(keys)]
