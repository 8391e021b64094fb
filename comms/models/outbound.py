"""Outbound: the verbs of a message to send: queue, cancel, send now, retry, confirm."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _

from comms.mail import threads
from comms.models.channel import Channel
from comms.models.draft import Draft
from comms.models.medium import Direction, Medium
from comms.stored_words import read_text, words_of
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, StoredFile, TenantForeignKey, TenantModel
from crm.platform.work import due, due_io

# Due work that sends a message (comms/outbox/send.py).
SEND = "message.send"
# How long a message written by hand waits, so that it can be taken back.
UNDO_HOLD = timedelta(seconds=15)


def schedule_sending(message_id: int, channel_id: int | None, at: datetime) -> None:
    """Schedule the sending of a message; the number of parallel calls per channel is limited."""
    due_io.schedule(SEND, message_id, at, peer=f"channel:{channel_id}" if channel_id else "")


class Outbound(TenantModel):
    """The verbs of an outgoing message. Its text never changes once queued."""

    WAITING: ClassVar[tuple[str, ...]] = ("queued", "held")
    # Of the channel it leaves by, which is a field of Message.
    channel_id: int | None

    # When it may leave, until when it is of use (docs/rules.md#k3), how often it was tried and what came of it.
    send_at = models.DateTimeField(null=True, blank=True)
    useful_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    # The error as comms/stored_words.py stores it; None for a text that is not translated.
    error_words = models.JSONField(null=True, blank=True, default=None)
    # The message that failed and that this one is sent in place of, on another channel.
    instead_of = TenantForeignKey("comms.Message", models.SET_NULL, null=True, blank=True, related_name="+")
    # Since when somebody is to call, as no channel got through, or a call in vain; null once they were called.
    call_wanted_at = models.DateTimeField(null=True, blank=True)

    # Of Message, which adds them.
    uid: Any
    medium: Any
    purpose: Any
    state: Any
    message_id: Any
    job: Any
    job_id: Any
    attachments: Any

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    @transaction.atomic
    def queue(
        cls,
        *,
        channel: Channel,
        address: str,
        by: Member | None = None,
        undo: bool = False,
        send_at: datetime | None = None,
        answers: Self | None = None,
        files: Sequence[StoredFile] = (),
        **fields: Any,
    ) -> Self:
        """Queue a message; it is sent after commit if the gate allows.

        `by`: who wrote it; None for one that the product sends. `undo`: it waits 15 s first. `send_at`: it is held
        until then. `answers`: the message it replies to, in the same thread. Raises Refused in words.
        """
        from_now = None
        if undo:
            from_now = clock.now() + UNDO_HOLD
        held_until = max(filter(None, (from_now, send_at)), default=None)
        if channel.archived_at:
            raise Refused(_("This address or number is archived: nothing can be sent from it."))
        if not address or any(character.isspace() or not character.isprintable() for character in address):
            raise Refused(_("There is no address or number to send it to."))
        fields["subject"] = " ".join(fields.get("subject", "").split())[:900]
        new: Any = cls
        message: Self = new(
            brand_id=channel.brand_id,
            channel=channel,
            medium=channel.medium,
            direction=Direction.OUT,
            author=by,
            address=address,
            state="held" if held_until else "queued",
            send_at=held_until,
            at=held_until or clock.now(),
            **(_thread_of(answers) if answers and channel.medium == Medium.EMAIL else {}),
            **fields,
        )
        message._save_new(channel, files)
        message.record_event("message.queued", by)
        message._schedule()
        return message

    def _save_new(self, channel: Channel, files: Sequence[StoredFile]) -> None:
        """Save it with its Message-ID, which contains its UID, and its files."""
        self.save()
        self.refresh_from_db(fields=["uid"])
        if channel.medium == Medium.EMAIL:
            self.message_id = threads.message_id(self.uid, channel.address.rpartition("@")[2])
            self._save("message_id")
        for position, file in enumerate(files):
            self.attachments.create(
                file=file, name=file.name, media_type=file.content_type, size=file.size, position=position
            )

    @transaction.atomic
    def cancel(self, *, by: Member | None) -> None:
        """Cancel it before it is sent; its text becomes a draft again. Idempotent.

        Raises Refused once it has left.
        """
        self.lock()
        if self.state == "cancelled":
            return
        if self.state not in self.WAITING:
            raise Refused(_("It has already been sent, or is being sent."))
        self._become("cancelled")
        Draft.restore(self)
        due.cancel(SEND, [self.pk])
        self.record_event("message.cancelled", by)

    @transaction.atomic
    def send_now(self, *, by: Member | None) -> None:
        """Send a held message now, if the gate allows. Idempotent."""
        self.lock()
        if self.state == "queued":
            return
        if self.state != "held":
            raise Refused(_("It is no longer waiting."))
        self._requeue("message.released", by)

    @transaction.atomic
    def retry(self, *, by: Member | None) -> None:
        """Send a failed, dropped or unknown message again, as a member decided. Idempotent."""
        self.lock()
        if self.state == "queued":
            return
        if self.state not in ("failed", "unknown", "dropped"):
            raise Refused(_("It didn’t fail."))
        self._requeue("message.retried", by)

    @transaction.atomic
    def confirm_sent(self, *, by: Member | None) -> None:
        """Mark a message of unknown state as sent. Idempotent."""
        self.lock()
        if self.state == "sent":
            return
        if self.state != "unknown":
            raise Refused(_("It is already known whether it was sent."))
        self._become("sent", sent_at=clock.now())
        self.record_event("message.sent", by, {"confirmed": True})

    def _requeue(self, kind: str, by: Member | None) -> None:
        self.attempts = 0
        self._become("queued", send_at=None, call_wanted_at=None)
        self._save("attempts")
        self.record_event(kind, by)
        self._schedule()

    def _become(self, state: str, error: str = "", **fields: Any) -> None:
        """Save its state and the reason."""
        self.state = state
        self.set_error(error)
        for name, value in fields.items():
            setattr(self, name, value)
        self._save("state", "error", "error_words", *fields)

    def set_error(self, error: str) -> None:
        """Set why it was not delivered or waits; not saved."""
        self.error = error[:300]
        self.error_words = words_of(error)

    @property
    def error_text(self) -> str:
        """The error in the language in use."""
        return read_text(self.error, self.error_words)

    def _save(self, *names: str) -> None:
        self.save(update_fields=names)

    def _schedule(self) -> None:
        schedule_sending(self.pk, self.channel_id, self.send_at or clock.now())

    def record_event(self, kind: str, by: Member | None, data: dict[str, Any] | None = None) -> None:
        """Record what happened to the message, on the timeline of its job."""
        details = {"medium": self.medium, "purpose": self.purpose} | (data or {})
        events.record(kind, subject=self, by=by, data=details, job_id=self.job_id)


def _thread_of(answered: Any) -> dict[str, Any]:
    """Return the fields that put an email in the thread of the one it answers (docs/rules.md#threading)."""
    names = answered.message_id
    return {
        "in_reply_to": names,
        "references": threads.references(f"{answered.references} {answered.in_reply_to}", names),
        "thread_headers": answered.thread_headers,
    }
