"""Explain in words why a message is on its ticket."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.matching.evidence import Evidence, Hint
from tickets.models import Entry

REASONS: dict[str, Promise] = {
    Evidence.REPLY_TOKEN: gettext_lazy("It was sent to our reply address."),
    Evidence.IN_REPLY_TO: gettext_lazy("It replies to an email in this conversation."),
    Evidence.REFERENCES: gettext_lazy("It refers to an earlier email in this conversation."),
    Evidence.MESSAGE_ID: gettext_lazy("It contains the ID of an email we sent."),
    Evidence.ANSWERED: gettext_lazy("An email in this conversation replies to it."),
    Evidence.CALENDAR_UID: gettext_lazy("Its calendar entry is that of an earlier email."),
    Evidence.BODY_MARKER: gettext_lazy("It quotes an email we sent."),
    Evidence.REPLY_TO: gettext_lazy("It replies to a message in this conversation."),
    Evidence.SUBJECT_TAG: gettext_lazy("The subject contains this number, and the sender is a participant."),
    Evidence.SAME_NUMBER: gettext_lazy("The last messages between their number and ours are here."),
    Evidence.OPEN_TICKET: gettext_lazy("It is the newest conversation of this person."),
    Evidence.WRITTEN: gettext_lazy("We wrote it to this customer."),
    Evidence.NEW: gettext_lazy("It started this conversation: it is not a reply to an earlier message."),
    Evidence.BY_HAND: gettext_lazy("A colleague moved it here."),
}
HINTS = {
    Hint.TAG_OF_STRANGER: gettext_lazy("the subject contains that number, but the sender is not a participant"),
    Hint.UNSIGNED_ID: gettext_lazy("it refers to an email of the customer, but the sender is not a participant"),
    Hint.OTHER_SUBJECT: gettext_lazy("it was sent as a reply, but with another subject and no quote"),
    Hint.SAME_SUBJECT: gettext_lazy("the same person wrote with the same subject"),
    Hint.OTHER_CHANNEL: gettext_lazy("the same person wrote or called there, and there is no email yet"),
    Hint.READ_EARLIER: gettext_lazy("it replies to an email there that arrived later"),
}


def why_here(entry: Entry) -> str:
    """Return why a message is on its ticket, and other evidence."""
    reason = REASONS.get(entry.matched_by)
    if reason is None:
        return ""
    evidence = entry.evidence
    sentences = [str(reason)]
    if evidence.get("continues"):
        sentences.append(
            _("#%(number)s was closed, so this conversation continues it.") % {"number": evidence["continues"]}
        )
    elif evidence.get("ended"):
        sentences.append(_("The conversation was solved recently, so this was added to it."))
    if evidence.get("confirms"):
        sentences.append(_("It confirms the appointment, so no reply is needed."))
    if evidence.get("asks_time"):
        sentences.append(_("It asks for another time for the appointment."))
    if evidence.get("also_to"):
        sentences.append(_("It also came to %(mailboxes)s.") % {"mailboxes": ", ".join(evidence["also_to"])})
    return " ".join(sentences)


def other_matter(entry: Entry) -> str:
    """Return that a message names another property of the customer; "" if it doesn't."""
    split_evidence = entry.evidence.get("split")
    if split_evidence:
        return _("It mentions %(street)s, another address of this customer.") % {"street": split_evidence["street"]}
    return ""


def possible_reply(entry: Entry) -> str:
    """Return the ticket a message may belong to, and why it is uncertain; "" without a suggestion."""
    suggestion = entry.evidence.get("possible")
    if not suggestion:
        return ""
    why = HINTS[Hint(suggestion["by"])]
    return _("Possible reply to #%(number)s: %(why)s.") % {"number": suggestion["number"], "why": why}
