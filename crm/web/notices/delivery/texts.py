"""Deliver notices by text message or WhatsApp: one for all waiting notices, sent through an app with channels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member, User
from crm.platform.organization.configuration import directory
from crm.web.models import Notice, StaffNumber
from crm.web.notices.kinds import known_kind

# Kinds that a text names; of more it says so by their number.
MOST_NAMED = 2
SMS = "sms"
WHATSAPP = "whatsapp"


class TextReply(NamedTuple):
    """A member's reply to a text: its time, its words, and the name and URL of each attachment."""

    at: datetime
    words: str
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class TextSender(Feature):
    """How messages reach a member's number; an entry of the app that has channels, for each medium."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    # The medium: SMS or WHATSAPP.
    name: str
    # Whether one can leave now: there is a channel for it.
    is_ready: Callable[[], bool]
    # Sends a text to a number; the key is unique for what it tells. A code leaves at any hour. Raises Refused.
    send: Callable[[str, str, str, bool], None]
    # What a member answered to texts lately, the newest first.
    said: Callable[[Member], Sequence[TextReply]]


def text_sender(medium: str = SMS) -> TextSender | None:
    """Return the TextSender of a medium; None if it cannot send."""
    return next((way for way in features.of(TextSender) if way.name == medium and way.is_ready()), None)


def recent_text_replies(member: Member) -> list[TextReply]:
    """Return a member's recent replies to texts, even if texts cannot be sent now."""
    return [each for way in features.of(TextSender) for each in way.said(member)]


def confirmed_number(member: Member, medium: str = SMS) -> str:
    """Return the number for a member's texts; blank if missing, unconfirmed, or the medium cannot be used."""
    row = StaffNumber.of(member)
    if row and row.confirmed_at and text_sender(medium):
        return row.number
    return ""


def send_code(member: Member, number: str) -> None:
    """Send a member the confirmation code of their number. Raises Refused."""
    way = text_sender()
    code = StaffNumber.request_code(member, number)
    if way is not None:
        words = _("%(code)s is your code to confirm your number at %(organization)s. Don’t share it with anyone.")
        way.send(number, words % {"code": code, "organization": directory().tenant.name}, "", True)


def send_text_notice(member: Member, number: str, rows: Sequence[Notice], medium: str = SMS) -> None:
    """Send one text about these notices: their number, kinds and link. It contains no customer's name."""
    way = text_sender(medium)
    tenant = directory().tenant
    user = User.objects.get(pk=member.user_id)
    if way is None:
        return
    with translation.override(user.language or member.language or tenant.language):
        kinds = [known_kind(name) for name in dict.fromkeys(row.kind for row in rows)]
        named = [str(kind.label) for kind in kinds if kind][:MOST_NAMED]
        words = ngettext("%(n)s new notice: %(what)s.", "%(n)s new notices: %(what)s…", len(rows))
        sentence = words % {"n": len(rows), "what": ", ".join(named)}
        url = f"{settings.SITE_URL}{reverse('notices', args=[tenant.slug])}"
    way.send(number, f"{tenant.name}: {sentence} {url}", text_key(medium, rows), False)


def text_key(medium: str, rows: Sequence[Notice] = ()) -> str:
    """Return the key of the text about these notices; without notices, what the keys of a medium begin with."""
    if rows:
        return f"notice:{medium}:{max(row.pk for row in rows)}"
    return f"notice:{medium}:"
