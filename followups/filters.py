"""The filters of follow-ups: due date, assignee, customer, type, priority, status, and when they were done."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.customer_visibility import visible_people
from crm.jobs.list.search import candidates
from crm.jobs.models import Priority
from crm.kernel.days import DayRange
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, Choice, colleagues, nobody
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, MemberFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.viewer import Viewer
from followups.models import FollowUpOutcome, FollowUpStatus
from followups.models.kind_setup import kinds
from followups.models.queryset import OPEN
from followups.models.reminder import Reminder
from followups.time_choices import Bounds

ALL = "all"
SEE_ALL = "followups.see_all"
# A status that is derived, not stored: open, and its time has passed.
LATE = "missed"
ON_TIME = "on_time"


class _AnyMemberFilter(MemberFilter):
    """Filter by member; links may name every one, those who have left, too."""

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        field: Any = super().operand(test, viewer)
        if allows(viewer.member, SEE_ALL):
            field.values |= {str(member.uid) for member in directory().members.values()}
        return field

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        names = {str(member.uid): member.name for member in directory().members.values()}
        return names.get(value) or super().value_words(test, value, viewer)


class _AssigneeFilter(_AnyMemberFilter):
    """Filter by member; defaults to the member's own follow-ups."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if value == ALL:
            return Q()
        return super().condition(test, value, viewer)


def _member_choices(member: Member) -> list[Choice]:
    """List all members for those who see everything; for a rep only the rep."""
    if not allows(member, SEE_ALL):
        return []
    if not member.pk:
        # A rule asks for the organization, which is nobody in particular.
        return [nobody(), *colleagues(member)]
    return [Choice(ALL, _("everybody")), Choice(ME, member.name), nobody(), *colleagues(member)]


def _time_choices(member: Member) -> list[Choice]:
    return [Choice("overdue", _("overdue")), Choice("today", _("today")), Choice("week", _("this week"))]


def _time_condition(value: str, viewer: Viewer) -> Q:
    bounds = Bounds.of(viewer.reader)
    if value == "overdue":
        return Q(status__in=OPEN, sort_at__lt=bounds.now)
    if value == "today":
        end = bounds.day_end
    else:
        end = bounds.week_end
    return Q(sort_at__gte=bounds.now, sort_at__lt=end)


def _kind_choices(member: Member) -> list[Choice]:
    """List the types, archived ones last, as old follow-ups may still have them."""
    kind_setup = kinds()
    live = [kind.code for kind in kind_setup.live]
    return [Choice(code, kind_setup.of(code).label) for code in dict.fromkeys([*live, *kind_setup.all])]


def _priority_choices(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in Priority.choices]


def _status_choices(member: Member) -> list[Choice]:
    """List the stored statuses and the derived one. Rule: docs/rules.md#k8."""
    stored = [Choice(str(value), str(label)) for value, label in FollowUpStatus.choices]
    return [*stored[:2], Choice(LATE, _("Missed")), *stored[2:]]


def _status_condition(value: str, viewer: Viewer) -> Q:
    if value == LATE:
        return Q(status__in=OPEN, sort_at__lt=viewer.reader.now)
    return Q(status=value)


def _timing_choices(member: Member) -> list[Choice]:
    return [Choice(ON_TIME, _("done on time")), Choice("late", _("done late"))]


def _timing_condition(value: str, viewer: Viewer) -> Q:
    done = Q(status=FollowUpStatus.COMPLETED)
    if value == ON_TIME:
        return done & on_time()
    return done & ~on_time()


def on_time() -> Q:
    """Return the condition of completed follow-ups that were done in time and never missed."""
    return Q(missed_at__isnull=True, completed_at__lte=F("sort_at"))


def _outcome_choices(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in FollowUpOutcome.choices]


# The days of the figures of adoption, with today; the whole weeks that a typical week is taken from.
RECENT_DAYS = 7
TYPICAL_WEEKS = 8


def recent_days(today: date) -> DayRange:
    """Return the last seven days, with today."""
    return DayRange.up_to(today, RECENT_DAYS)


def typical_days(today: date) -> DayRange:
    """Return the eight weeks before today."""
    return DayRange.up_to(today - timedelta(days=1), TYPICAL_WEEKS * 7)


def _reminder_choices(member: Member) -> list[Choice]:
    return [
        Choice("delivered", _("delivered in the last 7 days")),
        Choice("failed", _("not delivered in the last 7 days")),
    ]


def _reminder_condition(value: str, viewer: Viewer) -> Q:
    since = viewer.midnight(recent_days(viewer.reader.today).first)
    if value == "failed":
        return failure_condition(viewer.reader.now, since)
    return delivery_condition(since)


def delivery_condition(since: Any) -> Q:
    """Return the condition of follow-ups of which a reminder was delivered since an instant."""
    return Q(pk__in=Reminder.objects.delivered(since).order_by().values("follow_up_id"))


def failure_condition(now: Any, since: Any) -> Q:
    """Return the condition of follow-ups of which a reminder failed since an instant, and none was delivered."""
    failed = Reminder.objects.filter(follow_up_id=OuterRef("pk")).undelivered(since, now).order_by()
    return Q(Exists(failed)) & ~delivery_condition(since)


def _weekday_choices(member: Member) -> list[Choice]:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return [Choice(str(nth), name) for nth, name in enumerate(names)]


def _planned_on_weekday(value: str, viewer: Viewer) -> Q:
    """Return the condition of follow-ups planned on this weekday of the last eight weeks, by the reader's days."""
    condition = Q(pk=None)
    for day in typical_days(viewer.reader.today):
        if day.weekday() == int(value):
            condition |= Q(
                created_at__gte=viewer.midnight(day), created_at__lt=viewer.midnight(day + timedelta(days=1))
            )
    return condition


class CustomerFilter(TextFilter):
    """Filter by customer: by the public id in a link, or by name, phone, email or address as typed."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        uid = _uid_in(value)
        if uid:
            return Q(person_id__in=visible_people(viewer.member).filter(uid=uid).order_by().values("pk"))
        return Q(person_id__in=candidates(value, by=viewer.member).people)

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        uid = _uid_in(value)
        if uid is None:
            return value
        person: Person | None = visible_people(viewer.member).filter(uid=uid).first()
        if person is None:
            return _("unknown")
        return str(person.name)


def _uid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class FollowUpFilters(FilterSet):
    """Filters of follow-ups, in the filter builder's order."""

    when = ChoiceFilter(gettext_lazy("When"), choices=_time_choices, q=_time_condition)
    who = _AssigneeFilter(gettext_lazy("Who"), "assignee", choices=_member_choices)
    kind = ChoiceFilter(gettext_lazy("Type"), choices=_kind_choices)
    priority = ChoiceFilter(gettext_lazy("Priority"), choices=_priority_choices)
    status = ChoiceFilter(gettext_lazy("Status"), choices=_status_choices, q=_status_condition)
    customer = CustomerFilter(gettext_lazy("Customer"))
    due = DateFilter(gettext_lazy("Due"), "due_at")
    done = DateFilter(gettext_lazy("Completed"), "completed_at")
    timing = ChoiceFilter(gettext_lazy("Timing"), choices=_timing_choices, q=_timing_condition)
    outcome = ChoiceFilter(gettext_lazy("Outcome"), "outcome", choices=_outcome_choices)
    created = DateFilter(gettext_lazy("Planned on"), "created_at")
    planner = _AnyMemberFilter(gettext_lazy("Planned by"), "created_by", others=SEE_ALL)
    weekday = ChoiceFilter(
        gettext_lazy("Planned in the last eight weeks on a"), choices=_weekday_choices, q=_planned_on_weekday
    )
    reminder = ChoiceFilter(gettext_lazy("Reminder"), choices=_reminder_choices, q=_reminder_condition)
    subject = TextFilter(gettext_lazy("Subject"))
    q = TextFilter(gettext_lazy("What, or who: name, phone, email, address"), alone=True, chip=gettext_lazy("Text"))
