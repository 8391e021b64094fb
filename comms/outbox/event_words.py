"""Event words of outgoing messages for the timeline: what was sent, and why something was not."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from comms.models import Medium
from crm.web.timeline.event_words import EventWords, Words

# What each event did, by the message's medium.
_SENT = {
    "email": gettext_noop("sent an email"),
    "sms": gettext_noop("sent a text message"),
    "whatsapp": gettext_noop("sent a WhatsApp message"),
}


def _sent_text(data: dict[str, Any]) -> str:
    if data.get("confirmed"):
        return _("recorded that the message was sent")
    if data.get("medium") in _SENT:
        return _(_SENT[data["medium"]])
    return _("sent a message")


def _with_reason(sentence: str) -> Words:
    """Build event words with the medium and the reason."""

    def words(data: dict[str, Any]) -> str:
        medium = data.get("medium", "")
        reason = _(sentence) % {"medium": Medium(medium).label if medium in Medium.values else _("Message")}
        if data.get("reason"):
            return f"{reason}: {data['reason']}"
        return reason

    return words


EVENT_WORDS = [
    EventWords("message.queued", "clock", gettext_lazy("wrote a message")),
    EventWords("message.sent", "send", _sent_text, mark="auto"),
    EventWords("message.delivered", "check", gettext_lazy("The message was delivered"), mark="auto"),
    EventWords("message.cancelled", "undo-2", gettext_lazy("cancelled a message before it was sent")),
    EventWords("message.released", "send", gettext_lazy("sent a message that was waiting")),
    EventWords("message.retried", "rotate-cw", gettext_lazy("sent a message again")),
    EventWords("message.held", "pause", _with_reason(gettext_noop("%(medium)s waits")), mark="auto"),
    EventWords("message.failed", "circle-x", _with_reason(gettext_noop("%(medium)s was not sent")), mark="auto"),
    EventWords("message.dropped", "ban", _with_reason(gettext_noop("%(medium)s was not sent")), mark="auto"),
    EventWords(
        "message.unknown",
        "triangle-alert",
        _with_reason(gettext_noop("%(medium)s may not have been sent")),
        mark="auto",
    ),
    EventWords("message.bounced", "circle-x", _with_reason(gettext_noop("%(medium)s bounced")), mark="auto"),
    EventWords("message.copy_bounced", "circle-x", _with_reason(gettext_noop("A copy was not delivered")), mark="auto"),
    EventWords("message.clicked", "link", gettext_lazy("opened a link"), mark="in"),
    EventWords("message.complained", "flag", gettext_lazy("was reported as spam"), mark="in"),
    EventWords(
        "message.call_wanted", "phone", gettext_lazy("could not be delivered on any channel: call them"), mark="auto"
    ),
    EventWords("message.called", "phone", gettext_lazy("called instead of a message that failed")),
    EventWords("message.call_taken_back", "undo-2", gettext_lazy("undid a logged call")),
]
