"""Condition of leads: the customer has not written since the lead entered its step, was quoted, or we last wrote."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Direction, Message
from crm.automation.jobs.step_choices import QUOTED, stage_ids
from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import StageVisit
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer

SINCE_STEP = "step"
SINCE_QUOTE = "quote"
SINCE_MESSAGE = "message"
_OURS = Q(direction=Direction.OUT, state=Message.State.SENT)


def _silence_choices(member: Member) -> list[Choice]:
    return [
        Choice(SINCE_STEP, _("it reached its step")),
        Choice(SINCE_QUOTE, _("it was quoted")),
        Choice(SINCE_MESSAGE, _("our last message")),
    ]


def silent_since(value: str, viewer: Viewer) -> Q:
    """Return the condition of a choice: no message from the customer after that instant."""
    # A message on another of their jobs counts too.
    theirs = Message.objects.answers().order_by()
    if value == SINCE_STEP:
        return ~Q(Exists(theirs.filter(person_id=OuterRef("person_id"), at__gt=OuterRef("entered_at"))))
    if value == SINCE_QUOTE:
        quotes = StageVisit.objects.filter(job_id=OuterRef("pk"), stage_id__in=stage_ids(QUOTED)).order_by()
        # Without a join: each policed table is a subquery of its own.
        later = theirs.filter(person_id=OuterRef(OuterRef("person_id")), at__gt=OuterRef("entered_at"))
        return Q(Exists(quotes.filter(~Exists(later))))
    ours = Message.objects.filter(_OURS, person_id=OuterRef("person_id")).order_by()
    return Q(Exists(ours.filter(~Exists(theirs.filter(person_id=OuterRef("person_id"), at__gt=OuterRef("at"))))))


FILTER = AddedFilter(
    JobFilters,
    "silent",
    ChoiceFilter(gettext_lazy("Customer hasn’t replied since"), choices=_silence_choices, q=silent_since),
)
