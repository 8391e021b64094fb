"""Create the demo's labels and scores, as the product makes them, and a few corrections of a colleague."""

from assistant.labels.labelling import label_messages
from assistant.models import LabelReview, MessageLabels
from assistant.reading.vocabulary import FACETS
from assistant.scores.scoring import score_slice
from comms.models import Message
from crm.platform.models import Member
from tickets.models import Entry

# Every so many-th message was looked at by a colleague, and of these every so many-th was corrected.
REVIEWED = 3
CORRECTED = 9


def create_labels(boss: str) -> None:
    """Label what customers wrote, review some of it, and score the leads."""
    entries = Entry.objects.filter(message__isnull=False)
    rows = Message.objects.from_customers().for_everybody().filter(pk__in=entries.values("message_id"))
    label_messages(list(rows.order_by("pk")))
    member = Member.objects.get(name=boss)
    for at, labels in enumerate(MessageLabels.objects.order_by("at", "pk")):
        if at % REVIEWED == 0:
            _review(labels, at, member)
    score_slice([0])


def _review(labels: MessageLabels, at: int, member: Member) -> None:
    facet = FACETS[at % len(FACETS)]
    right = labels.proposed[facet]["value"]
    if facet == "intent" and at % CORRECTED == 0 and right == "question":
        right = "status"
    LabelReview.say(labels, facet, right, by=member)
