"""HandOffQuestion: a question of service to the seller, and the answer; both are also notes on the job."""

from django.db import models, transaction
from django.utils.translation import gettext

from crm.jobs.models import Note
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from service.models.hand_off import HandOff

LONGEST = 1000


class HandOffQuestion(TenantModel):
    """A question about a hand-off. Its text is in the notes, so that it is erased with them."""

    uid = public_id()
    hand_off = TenantForeignKey(HandOff, models.CASCADE, related_name="questions")
    asked = TenantForeignKey(Note, models.CASCADE, related_name="+")
    answered = TenantForeignKey(Note, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="hand_off_question_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "hand_off", "id"], name="question_of_hand_off")]

    def __str__(self) -> str:
        return f"question {self.pk} of {self.hand_off_id}"

    @classmethod
    @transaction.atomic
    def ask(cls, hand_off: HandOff, text: str, *, by: Member) -> "HandOffQuestion":
        """Ask the seller. Raises Refused without text, after the hand-off ended, or if there is no seller."""
        hand_off.lock()
        hand_off.expect_unanswered()
        if hand_off.seller is None:
            raise Refused(gettext("The salesperson of this job is unknown."))
        row: HandOffQuestion = cls.objects.create(hand_off=hand_off, asked=_write_note(hand_off, text, by))
        row._record("handoff.asked", by)
        return row

    @transaction.atomic
    def answer(self, text: str, *, by: Member) -> None:
        """Answer it and notify who asked. Raises Refused without text, or if it is answered already."""
        self.hand_off.lock()
        self.lock()
        if self.answered_id:
            raise Refused(gettext("A colleague already answered it."))
        self.answered = _write_note(self.hand_off, text, by)
        self.save(update_fields=["answered"])
        self._record("handoff.told", by)

    def _record(self, kind: str, by: Member) -> None:
        events.record(kind, subject=self.hand_off, by=by, data={"question": self.pk}, job_id=self.hand_off.job_id)


def _write_note(hand_off: HandOff, text: str, by: Member) -> Note:
    text = text.replace("\0", "").strip()[:LONGEST]
    if not text:
        raise Refused(gettext("Write something first."))
    return Note.write(hand_off.job, text, by=by)
