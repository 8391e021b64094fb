"""The state of a composer: typed text or chosen template, filled-in values, and the time to send."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.composer.contact_ways import ContactWay
from comms.composer.matter import Matter
from comms.composer.offers import version_of
from comms.composer.recipients import split_addresses
from comms.models import Draft, Medium, TemplateVersion
from crm.kernel.refusal import Refused

# Characters of a text, and of a mail.
LONGEST = {Medium.SMS: 1600, Medium.WHATSAPP: 4096, Medium.EMAIL: 100_000}
LONGEST_VALUE = 300
MOST_VALUES = 20
_OPENING = time(8)


@dataclass
class WrittenMessage:
    """The state of a composer on one medium."""

    subject: str = ""
    text: str = ""
    version: TemplateVersion | None = None
    # What somebody typed where the record has no value, by the variable's name.
    given: dict[str, str] = field(default_factory=dict)
    # Whether its words are typed; of a template chosen as it is, there are none to type.
    is_typed: bool = True
    # What is done once it is sent: the uid of a Preset.
    preset: str = ""
    # Where a mail goes, if not to the usual address, and who gets a copy, as typed.
    to: str = ""
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)
    # When it is to leave, as the form has it; blank for now.
    day: str = ""
    clock: str = ""

    @classmethod
    def from_form(cls, post: QueryDict, matter: Matter, way: ContactWay) -> "WrittenMessage":
        """Build it from the form."""
        values = {
            name.removeprefix("given."): post.get(name, "") for name in [*post][:200] if name.startswith("given.")
        }
        return cls(
            " ".join(post.get("subject", "").split()),
            post.get("text", "").replace("\r\n", "\n").strip()[: LONGEST[way.medium] + 1],
            version_of(post.get("template", ""), matter, way.medium),
            {name[:60]: value.strip()[:LONGEST_VALUE] for name, value in [*values.items()][:MOST_VALUES] if value},
            "text" in post,
            _valid_preset(post.get("preset", ""), matter),
            _other_address(post.get("to", ""), way),
            split_addresses(post.getlist("cc")),
            split_addresses(post.getlist("bcc")),
            post.get("day", "")[:10],
            post.get("clock", "")[:8],
        )

    @classmethod
    def from_draft(cls, draft: Draft | None, matter: Matter, way: ContactWay) -> "WrittenMessage":
        """Build it from the draft; an answer keeps the subject of the customer's email."""
        if draft is None:
            return cls(subject=subject_of_answer(matter, way))
        version = draft.template_version
        chosen = None
        if version:
            chosen = version_of(str(version.uid), matter, way.medium)
        preset = _valid_preset(draft.preset, matter)
        is_typed = bool(draft.text) or chosen is None
        subject = draft.subject or subject_of_answer(matter, way)
        written = cls(subject, draft.text, chosen, dict(draft.given), is_typed, preset)
        return replace(written, to=draft.to, cc=list(draft.cc), bcc=list(draft.bcc))

    def keep(self, where: dict[str, Any]) -> None:
        """Store it as the draft."""
        recipients = {"to": self.to, "cc": self.cc, "bcc": self.bcc}
        made_of = {"template_version": self.version, "given": self.given, "preset": self.preset}
        Draft.keep(where=where, subject=self.subject, text=self.text, **made_of, **recipients)

    def leaves_at(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        """Return when to send; None for now. Raises Refused for an invalid or past time."""
        if not self.day:
            return None
        try:
            if self.clock:
                clock = time.fromisoformat(self.clock)
            else:
                clock = _OPENING
            at = datetime.combine(date.fromisoformat(self.day), clock.replace(tzinfo=None), zone)
        except ValueError:
            raise Refused(_("That is not a valid day and time.")) from None
        if at <= now:
            raise Refused(_("Choose a time in the future."))
        if (at - now).days > 365:
            raise Refused(_("A message can be scheduled a year ahead at most."))
        return at


def _other_address(typed: str, way: ContactWay) -> str:
    """Return the chosen or typed address; blank for the usual one."""
    address = typed.strip()[:254]
    usual = next((point.value for point in way.points), "")
    if address == usual:
        return ""
    return address


def _valid_preset(uid: str, matter: Matter) -> str:
    """Return the UID of a preset if the matter still offers it."""
    if any(one.uid == uid for one in matter.presets):
        return uid
    return ""


def subject_of_answer(matter: Matter, way: ContactWay) -> str:
    """Return the subject of an answer: that of their last email, else of their page message."""
    if way.medium != Medium.EMAIL:
        return ""
    last_received = matter.last_received(Medium.EMAIL)
    if last_received and last_received.subject:
        if last_received.subject.lower().startswith("re:"):
            return last_received.subject
        return f"Re: {last_received.subject}"
    if matter.job is None or matter.last_received(Medium.PORTAL) is None:
        return ""
    site = matter.job.site
    with override((matter.person.language if matter.person else "") or matter.brand.language):
        return _("Your message about %(what)s") % {"what": site.street if site else matter.job.title}
