"""Composer: what is being written, in one matter, by one way; and all that its page says before it is sent."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction

from comms.composer import before
from comms.composer.matter import Matter
from comms.composer.offered_address import offered_address
from comms.composer.offers import Offer, offers, waiting_for_whatsapp
from comms.composer.presets import Preset
from comms.composer.recipients import everybody_else
from comms.composer.template_order import order_key
from comms.composer.ways import Way, ways
from comms.composer.written import LONGEST, Written
from comms.gate.candidate import Candidate, UsedTemplate, holes
from comms.gate.facts import Facts
from comms.gate.judgement import judge
from comms.gate.recipients import facts_of
from comms.gate.rules.channel import WINDOW
from comms.gate.verdict import Outcome, Verdict
from comms.library.composition import Composed, compose
from comms.library.context import subject_of
from comms.library.variables import Subject, variable_label
from comms.models import Draft, DraftFile, Medium, Message, Purpose, SenderProfile, TemplateVersion
from comms.outbox.outbox_list import OUTBOX
from crm.kernel import clock
from crm.kernel.normalization import email
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest

MOST_WAITING = 5
# So long may a request that keeps what is typed be under way.
_JUST_SENT = timedelta(minutes=1)


class Composer:
    """The composer of a matter as one member has it before them. Templates read its properties."""

    def __init__(self, request: TenantRequest, matter: Matter) -> None:
        self.request, self.matter, self.member = request, matter, request.member
        self.now = clock.now()
        self.reader = Reader.of(self.member, self.now)
        self.trouble = ""
        self.file_trouble = ""
        self.told = ""
        self.given = request.POST if request.method == "POST" else request.GET
        self.ways = ways(matter)
        self.way: Way = self._way() if self.ways else None  # type: ignore[assignment]
        if self.way:
            self.written = self._written()

    def _way(self) -> Way:
        asked = self.given.get("medium", "") or self.matter.medium
        if not asked and (heard := self.matter.received.first()):
            asked = heard.medium
        return next((way for way in self.ways if way.medium == asked), self.ways[0])

    def _written(self) -> Written:
        if self.request.method == "POST":
            return Written.posted(self.request.POST, self.matter, self.way)
        written = self.kept_written()
        # A link to one of their numbers names it.
        if any(point.value == self.given.get("to") for point in self.way.points):
            written.to = self.given["to"]
        return written

    def kept_written(self) -> Written:
        """Return what its draft holds."""
        draft = Draft.at(self.draft_key).select_related("template_version").first()
        return Written.kept(draft, self.matter, self.way)

    @property
    def draft_key(self) -> dict[str, Any]:
        return self.matter.draft(self.member.pk, self.way.medium)

    def keep(self) -> None:
        """Keep what it holds as the member's draft."""
        self.written.keep(self.draft_key)

    @transaction.atomic
    def keep_while_typing(self) -> None:
        """Keep it as the draft, but not what was just sent: its last keystrokes may arrive after it.

        Looked up after the draft is kept: where sending comes in between, it either removes the draft or is seen here.
        """
        self.keep()
        since = self.now - _JUST_SENT
        own = Message.objects.filter(author=self.member, medium=self.way.medium, address=self.point.value)
        sent = own.filter(created_at__gte=since).exclude(state=Message.State.CANCELLED).order_by("-pk").first()
        if sent and self.written.text and sent.text.startswith(self.written.text):
            self.forget()

    def forget(self) -> None:
        """Throw the draft away, but for its files."""
        Written().keep(self.draft_key)

    @property
    def draft(self) -> Draft:
        """The member's draft, which may be blank yet: files can come before words."""
        draft: Draft | None = Draft.at(self.draft_key).first()
        return draft or Draft.objects.create(**self.draft_key, subject=self.written.subject)

    @cached_property
    def files(self) -> list[DraftFile]:
        """The files that are to go along."""
        return list(DraftFile.objects.filter(draft__in=Draft.at(self.draft_key)).select_related("file").order_by("pk"))

    # ---- who, and by which words

    @cached_property
    def point(self) -> ContactPoint:
        """The address or number it goes to."""
        asked = email(self.written.to) or self.written.to
        known = next((point for point in self.addresses if point.value == asked), None)
        if known is None and asked and self.way.medium == Medium.EMAIL:
            return ContactPoint(kind=ContactPoint.Kind.EMAIL, value=asked)
        return known or next(iter(self.way.points), ContactPoint(kind=ContactPoint.Kind.EMAIL, value=""))

    @property
    def is_elsewhere(self) -> bool:
        """Whether it goes to an address that is not on their record."""
        return self.point.pk is None and self.matter.forwards is None

    @cached_property
    def everybody_else(self) -> list[str]:
        """Whom "Reply to all" adds, of those who get no copy yet."""
        if self.way.medium != Medium.EMAIL:
            return []
        copied = {*self.written.cc, *self.written.bcc}
        return [address for address in everybody_else(self.matter, self.point.value) if address not in copied]

    def reply_to_all(self) -> None:
        """Give a copy to everybody who is on the mail that is answered."""
        self.written.cc = [*self.written.cc, *self.everybody_else]
        self.__dict__.pop("everybody_else", None)

    @property
    def recipient(self) -> Person | None:
        """Whose address or number it is: the matter's person, or one of their household."""
        people = {person.pk: person for person in self.matter.people}
        return people.get(self.point.person_id, self.matter.person)

    @cached_property
    def addresses(self) -> tuple[ContactPoint, ...]:
        """The addresses or numbers to choose from: theirs, and the one they ask to be answered at."""
        if not self.offered:
            return self.way.points
        return (*self.way.points, ContactPoint(kind=ContactPoint.Kind.EMAIL, value=self.offered))

    @cached_property
    def offered(self) -> str:
        """The address that their mail asks to be answered at, and that is not known as theirs."""
        return offered_address(self.matter) if self.way.medium == Medium.EMAIL else ""

    @cached_property
    def must_pick(self) -> bool:
        """Whether WhatsApp's 24 hours are over, so that only a template it approved may go."""
        return self.way.medium == Medium.WHATSAPP and self.window_ends is None

    @cached_property
    def window_ends(self) -> datetime | None:
        """When WhatsApp's window shuts; None when it is shut, and for other media."""
        heard = self._recipient.wrote_here_at if self.way.medium == Medium.WHATSAPP else None
        return heard + WINDOW if heard and heard + WINDOW > self._recipient.now else None

    @property
    def is_filled_in(self) -> bool:
        """Whether a template leaves as it is, filled in; otherwise words that may be changed."""
        version = self.written.version
        return version is not None and version.is_more_than_words and (self.must_pick or not self.written.is_typed)

    @property
    def heading(self) -> str:
        """The kind of file the chosen template begins with, which is to be added; blank for none."""
        return self.written.version.heading if self.is_filled_in and self.written.version else ""

    @property
    def heading_words(self) -> str:
        return str(TemplateVersion.WhatsAppHeading(self.heading).label)

    def subject_for(self, version: TemplateVersion) -> Subject:
        """Return what a template is filled in with: the record, and what was typed where it has no value."""
        matter = self.matter
        return subject_of(
            brand=matter.brand,
            language=version.language,
            person=matter.person,
            job=matter.job,
            sender=self.member,
            given=dict(self.written.given),
        )

    @cached_property
    def composed(self) -> Composed | None:
        """The chosen template, filled in."""
        version = self.written.version
        return compose(version, self.subject_for(version), address=self.point.value) if version else None

    def choose(self, version: TemplateVersion) -> None:
        """Take a template: as it is, where it is more than words; else as words to be changed."""
        self.__dict__.pop("composed", None)
        self.written.version, self.written.is_typed = version, False
        if not version.is_more_than_words:
            self.change_words()

    def take(self, preset: Preset) -> None:
        """Take a preset: its words follow those that were typed, and the rest is done when it is sent."""
        written, before = self.written, self.preset
        if self.is_filled_in:
            written.version, written.given, written.text = None, {}, ""
        self.__dict__.pop("composed", None)
        typed = written.text.strip()
        if before and typed == self.words_of(before):
            typed = ""  # of the one chosen before, as it was
        written.text = "\n\n".join(filter(None, [typed, self.words_of(preset)]))
        written.preset, written.is_typed = preset.uid, True

    def words_of(self, preset: Preset) -> str:
        """Return the words of a preset for this record."""
        return preset.words(**self.about)

    @property
    def about(self) -> dict[str, Any]:
        """The record that words of our own are filled in with."""
        matter = self.matter
        language = matter.brand.language
        return {
            "brand": matter.brand,
            "language": language,
            "person": matter.person,
            "job": matter.job,
            "sender": self.member,
        }

    def change_words(self) -> None:
        """Turn the chosen template into words that may be changed; what it is for stays as the template says."""
        if composed := self.composed:
            self.written.text, self.written.is_typed = composed.text, True
            self.written.subject = composed.subject or self.written.subject

    @property
    def missing(self) -> list[str]:
        """What has no value, in words. The gate names it, too, but only once quiet hours are over."""
        if self.is_filled_in:
            return [label for _name, label, value in self.gaps if not value]
        return [variable_label(name) for name in holes(f"{self.written.subject}\n{self.written.text}")]

    @property
    def gaps(self) -> list[tuple[str, str, str]]:
        """The variables of the chosen template that are filled in by hand: name, words, value."""
        missing = self.composed.missing if self.composed else ()
        names = dict.fromkeys([*self.written.given, *missing])
        return [(name, variable_label(name), self.written.given.get(name, "")) for name in names]

    # ---- what is said before it is sent

    @cached_property
    def leaves_at(self) -> datetime | None:
        """When it is to leave; None for now, or where what was typed is no time."""
        try:
            return self.written.leaves_at(self.reader.zone, self.now)
        except Refused as why:
            self.trouble = self.trouble or str(why)
            return None

    @property
    def candidate(self) -> Candidate:
        """The message as the gate sees it."""
        written = self.written
        version, is_filled_in = written.version, self.is_filled_in
        template = None
        if version:
            made_of = version.template
            approved = version.is_approved_by_whatsapp and is_filled_in
            template = UsedTemplate(made_of.pk, made_of.name, made_of.purpose, approved)
        missing = self.composed.missing if is_filled_in and self.composed else ()
        stands = () if is_filled_in else holes(f"{written.subject}\n{written.text}")
        return replace(self._addressed, template=template, missing=missing or stands)

    @cached_property
    def _addressed(self) -> Candidate:
        """To whom, by which way and what for, whatever it says."""
        matter, version = self.matter, self.written.version
        return Candidate(
            medium=self.way.medium,
            address=self.point.value,
            brand_id=matter.brand.pk,
            channel=self.way.channel,
            declared_purpose=version.template.purpose if version else self.matter.purpose,
            author_id=self.member.pk,
            person_id=self.recipient.pk if self.recipient else None,
            job_id=matter.job.pk if matter.job else None,
            is_answer=self.way.medium == Medium.EMAIL and matter.last_received(Medium.EMAIL) is not None,
        )

    @cached_property
    def _recipient(self) -> Facts:
        return facts_of([self._addressed], self.now)[0]

    @cached_property
    def facts(self) -> Facts:
        """What the gate knows of the recipient, as it would be at the time it is to leave."""
        return replace(self._recipient, now=self.leaves_at) if self.leaves_at else self._recipient

    @cached_property
    def verdict(self) -> Verdict:
        """What the gate would say."""
        return judge([self.candidate], [self.facts])[0]

    @property
    def may_send(self) -> bool:
        """Whether it may be given to the outbox: it goes, or waits for its hour."""
        return not self.missing and self.verdict.outcome in (Outcome.SEND, Outcome.DEFER)

    @cached_property
    def lines(self) -> list[before.Line]:
        seconds = int((self.window_ends - self._recipient.now).total_seconds()) if self.window_ends else 0
        return before.lines(self.candidate, self.facts, seconds, self.length)

    @property
    def leaves(self) -> str:
        """When it leaves, in words: when quiet hours end, or when somebody wants it to."""
        at = self.verdict.until or self.leaves_at
        return self.reader.near(at) if at else ""

    @property
    def purpose(self) -> str:
        return str(Purpose(self.candidate.purpose).label)

    @property
    def length(self) -> str:
        """How many texts it is, and what they cost."""
        return before.length_of(self.way.medium, self._said(), self.matter.brand, self.point.value)

    def _said(self) -> str:
        return self.composed.text if self.is_filled_in and self.composed else self.written.text

    # ---- what else its page shows

    @cached_property
    def offers(self) -> list[Offer]:
        found = offers(self.matter, self.way.medium, approved_alone=self.must_pick)
        return sorted(found, key=order_key(self.matter, self.way.medium, self.subject_for))

    @property
    def presets(self) -> list[Preset]:
        """What the matter's app offers; outside WhatsApp's 24 hours only what says nothing."""
        return [one for one in self.matter.presets if one.url or not self.must_pick]

    @property
    def preset(self) -> Preset | None:
        """What is done once it is sent."""
        return next((one for one in self.matter.presets if one.uid == self.written.preset), None)

    @property
    def unapproved(self) -> int:
        """How many templates wait for WhatsApp's approval."""
        return waiting_for_whatsapp(self.matter) if self.must_pick else 0

    @property
    def signature(self) -> str:
        """What is put below a mail that is typed, unless it stands there already."""
        if self.way.medium != Medium.EMAIL or self.written.version:
            return ""
        signature = SenderProfile.of(self.matter.brand).signature.strip()
        return "" if self.written.text.endswith(signature) else signature

    @property
    def is_resumed(self) -> bool:
        """Whether the page opened it by itself, for a draft: then it takes no focus, and single keys go on working."""
        return "resumed" in self.request.GET

    @property
    def most(self) -> int:
        return LONGEST[self.way.medium]

    @property
    def may_note_consent(self) -> bool:
        return allows(self.member, "comms.consent")

    @property
    def points(self) -> Any:
        """How they can be reached by other means, where there is no way."""
        return ContactPoint.objects.filter(person=self.matter.person).order_by("kind", "pk")

    @cached_property
    def waiting(self) -> list[tuple[Any, str]]:
        """What was written in this matter and is still to leave, with when."""
        matter = self.matter
        mine = OUTBOX.visible(self.member).filter(state="held", send_at__gt=self.now)
        of = mine.filter(job=matter.job) if matter.job else mine.filter(person=matter.person)
        return [(one, self.reader.near(one.send_at)) for one in of.order_by("send_at", "pk")[:MOST_WAITING]]
