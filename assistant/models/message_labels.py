"""MessageLabels: the labels of a customer's message, as proposed and as in force."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from assistant.reading.vocabulary import CATEGORY, FACETS, FEELING, INTENT, PERSON, URGENCY, VALUES
from comms.models import Message
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

# From this confidence on a label is used by triggers and lists; below it is shown as a question.
SURE = 0.6


class MessageLabelsQuerySet(TenantQuerySet["MessageLabels"]):
    def with_label(self, facet: str, value: str) -> "MessageLabelsQuerySet":
        """Filter messages with a label that is in force."""
        return self.filter(**{COLUMNS[facet]: value})


class MessageLabels(TenantModel):
    """The labels of one message of a customer. A label that is not sure enough is proposed, but blank in its column."""

    message: Any = TenantForeignKey(Message, models.CASCADE, related_name="+")
    # Those in force, as a member said, else as proposed if sure enough; blank: none.
    intent = models.CharField(max_length=12, blank=True)
    category = models.CharField(max_length=12, blank=True)
    feeling = models.CharField(max_length=6, blank=True)
    urgency = models.CharField(max_length=6, blank=True)
    person = models.CharField(max_length=3, blank=True)
    # In hundredths, from -100 to 100.
    sentiment = models.SmallIntegerField(default=0)
    # By facet: {"value": "complaint", "sure": 0.91, "by": "rules", "from": 0, "to": 31}; the range of the
    # message's text that it hangs on, not the text: it goes with the message.
    proposed = models.JSONField(default=dict)
    # When the message was written.
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(MessageLabelsQuerySet)()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "message labels"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "message"], name="message_has_its_labels_once"),
            models.CheckConstraint(
                condition=Q(sentiment__gte=-100, sentiment__lte=100), name="sentiment_is_in_hundredths"
            ),
        ]

    def __str__(self) -> str:
        return f"labels of message {self.message_id}"

    def current(self, facet: str) -> str:
        """Return the label in force; blank for none."""
        return {
            INTENT: self.intent,
            CATEGORY: self.category,
            FEELING: self.feeling,
            URGENCY: self.urgency,
            PERSON: self.person,
        }[facet]

    def put_label(self, facet: str, value: str) -> None:
        """Set the label in force, without saving. Raises ValueError for one that does not exist."""
        if value and value not in VALUES[facet]:
            raise ValueError(f"no label {facet}.{value}")
        setattr(self, COLUMNS[facet], value)

    def proposal(self, facet: str) -> str:
        """Return the proposed label if it is sure enough; blank otherwise."""
        proposed = self.proposed.get(facet, {})
        if proposed.get("sure", 0) >= SURE:
            return str(proposed["value"])
        return ""


# The column of each facet.
COLUMNS = {facet: facet for facet in FACETS}
