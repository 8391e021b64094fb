"""Quotas of signed-in customers: messages, files and bytes, per customer and per company.

Counted in the database, under the lock of their access: exact for requests at once, and without the cache.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.formats import MB
from crm.kernel.refusal import Refused
from portal.models.access import PortalAccess
from portal.models.sending import PortalSending

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class QuotaReached(Refused):
    """The quota of a customer or company is used up; `retry_after` in seconds."""

    def __init__(self, sentence: str, window: timedelta) -> None:
        super().__init__(sentence)
        self.retry_after = int(window.total_seconds())


@transaction.atomic
def spend_message(access: PortalAccess) -> None:
    """Count a customer's message. Raises QuotaReached."""
    own, everybody, now = _lock_quota(access)
    kind = PortalSending.Kind.MESSAGE
    if _sum_sendings(own, kind, now - MINUTE) >= settings.PORTAL_MESSAGES_A_MINUTE:
        raise QuotaReached(_("You’ve sent a lot of messages at once. Wait a minute, then try again."), MINUTE)
    if _sum_sendings(own, kind, now - DAY) >= settings.PORTAL_MESSAGES_A_DAY:
        raise QuotaReached(_("You’ve reached today’s limit of messages. Call us if it is urgent."), DAY)
    if _sum_sendings(everybody, kind, now - DAY) >= settings.PORTAL_MESSAGES_A_DAY_IN_ALL:
        raise QuotaReached(_("We can’t take more messages here today. Call us or send an email."), DAY)
    PortalSending.objects.create(person_id=access.person_id, kind=kind)


@transaction.atomic
def spend_files(access: PortalAccess, *sizes: int) -> None:
    """Count a customer's files by their sizes in bytes. Raises QuotaReached."""
    own, everybody, now = _lock_quota(access)
    kind = PortalSending.Kind.FILE
    if _sum_sendings(own, kind, now - MINUTE) + len(sizes) > settings.PORTAL_FILES_A_MINUTE:
        raise QuotaReached(_("You’ve sent a lot of files at once. Wait a minute, then send the rest."), MINUTE)
    limits = (
        (own, settings.PORTAL_FILES_A_DAY, settings.PORTAL_MEGABYTES_A_DAY),
        (everybody, settings.PORTAL_FILES_A_DAY_IN_ALL, settings.PORTAL_MEGABYTES_A_DAY_IN_ALL),
    )
    for sent, most_files, most_megabytes in limits:
        day = sent.filter(kind=kind, at__gt=now - DAY).aggregate(number=Sum("number"), size=Sum("size"))
        is_many = (day["number"] or 0) + len(sizes) > most_files
        if is_many or (day["size"] or 0) + sum(sizes) > most_megabytes * MB:
            raise QuotaReached(_("We can’t take more files here today. Send the rest tomorrow, or call us."), DAY)
    PortalSending.objects.create(person_id=access.person_id, kind=kind, number=len(sizes), size=sum(sizes))


def _lock_quota(access: PortalAccess) -> tuple[QuerySet[Any], QuerySet[Any], datetime]:
    """Lock the access to serialise concurrent requests; return the usage of the customer and of all, and now."""
    access.lock()
    now = clock.now()
    PortalSending.objects.filter(person=access.person_id, at__lte=now - DAY).delete()
    return PortalSending.objects.filter(person=access.person_id), PortalSending.objects.all(), now


def _sum_sendings(sent: QuerySet[Any], kind: PortalSending.Kind, since: datetime) -> int:
    return sent.filter(kind=kind, at__gt=since).aggregate(number=Sum("number"))["number"] or 0
