"""The six outcomes of a call on the call list, and what each does with the follow-up."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.jobs.models import ContactOutcome
from crm.web.reader import Reader
from followups.models import FollowUpOutcome

# Who did not answer is called again so much later, but not in the evening.
AGAIN = timedelta(hours=2)
LAST_HOUR = 18


class CallOutcome(NamedTuple):
    """An outcome: how the follow-up ends, the contact that is recorded, and whether the customer is called again."""

    code: str
    label: str | Promise
    icon: str
    ends_as: str
    contact: str = ""
    calls_again: bool = False
    # The member says when to call again; else it is proposed.
    asks_when: bool = False
    # What is added to the note, where the outcome says more than the follow-up's.
    words: str | Promise = ""


_END = FollowUpOutcome
OUTCOMES = {
    outcome.code: outcome
    for outcome in (
        CallOutcome("reached", pgettext_lazy("call", "Reached"), "check", _END.SUCCESSFUL, ContactOutcome.REACHED),
        CallOutcome(
            "no_answer", _("No answer"), "phone-off", _END.NO_ANSWER, ContactOutcome.NO_ANSWER, calls_again=True
        ),
        CallOutcome(
            "message_left",
            _("Left a message"),
            "sticky-note",
            _END.NO_ANSWER,
            ContactOutcome.MESSAGE_LEFT,
            calls_again=True,
            words=_("Left a message."),
        ),
        CallOutcome(
            "later", _("Call me later"), "clock", _END.RESCHEDULED, ContactOutcome.REACHED, True, asks_when=True
        ),
        CallOutcome("wrong_number", _("Wrong number"), "ban", _END.NO_ANSWER, words=_("Wrong number.")),
        CallOutcome("not_needed", _("Not needed"), "x", _END.NOT_NEEDED),
    )
}


def next_try(outcome: CallOutcome, reader: Reader) -> datetime | None:
    """Return when the customer is called again if the member names no time; None: they are not called again.

    Nobody answered: in two hours, or the next day at the same time if that is the evening. A message was left: the
    next day, as the customer may call back.
    """
    if not outcome.calls_again or outcome.asks_when:
        return None
    soon = reader.now.replace(second=0, microsecond=0) + AGAIN
    local = soon.astimezone(reader.zone)
    is_evening = local.hour >= LAST_HOUR or local.date() > reader.today
    if outcome.code == "message_left" or is_evening:
        return reader.now.astimezone(reader.zone).replace(second=0, microsecond=0) + timedelta(days=1)
    return soon
