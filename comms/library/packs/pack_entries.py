"""PackEntry: an initial template with its texts in one language. Packs are lists of entries with the same keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from comms.models import Purpose, Template
from comms.rendering.content import clean
from crm.platform.features import Feature

Category = Template.Category
ORDER = Category.ORDER
APPOINTMENT = Category.APPOINTMENT
ENGAGEMENT = Category.ENGAGEMENT
PARTNER = Category.PARTNER
OWN = Category.OWN
TRANSACTIONAL = Purpose.TRANSACTIONAL
SERVICE = Purpose.SERVICE
MARKETING = Purpose.MARKETING
SECURITY = Purpose.SECURITY


@dataclass(frozen=True)
class PackMail:
    """An email of a pack; its signature and footer are the brand's."""

    subject: str
    preheader: str
    opening: str
    body: str
    details: Sequence[tuple[str, str]] = ()
    buttons: Sequence[tuple[str, str]] = ()
    greeting: str = ""


@dataclass(frozen=True)
class WhatsAppText:
    """A WhatsApp template of a pack."""

    body: str
    header: str = ""
    footer: str = ""
    buttons: Sequence[str] = ()


@dataclass(frozen=True)
class PackEntry:
    """An initial template: key, category, purpose and texts."""

    key: str
    category: str
    purpose: str
    name: str
    email: PackMail | None = None
    sms: str = ""
    whatsapp: WhatsAppText | None = None

    def contents(self, greeting: str) -> Mapping[str, dict[str, Any]]:
        """Return the content of each of its media."""
        contents: dict[str, dict[str, Any]] = {}
        if mail := self.email:
            contents["email"] = clean("email", vars(mail) | {"greeting": mail.greeting or greeting})
        if self.sms:
            contents["sms"] = clean("sms", {"text": self.sms})
        if text := self.whatsapp:
            contents["whatsapp"] = clean("whatsapp", vars(text) | {"buttons": [[label, ""] for label in text.buttons]})
        return contents


@dataclass(frozen=True)
class TemplatePack(Feature):
    """Initial templates that an app adds: entries by language, with the same keys."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    entries: Mapping[str, Sequence[PackEntry]]
