"""Mail to users leaves here: claimed before the call, retried on a transient error, left for a person when unknown."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from crm.platform import clock
from crm.platform.models import StaffMail, User
from crm.platform.queueing import ATTEMPTS, LEASE, enqueue

logger = logging.getLogger(__name__)

HEARTBEAT = "tick:last"
_State = StaffMail.State


def queue_mail(*, to: str, subject: str, body: str, user: User | None = None) -> StaffMail:
    """Write a mail into the outbox; a worker sends it after the commit. Never sends in the request."""
    from crm.platform.tasks import send_staff_mail

    mail = StaffMail.objects.create(to=to, subject=subject[:200], body=body, user=user)
    enqueue(send_staff_mail)
    return mail


def send_waiting(limit: int = 100) -> int:
    """Send what waits. Returns how many were claimed."""
    now = clock.now()
    # A row still "sending" after its lease lost its worker in mid-call: nobody can know, so nobody sends it again.
    StaffMail.objects.filter(state=_State.SENDING, run_at__lte=now).update(state=_State.UNKNOWN, run_at=None)
    waiting = StaffMail.objects.filter(state=_State.QUEUED, run_at__lte=now).order_by("run_at")[:limit]
    claimed = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        taken = StaffMail.objects.filter(pk=pk, state=_State.QUEUED, run_at__lte=now).update(
            state=_State.SENDING, run_at=now + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            claimed += 1
            _send(StaffMail.objects.get(pk=pk))
    return claimed


def _send(mail: StaffMail) -> None:
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to], connection=get_connection()).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        _settle(mail, _State.FAILED, error)
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected, OSError) as error:
        permanent = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
        _settle(mail, _State.FAILED if permanent or mail.attempts >= ATTEMPTS else _State.QUEUED, error)
    else:
        body = mail.body if settings.DEMO else ""  # /demo/mail shows it
        StaffMail.objects.filter(pk=mail.pk).update(state=_State.SENT, run_at=None, sent_at=clock.now(), body=body)


def _settle(mail: StaffMail, state: StaffMail.State, error: Exception) -> None:
    logger.warning("mail to a user not sent", extra={"mail": mail.pk, "error": type(error).__name__})
    again = clock.now() + timedelta(seconds=15 * 2**mail.attempts) if state == _State.QUEUED else None
    StaffMail.objects.filter(pk=mail.pk).update(state=state, run_at=again, last_error=type(error).__name__)


def heartbeat() -> None:
    """Remember that a tick ran; /readyz shows how long ago."""
    cache.set(HEARTBEAT, clock.now().isoformat(), timeout=24 * 3600)
