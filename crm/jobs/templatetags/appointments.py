"""Template tags of the calendar: times in the reader's format, classes of appointments, URLs of days and free times."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.jobs.appointments.days.calendar_query import CalendarQuery
from crm.jobs.appointments.days.lanes import LaneBar
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

register = template.Library()


def _page_reader(context: Any) -> Reader:
    """Return the page's reader, created once."""
    if "own_reader" not in context.render_context:
        context.render_context["own_reader"] = Reader.of(context["request"].member, clock.now())
    reader: Reader = context.render_context["own_reader"]
    return reader


@register.simple_tag(takes_context=True)
def own_time(context: Any, at: datetime) -> str:
    """Format a time of day in the reader's zone and format."""
    return _page_reader(context).time(at)


@register.simple_tag(takes_context=True)
def own_date(context: Any, day: date) -> str:
    """Format a day with its weekday."""
    return _page_reader(context).date(day)


@register.simple_tag
def day_query(asked: CalendarQuery, day: date) -> str:
    """Return the query string of one day of the same calendar."""
    return asked.query(view="day", day=day.isoformat())


@register.simple_tag
def free_query(member: Member, at: datetime, asked: CalendarQuery) -> str:
    """Return the query string that books a free time of a member."""
    parameters = {"member": str(member.uid), "at": at.isoformat(), "type": asked.type_id}
    return urlencode({name: value for name, value in parameters.items() if value})


@register.simple_tag(takes_context=True)
def moves(context: Any, row: Appointment, member: Member | None = None) -> SafeString:
    """Return the data attributes that let the calendar move an appointment; "" if it cannot be moved."""
    if not row.is_live or row.starts_at <= _page_reader(context).now:
        return SafeString("")
    all_members = directory().members
    members = " ".join(str(all_members[pk].uid) for pk in row.member_ids if pk in all_members)
    facts = {
        "moves": reverse("calendar:reschedule", args=[context["request"].tenant.slug, row.uid]),
        "version": row.version,
        "starts": row.starts_at.isoformat(),
        "zone": row.time_zone,
        "minutes": row.minutes,
        "members": members,
        "member": member.uid if member else "",
    }
    attributes = format_html_join("", ' data-{}="{}"', facts.items())
    return format_html('draggable="false" aria-describedby="move-hint"{}', attributes)


@register.simple_tag
def bar_words(bar: LaneBar, day: date) -> str:
    """Describe a crew's work on a day: "New roof on, day 2 of 3"."""
    values = {"part": bar.parts.get(day, ""), "number": bar.numbers.get(day, 0), "days": bar.days}
    if bar.record is None:
        return bar.title
    if not values["part"]:
        return _("Day %(number)s of %(days)s") % values
    return _("%(part)s, day %(number)s of %(days)s") % values


@register.simple_tag
def closing(closings: Mapping[date, str], day: date) -> str:
    """Return the name of the holiday on a day; blank for none."""
    return closings.get(day, "")


@register.simple_tag
def slot_class(row: Appointment, picked: Any = None) -> str:
    """Return the classes of an appointment in the calendar."""
    if row.state in ("done", "no_show", "cancelled"):
        css = "is-done"
    elif row.minutes >= 4 * 60:
        css = "is-job is-unsure"
        if row.is_confirmed:
            css = "is-job"
    else:
        css = "is-unsure"
        if row.is_confirmed:
            css = ""
    if picked and picked.pk == row.pk:
        return f"{css} is-picked"
    return css
