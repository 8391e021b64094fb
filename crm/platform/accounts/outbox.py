"""Outbox of mail to users: claimed before sending, retried on transient errors, held if the result is unknown."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, QuerySet

from crm.kernel import clock
from crm.platform.accounts.password_reset import write_reset_mail
from crm.platform.accounts.smtp_errors import reply_code
from crm.platform.database.claims import ATTEMPTS, LEASE, enqueue
from crm.platform.models import StaffMail, User

logger = logging.getLogger(__name__)

_State = StaffMail.State


def queue_mail(
    *, to: str, subject: str, body: str, html: str = "", user: User | None = None, tenant_id: int | None = None
) -> StaffMail:
    """Queue a mail in the outbox; a worker sends it after the commit. Never sends in the request.

    `tenant_id`: on whose behalf; while that tenant is suspended it waits.
    """
    mail = StaffMail.objects.create(to=to, subject=subject[:200], body=body, html=html, user=user, tenant_id=tenant_id)
    enqueue(send_staff_mail)
    return mail


def queue_reset_request(*, to: str, language: str) -> None:
    """Queue a password reset request: a mail without a body, which the worker writes or deletes."""
    queue_mail(to=to, subject=language, body="")


@shared_task(name="platform.send_staff_mail")
def send_staff_mail() -> int:
    """Send the queued mail to users (Celery task)."""
    return send_waiting()


def send_waiting(limit: int = 100) -> int:
    """Send queued mail for at most the length of a lease; return how many mails were claimed."""
    began = clock.now()
    # A row still "sending" after its lease lost its worker in mid-call: nobody can know, so nobody sends it again.
    StaffMail.objects.filter(state=_State.SENDING, run_at__lte=began).update(state=_State.UNKNOWN, run_at=None)
    waiting = StaffMail.objects.filter(state=_State.QUEUED, run_at__lte=began, tenant__suspended_at=None)
    waiting = waiting.order_by("run_at")[:limit]
    claimed = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        now = clock.now()
        if now - began > LEASE:
            break  # a peer that is slow to refuse must not bring the task's own end in mid-call
        taken = StaffMail.objects.filter(pk=pk, state=_State.QUEUED, run_at__lte=now).update(
            state=_State.SENDING, run_at=now + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            claimed += 1
            _send_mail(StaffMail.objects.get(pk=pk))
    return claimed


def _send_mail(mail: StaffMail) -> None:
    if not mail.body and not write_reset_mail(mail):
        mail.delete()
        return
    connection = get_connection()
    under_way = False
    try:
        connection.open()
        under_way = True  # from here on, silence does not mean that nobody has it
        message = EmailMultiAlternatives(mail.subject, mail.body, to=[mail.to], connection=connection)
        if mail.html:
            message.attach_alternative(mail.html, "text/html")
        message.send()
    except ValueError as error:  # an address or a subject no mail can have
        _record_failure(mail, _State.FAILED, error)
    except OSError as error:  # smtplib's are OSErrors too
        _record_failure(mail, _state_after(error, mail, under_way=under_way), error)
    else:
        sent: dict[str, Any] = {"state": _State.SENT, "run_at": None, "sent_at": clock.now()}
        if not settings.DEMO:  # /demo/mail shows it
            sent |= {"body": "", "html": ""}
        StaffMail.objects.filter(pk=mail.pk).update(**sent)
    finally:
        with suppress(OSError):  # what the peer says to a goodbye changes nothing
            connection.close()


def _state_after(error: OSError, mail: StaffMail, *, under_way: bool) -> StaffMail.State:
    code = reply_code(error)
    if code is None and under_way:
        return _State.UNKNOWN
    if (code or 0) >= 500 or mail.attempts >= ATTEMPTS:
        return _State.FAILED
    return _State.QUEUED


def _record_failure(mail: StaffMail, state: StaffMail.State, error: Exception) -> None:
    logger.warning("mail to a user not sent", extra={"mail": mail.pk, "error": type(error).__name__})
    again = None
    if state == _State.QUEUED:
        again = clock.now() + timedelta(seconds=15 * 2**mail.attempts)
    StaffMail.objects.filter(pk=mail.pk).update(state=state, run_at=again, last_error=type(error).__name__)


def stuck_mail(user_ids: Iterable[int]) -> QuerySet[StaffMail]:
    """Return mail to these users that failed or whose result is unknown."""
    return StaffMail.objects.filter(user_id__in=list(user_ids), state__in=[_State.FAILED, _State.UNKNOWN])


def send_again(mail: StaffMail) -> None:
    """Queue a failed or unknown mail again."""
    StaffMail.objects.filter(pk=mail.pk, state__in=[_State.FAILED, _State.UNKNOWN]).update(
        state=_State.QUEUED, run_at=clock.now(), attempts=0, last_error=""
    )
    enqueue(send_staff_mail)
