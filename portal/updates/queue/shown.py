"""An update as its customer gets it: subject and text of the template, filled in, by the channel it goes by."""

from dataclasses import dataclass

from comms.composer.ways import ways
from comms.models import Medium
from portal.letters.letter_sending import Recipient, composed_of, text_of
from portal.models import CustomerUpdate


@dataclass(frozen=True)
class AsSent:
    """What is sent, by which channel; `problem`: why nothing can be."""

    medium: str = ""
    subject: str = ""
    text: str = ""
    language: str = ""


def as_sent(update: CustomerUpdate) -> AsSent | None:
    """Return what was sent, or would be; None where there is no way or no template for it."""
    if update.message is not None and not update.is_open:
        message = update.message
        return AsSent(str(Medium(message.medium).label), message.subject, message.text, update.language)
    to = Recipient(update.job, update.person, update.brand, update.language)
    key = "take_off_failed" if update.kind == CustomerUpdate.Kind.TAKE_OFF else "customer_update"
    for way in ways(to.matter):
        if version := text_of(to, key, way.medium):
            # The link into the portal is the customer's alone.
            made = composed_of(to, version, update.letter, None, **{"portal.link": "https://…"})
            return AsSent(str(way.medium.label), made.subject, made.text, made.language)
    return None
