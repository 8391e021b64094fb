"""Composer: a message a member is writing about a matter, on one medium, and what its page offers."""

from datetime import datetime
from functools import cached_property
from typing import Any

from comms.composer.contact_ways import ContactWay, ways
from comms.composer.draft_store import DraftStore
from comms.composer.gate_preview import GatePreview
from comms.composer.matter import Matter
from comms.composer.message_text import MessageText
from comms.composer.offers import TemplateOffer, offers, waiting_for_whatsapp
from comms.composer.presets import MessagePreset
from comms.composer.recipient_choice import RecipientChoice
from comms.composer.recipient_facts import RecipientFacts
from comms.composer.template_order import order_key
from comms.composer.written_message import WrittenMessage
from comms.models import Draft
from comms.outbox.outbox_list import OUTBOX
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest

MOST_WAITING = 5


class Composer:
    """The composer of one member for a matter. Parts: draft store, recipient, text and gate preview."""

    way: ContactWay
    written: WrittenMessage

    def __init__(self, request: TenantRequest, matter: Matter) -> None:
        self.request = request
        self.matter = matter
        self.member = request.member
        self.now = clock.now()
        self.reader = Reader.of(self.member, self.now)
        self.trouble = ""
        self.file_trouble = ""
        self.told = ""
        if request.method == "POST":
            self.given = request.POST
        else:
            self.given = request.GET
        self.ways = ways(matter)
        self.way = None  # type: ignore[assignment]
        if self.ways:
            self.open(self._asked_way())

    def open(self, way: ContactWay, written: WrittenMessage | None = None) -> None:
        """Open the composer on a medium with the form, the draft, or `written`."""
        self.way = way
        self.drafts = DraftStore(self.matter, self.member, way)
        self.written = written or self._asked_words()
        self.recipient = RecipientChoice(self.matter, way, self.written)
        self.recipient_facts = RecipientFacts(self.recipient, self.member, self.now)
        self.text = MessageText(self.recipient_facts)

    def _asked_way(self) -> ContactWay:
        medium = self.given.get("medium", "") or self.matter.medium
        if not medium and (latest := self.matter.received.first()):
            medium = latest.medium
        return next((way for way in self.ways if way.medium == medium), self.ways[0])

    def _asked_words(self) -> WrittenMessage:
        if self.request.method == "POST":
            return WrittenMessage.from_form(self.request.POST, self.matter, self.way)
        written = self.drafts.read()
        # A link to one of their numbers names it.
        if any(point.value == self.given.get("to") for point in self.way.points):
            written.to = self.given["to"]
        return written

    def store_draft(self) -> None:
        self.drafts.store(self.written)

    def get_or_create_draft(self) -> Draft:
        return self.drafts.get_or_create(self.written.subject)

    @cached_property
    def leaves_at(self) -> datetime | None:
        """When the message is to be sent; None for now, or for an invalid time."""
        try:
            return self.written.leaves_at(self.reader.zone, self.now)
        except Refused as why:
            self.trouble = self.trouble or str(why)
            return None

    @cached_property
    def gate(self) -> GatePreview:
        return GatePreview(self.recipient_facts, self.text, self.leaves_at)

    @property
    def leaves(self) -> str:
        """When it will be sent, in words."""
        if self.gate.leaves:
            return self.reader.near(self.gate.leaves)
        return ""

    @cached_property
    def offers(self) -> list[TemplateOffer]:
        """The templates to choose from, best matches first."""
        templates = offers(self.matter, self.way.medium, approved_alone=self.recipient_facts.must_pick)
        return sorted(templates, key=order_key(self.matter, self.way.medium, self.text.subject_for))

    @property
    def presets(self) -> list[MessagePreset]:
        """The presets of the matter's app; outside WhatsApp's window only those without text."""
        return [preset for preset in self.matter.presets if preset.url or not self.recipient_facts.must_pick]

    @property
    def unapproved(self) -> int:
        """The number of templates waiting for WhatsApp's approval."""
        if self.recipient_facts.must_pick:
            return waiting_for_whatsapp(self.matter)
        return 0

    @property
    def may_note_consent(self) -> bool:
        return allows(self.member, "comms.consent")

    @property
    def is_resumed(self) -> bool:
        """True if the page opened it for a draft: it takes no focus, and shortcut keys keep working."""
        return "resumed" in self.request.GET

    @property
    def points(self) -> Any:
        """The customer's other contact points, if no channel is available."""
        return ContactPoint.objects.filter(person=self.matter.person).order_by("kind", "pk")

    @cached_property
    def waiting(self) -> list[tuple[Any, str]]:
        """The messages of this matter that are not sent yet, and when they will be."""
        matter = self.matter
        messages = OUTBOX.visible(self.member).filter(state="held", send_at__gt=self.now)
        if matter.job:
            rows = messages.filter(job=matter.job)
        else:
            rows = messages.filter(person=matter.person)
        return [(row, self.reader.near(row.send_at)) for row in rows.order_by("send_at", "pk")[:MOST_WAITING]]
