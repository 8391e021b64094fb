"""The panel of labels: those of the newest labelled message of a conversation, or of all conversations of a lead."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from assistant.labels.label_words import FACET_QUESTIONS, FACET_WORDS, label_words, source_words
from assistant.models import LabelReview, MessageLabels
from assistant.models.message_labels import SURE
from assistant.reading.vocabulary import FACETS, PERSON, VALUES, YES
from comms.models import Message
from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url
from tickets.models import Entry, Ticket


class LabelChoice(NamedTuple):
    """A label that a member may say is right."""

    value: str
    words: str


class LabelClaim(NamedTuple):
    """A label as the panel shows it. `percent`: how sure it is; `sentence`: what of the message it hangs on."""

    facet: str
    name: str
    question: str
    value: str
    words: str
    percent: int
    sentence: str
    source: str
    said_by: str
    choices: Sequence[LabelChoice]

    @property
    def steps(self) -> int:
        """How sure it is in twentieths, as the classes of the look are."""
        return round(self.percent / 5)

    @property
    def is_low(self) -> bool:
        """True if it is not sure enough to be used."""
        return not self.said_by and self.percent < round(100 * SURE)


class LabelPanel(NamedTuple):
    """The labels of a message, and the address of its entry: an anchor on the page of its conversation."""

    labels: MessageLabels
    claims: list[LabelClaim]
    entry_url: str


def label_panel(record: Ticket | Job, member: Member, slug: str, *, is_page: bool = False) -> LabelPanel | None:
    """Return the labels of a record's newest labelled message that the member may read; None if there is none.

    On a page without the conversation (`is_page`) the message's link goes to the conversation's page.
    """
    tickets = Ticket.objects.visible_to(member)
    if isinstance(record, Job):
        tickets = tickets.filter(job=record)
    else:
        tickets = tickets.filter(pk=record.pk)
    entries = Entry.objects.filter(ticket__in=tickets.values("pk"), message__isnull=False).readable_by(member)
    messages = Message.objects.readable_by(member).filter(pk__in=entries.values("message_id"))
    rows = MessageLabels.objects.filter(message__in=messages.values("pk")).select_related("message")
    labels = rows.order_by("-at", "-pk").first()
    if labels is None:
        return None
    entry = entries.filter(message=labels.message_id).select_related("ticket").first()
    entry_url = ""
    if entry:
        is_beside = isinstance(record, Ticket) and not is_page
        entry_url = _entry_url(entry, slug, is_beside=is_beside)
    return LabelPanel(labels, label_claims(labels), entry_url)


def _entry_url(entry: Entry, slug: str, *, is_beside: bool) -> str:
    anchor = f"#e{entry.uid}"
    if is_beside:
        return anchor
    return f"{record_url(entry.ticket, slug)}{anchor}"


def label_claims(labels: MessageLabels) -> list[LabelClaim]:
    """Return the labels of a message in words; that no person is asked for is left out."""
    reviews = {review.facet: review for review in LabelReview.objects.of_labels(labels)}
    claims = [_claim(labels, facet, reviews.get(facet)) for facet in FACETS if facet in labels.proposed]
    return [claim for claim in claims if claim.facet != PERSON or claim.value == YES or claim.said_by]


def _claim(labels: MessageLabels, facet: str, review: LabelReview | None) -> LabelClaim:
    proposed: dict[str, Any] = labels.proposed[facet]
    value = str(proposed["value"])
    said_by = ""
    if review is not None:
        value = review.right
        said_by = directory().members[review.by_id].name
    return LabelClaim(
        facet,
        str(FACET_WORDS[facet]),
        str(FACET_QUESTIONS[facet]),
        value,
        label_words(facet, value),
        round(100 * proposed["sure"]),
        labels.message.text[proposed["from"] : proposed["to"]],
        source_words(str(proposed["by"])),
        said_by,
        [LabelChoice(other, label_words(facet, other)) for other in VALUES[facet] if other != value],
    )
