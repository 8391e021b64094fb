"""Promise: a seller's commitment to the customer, quoted from the conversation, and whether service can keep it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comms.models import Message
from crm.jobs.models import Note
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel
from service.models.hand_off import HandOff
from service.models.queryset import PromiseQuerySet


class Promise(TenantModel):
    """A promise: price, date, scope, extras, or what matters on site."""

    class Kind(models.TextChoices):
        PRICE = "price", _("Price")
        DATE = "date", _("Date")
        SCOPE = "scope", _("Scope")
        EXTRAS = "extras", _("Extras")
        ON_SITE = "on_site", _("On site")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes, we can")
        NO = "no", _("No, we can’t")

    hand_off = TenantForeignKey(HandOff, models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=8, choices=Kind)
    # What was promised, in a line: "The crew starts before 1 June".
    text = models.CharField(max_length=300)
    # In which words, by whom and when; and where they stand, if they stand somewhere here.
    words = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    message = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    note = TenantForeignKey(Note, models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=3, choices=Answer, blank=True)
    # Why it cannot be kept.
    why_not = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(PromiseQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="promise_says_something"),
            models.CheckConstraint(condition=~Q(answer="no") | ~Q(why_not=""), name="promise_is_refused_with_a_reason"),
        ]
        indexes = [models.Index(fields=["tenant", "hand_off", "id"], name="promise_of_hand_off")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    @transaction.atomic
    def add(
        cls,
        hand_off: HandOff,
        kind: str,
        text: str,
        *,
        by: Member | None,
        words: str = "",
        said_at: datetime | None = None,
        message: Message | None = None,
        note: Note | None = None,
    ) -> "Promise":
        """Add a promise. Raises Refused without a text, or once the hand-off is answered."""
        hand_off.lock()
        hand_off.expect_unanswered()
        text = " ".join(text.split())[:300]
        if not text:
            raise Refused(gettext("Enter what was promised."))
        row: Promise = cls.objects.create(
            hand_off=hand_off,
            kind=cls.Kind(kind),
            text=text,
            words=" ".join(words.split())[:500],
            said_at=said_at,
            message=message,
            note=note,
        )
        row._record("handoff.promise_added", by, {"kind": row.kind})
        return row

    @transaction.atomic
    def reply(self, answer: str, why_not: str = "", *, by: Member) -> None:
        """Answer whether it can be kept. Idempotent. Raises Refused for a "no" without a reason."""
        self.hand_off.lock()
        self.hand_off.expect_unanswered()
        self.lock()
        answer = self.Answer(answer)
        why_not = " ".join(why_not.split())[:300]
        if answer != self.Answer.NO:
            why_not = ""
        if answer == self.Answer.NO and not why_not:
            raise Refused(gettext("Enter why it can’t be kept: %(what)s") % {"what": self.text})
        if (self.answer, self.why_not) != (answer, why_not):
            self.answer = answer
            self.why_not = why_not
            self.save(update_fields=["answer", "why_not"])
            self._record("handoff.promise_answered", by, {"kind": self.kind, "answer": answer})

    @transaction.atomic
    def remove(self, *, by: Member) -> None:
        """Remove a promise that was added by mistake. Raises Refused once the hand-off is answered."""
        self.hand_off.lock()
        self.hand_off.expect_unanswered()
        self._record("handoff.promise_removed", by, {"kind": self.kind})
        self.delete()

    def _record(self, kind: str, by: Member | None, data: dict[str, Any]) -> None:
        events.record(kind, subject=self.hand_off, by=by, data=data, job_id=self.hand_off.job_id)
