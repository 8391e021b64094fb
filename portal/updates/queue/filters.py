"""Filters of updates: state, outcome, owner, and when they were due or sent."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Medium, Message
from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter, MemberFilter, RecordFilter
from crm.web.lists.conditions.filters import FilterSet
from portal.models import CustomerUpdate

# Of messages and calls of the customer, those so long before or after an update are counted.
AROUND = timedelta(days=3)
ARRIVED = ("delivered", "opened", "clicked")


def _state_choices(member: Member) -> list[Choice]:
    return [Choice(str(state), str(label)) for state, label in CustomerUpdate.State.choices]


def _kind_choices(member: Member) -> list[Choice]:
    return [Choice(str(kind), str(label)) for kind, label in CustomerUpdate.Kind.choices]


def _medium_choices(member: Member) -> list[Choice]:
    return [Choice(medium.value, str(medium.label)) for medium in (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)]


def asked_around(days: str, now: datetime) -> Q:
    """Filter updates whose customer wrote or called about the job within the days "before" or "after".

    Those sent in the last days are left out: what comes after them is not over yet.
    """
    measured = Q(state=CustomerUpdate.State.SENT, sent_at__lte=now - AROUND)
    theirs = Message.objects.answers().filter(job_id=OuterRef("job_id")).order_by()
    if days == "before":
        return measured & Q(Exists(theirs.filter(at__gte=OuterRef("sent_at") - AROUND, at__lt=OuterRef("sent_at"))))
    return measured & Q(Exists(theirs.filter(at__gt=OuterRef("sent_at"), at__lte=OuterRef("sent_at") + AROUND)))


def _question_choices(member: Member) -> list[Choice]:
    return [
        Choice("before", _("in the three days before it was sent")),
        Choice("after", _("in the three days after it was sent")),
    ]


def _flag_filter(label: Any, yes: Any, condition: Q) -> FlagFilter:
    return FlagFilter(label, yes=yes, q=lambda value, viewer: condition)


class UpdateFilters(FilterSet):
    """Filters of updates, in the filter builder's order."""

    state = ChoiceFilter(gettext_lazy("State"), choices=_state_choices)
    missed = _flag_filter(gettext_lazy("Missed"), gettext_lazy("its day was over"), Q(missed_at__isnull=False))
    delivered = _flag_filter(gettext_lazy("Delivered"), gettext_lazy("it arrived"), Q(message__delivery__in=ARRIVED))
    seen = _flag_filter(gettext_lazy("Seen"), gettext_lazy("they looked at it"), Q(seen_at__isnull=False))
    answered = _flag_filter(gettext_lazy("Answered"), gettext_lazy("they answered it"), Q(answered_at__isnull=False))
    unseen = _flag_filter(gettext_lazy("Another channel"), gettext_lazy("is proposed"), ~Q(proposed_medium=""))
    bad = _flag_filter(gettext_lazy("Bad news"), gettext_lazy("is in it"), ~Q(negatives=[]))
    asked = ChoiceFilter(
        gettext_lazy("They asked"),
        choices=_question_choices,
        q=lambda value, viewer: asked_around(value, viewer.reader.now),
    )
    who = MemberFilter(gettext_lazy("Whose"), "member", others="jobs.see_all")
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    kind = ChoiceFilter(gettext_lazy("Kind"), choices=_kind_choices)
    medium = ChoiceFilter(gettext_lazy("Channel"), choices=_medium_choices)
    due = DateFilter(gettext_lazy("Due"), "due_at")
    sent = DateFilter(gettext_lazy("Sent"), "sent_at")


def job_title(update: CustomerUpdate) -> str:
    """Return the title of a job: customer and place."""
    job: Job = update.job
    return " · ".join(filter(None, [job.title, job.site.street if job.site else job.place]))
