"""Matter: the subject a message is written about, and the addresses of the composer's forms."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from comms.composer.presets import MessagePreset
from comms.models import Message, Purpose
from crm.jobs.models import Job
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand


@dataclass(frozen=True)
class Matter:
    """A job, a person, or a record of a higher app that a message is written about.

    `url` shows the composer and takes its forms; `back` is where whoever has sent goes on. `target`: the element that
    the composer stands in, and that its parts are drawn into.
    """

    title: str
    brand: Brand
    person: Person | None
    url: str
    back: str
    # Where whoever has sent goes on instead, such as to the next in a list.
    next_url: str = ""
    job: Job | None = None
    target: str = "#composer"
    # Others whose matter it is, too: their addresses and numbers are offered after the person's.
    household: tuple[Person, ...] = ()
    # What a higher app names its record by, so that drafts are kept apart, and what its forms carry along.
    about: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    # Who else may get a copy of a mail, as name and address; nobody does whom the form does not name.
    copies: tuple[tuple[str, str], ...] = ()
    # By which medium it begins, where it is possible; else by that of the last message of theirs.
    medium: str = ""
    # More buttons that send: what the form says by `then`, and the button's words.
    endings: tuple[tuple[str, str], ...] = ()
    # What its app offers in the picker beside the templates.
    presets: tuple[MessagePreset, ...] = ()
    # The messages of it, of which the person's last on a channel is answered; the job's or person's where it has none.
    messages: "QuerySet[Message] | None" = None
    # The member whose private mail it is: an answer leaves by their own mailbox alone. None for what is shared.
    mailbox_owner_id: int | None = None

    # The message that is passed on: to whom is typed, and nobody is answered.
    forwards: Message | None = None

    @property
    def purpose(self) -> Purpose:
        """The purpose of typed text; forwarded messages count as service."""
        if self.forwards:
            return Purpose.TRANSACTIONAL
        return Purpose.SERVICE

    @property
    def people(self) -> tuple[Person, ...]:
        """The possible recipients: the person first, then their household."""
        if self.person:
            return (self.person, *self.household)
        return ()

    @property
    def received(self) -> "QuerySet[Message]":
        """Messages from the person or their household in this matter, newest first.

        Never those of others on it: an answer takes subject and thread of the mail that it answers.
        """
        if self.job and self.messages is None:
            rows = Message.objects.filter(job_id=self.job.pk)
        else:
            rows = self.messages
        if self.people:
            theirs = Q(person__in=self.people)
        else:
            theirs = Q(person=None)
        if rows is not None and self.people:
            points = ContactPoint.objects.filter(person__in=self.people).values("value")
            theirs |= Q(person=None, address__in=points)
        newest: QuerySet[Message] = (Message.objects if rows is None else rows).filter(theirs)
        return newest.filter(direction="in", automatic="").order_by("-at", "-pk")

    def last_received(self, medium: str) -> Message | None:
        """Return their last message on a medium, which an email replies to."""
        if self.forwards:
            return None
        return self.received.filter(medium=medium).first()

    def draft(self, member_id: int, medium: str) -> dict[str, Any]:
        """Return the lookup fields of a member's draft on a medium."""
        person_id = None
        if self.person and self.job is None:
            person_id = self.person.pk
        return {
            "member_id": member_id,
            "job_id": self.job.pk if self.job else None,
            "person_id": person_id,
            "about": self.about,
            "medium": medium,
        }
