"""The basis of a reply: the customer, the best template filled in, the open questions, and facts of the record."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from assistant.sources.record_texts import RecordTexts, read_texts
from assistant.summaries.extractive import open_questions
from comms.composer.contact_ways import ContactWay, ways
from comms.composer.matter import Matter
from comms.composer.offers import TemplateOffer, built_in_offers, offers
from comms.composer.template_order import order_key
from comms.composer.written_message import subject_of_answer
from comms.library.composition import Composed, compose
from comms.library.context import look_of, subject_of
from comms.library.variables import TemplateSubject
from comms.models import Purpose, SenderProfile, Template, TemplateVersion
from comms.rendering.mail_document import signature_text
from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from tickets.inbox.ticket_matter import matter_of
from tickets.models import Status, Ticket

# Texts that state an event, such as "we are on the way", or are for others than customers: no answer to a question.
_ABOUT_AN_EVENT = (Template.Category.APPOINTMENT, Template.Category.PARTNER)


@dataclass(frozen=True)
class ReplyBasis:
    """A record's customer and what a reply of a member to them is made of. `language`: blank for the customer's."""

    record: Any
    member: Member
    matter: Matter
    slug: str
    language: str = ""

    @classmethod
    def of(cls, record: Any, member: Member, slug: str, language: str = "") -> "ReplyBasis | None":
        """Return the basis for a record; None if no reply to it can be written."""
        if isinstance(record, Ticket):
            if record.status == Status.CLOSED or record.sole_reader_id:
                return None
            about = f"ticket {record.pk}"
            url = reverse("tickets:reply", args=[slug, record.number])
            matter = matter_of(record, url=url, back="", about=about)
        elif isinstance(record, Job):
            url = reverse("composer:write", args=[slug, record.number])
            brand = directory().brands[record.brand_id]
            matter = Matter(record.title, brand, record.person, url, "", job=record)
        else:
            return None
        return cls(record, member, matter, slug, language)

    @cached_property
    def way(self) -> ContactWay | None:
        """How the customer is answered; None if they can't be."""
        usable = ways(self.matter)
        medium = self.matter.medium
        if not medium and (latest := self.matter.received.first()):
            medium = latest.medium
        return next((way for way in usable if way.medium == medium), usable[0] if usable else None)

    @cached_property
    def read(self) -> RecordTexts:
        """The texts that the member may read."""
        return read_texts(self.record, self.member, self.slug)

    @property
    def questions(self) -> list[str]:
        """The unanswered questions of the customer."""
        return [sentence for sentence, _text in open_questions(self.read.texts)]

    @property
    def subject(self) -> str:
        """The subject of the answer; blank on other media than email."""
        if self.way is None:
            return ""
        return subject_of_answer(self.matter, self.way)

    @cached_property
    def offer(self) -> TemplateOffer | None:
        """The template that fits best: in the language, without gaps, about what they ask, and used in such a step."""
        if self.way is None:
            return None
        medium = self.way.medium
        candidates = offers(self.matter, medium, approved_alone=False)
        if language := self.wanted_language:
            in_language = [one for one in candidates if one.version.language == language]
            in_language = in_language or built_in_offers(self.matter, medium, language)
            if in_language or self.language:
                candidates = in_language
        candidates = [one for one in candidates if _may_answer(one.template)]
        key = order_key(self.matter, self.way.medium, self._subject_for)
        ranked = sorted(candidates, key=key)
        return next((one for one in ranked if not self._compose(one.version).missing), None)

    @cached_property
    def composed(self) -> Composed | None:
        """The best template, filled in for the customer."""
        if self.offer is None:
            return None
        return self._compose(self.offer.version)

    @property
    def ending(self) -> str:
        """The end of the template's text that the composer adds below a text without a template: the signature."""
        is_added = SenderProfile.of(self.matter.brand).signature.strip()
        if self.offer is None or self.composed is None or not is_added:
            return ""
        look = look_of(self._subject_for(self.offer.version))
        ending = signature_text(look)
        if self.composed.words.rstrip().endswith(ending):
            return ending
        return ""

    @property
    def wanted_language(self) -> str:
        """The language asked for, or else the customer's; blank if neither is set."""
        person = self.matter.person
        return (self.language or (person.language if person else "")).split("-")[0]

    @property
    def reply_language(self) -> str:
        """The language that is written: the one asked for, the template's, or the customer's."""
        customers = self.wanted_language or self.matter.brand.language
        template = self.offer.version.language if self.offer else ""
        return (self.language or template or customers).split("-")[0]

    def _subject_for(self, version: TemplateVersion) -> TemplateSubject:
        matter = self.matter
        return subject_of(
            brand=matter.brand, language=version.language, person=matter.person, job=matter.job, sender=self.member
        )

    def _compose(self, version: TemplateVersion) -> Composed:
        address = self.way.points[0].value if self.way and self.way.points else ""
        return compose(version, self._subject_for(version), address=address)


def _may_answer(template: Template) -> bool:
    """Return whether a template can answer a customer: it is no offer, and no text about an event."""
    return template.category not in _ABOUT_AN_EVENT and template.purpose != Purpose.MARKETING
