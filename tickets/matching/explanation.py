"""Why a message is on its ticket, in words: "why is this here"."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.matching.evidence import Evidence, Hint
from tickets.models import Entry

REASONS: dict[str, Promise] = {
    Evidence.REPLY_TOKEN: gettext_lazy("It was sent to the reply address of our mail."),
    Evidence.IN_REPLY_TO: gettext_lazy("It is a reply to a mail on this conversation."),
    Evidence.REFERENCES: gettext_lazy("It refers to an earlier mail on this conversation."),
    Evidence.MESSAGE_ID: gettext_lazy("It names a mail of ours, by an ID that we signed."),
    Evidence.ANSWERED: gettext_lazy("A mail on this conversation answers it."),
    Evidence.CALENDAR_UID: gettext_lazy("Its calendar entry is that of an earlier mail."),
    Evidence.BODY_MARKER: gettext_lazy("It quotes a mail of ours with our signed mark."),
    Evidence.REPLY_TO: gettext_lazy("It replies to a message on this conversation."),
    Evidence.SUBJECT_TAG: gettext_lazy("Its subject has this number, and the sender takes part."),
    Evidence.SAME_NUMBER: gettext_lazy("The last messages between their number and ours are here."),
    Evidence.OPEN_TICKET: gettext_lazy("It is the newest conversation of this person."),
    Evidence.WRITTEN: gettext_lazy("We wrote it to this customer."),
    Evidence.NEW: gettext_lazy("It began this conversation: it answers nothing we know."),
    Evidence.BY_HAND: gettext_lazy("A colleague put it here."),
}
HINTS = {
    Hint.TAG_OF_STRANGER: gettext_lazy("its subject has that number, but the sender doesn’t take part"),
    Hint.UNSIGNED_ID: gettext_lazy("it names a mail of the customer, but the sender doesn’t take part"),
    Hint.OTHER_SUBJECT: gettext_lazy("it is sent as a reply, but its subject is another and it quotes nothing"),
    Hint.SAME_SUBJECT: gettext_lazy("the same person wrote with the same subject"),
    Hint.OTHER_CHANNEL: gettext_lazy("the same person wrote or called there, and it has no mail yet"),
    Hint.READ_EARLIER: gettext_lazy("it answers a mail there that came later"),
}


def why_here(entry: Entry) -> str:
    """Return why a message is on its ticket, and what else is known of how it came there."""
    reason = REASONS.get(entry.matched_by)
    if reason is None:
        return ""
    told = entry.evidence
    said = [str(reason)]
    if told.get("continues"):
        said.append(_("#%(number)s was closed; this one goes on from it.") % {"number": told["continues"]})
    elif told.get("ended"):
        said.append(_("It was solved lately, so this goes on it."))
    if told.get("confirms"):
        said.append(_("It confirms the appointment, so it waits for no answer."))
    if told.get("asks_time"):
        said.append(_("It asks for another time for the appointment."))
    if told.get("also_to"):
        said.append(_("It also came to %(mailboxes)s.") % {"mailboxes": ", ".join(told["also_to"])})
    return " ".join(said)


def other_matter(entry: Entry) -> str:
    """Say that a message names another property of the customer's; "" where it does not."""
    told = entry.evidence.get("split")
    return _("It names %(street)s, another place of theirs.") % {"street": told["street"]} if told else ""


def possible_reply(entry: Entry) -> str:
    """Say of which ticket a message might be, and why only might; "" where nothing suggests one."""
    told = entry.evidence.get("possible")
    if not told:
        return ""
    why = HINTS[Hint(told["by"])]
    return _("Possible reply to #%(number)s: %(why)s.") % {"number": told["number"], "why": why}
