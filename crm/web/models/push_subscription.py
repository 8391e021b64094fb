"""PushSubscription: a member's browser that shows notices even when no page is open."""

import hashlib
import json
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.http.public_address import ForbiddenAddress, check_url
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.push.encryption import BadKeys, parse_keys
from crm.platform.tenancy.secrets import decrypt, encrypt
from crm.platform.work import due

SEND = "push.send"
# Browsers of one member.
MOST = 10


class PushSubscriptionQuerySet(TenantQuerySet["PushSubscription"]):
    def of(self, member: Member) -> Self:
        return self.filter(member_id=member.pk)


class PushSubscription(TenantModel):
    """Push endpoint and keys of a browser, encrypted because anyone who knows them can push."""

    uid = public_id()
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    # Of the endpoint: the same browser again is the same row.
    fingerprint = models.CharField(max_length=64)
    # Endpoint, p256dh and auth, as JSON.
    sealed = models.TextField()
    # What the member calls the device: "Firefox on Linux".
    name = models.CharField(max_length=80, blank=True)
    # A lock screen shows that there is something, not what.
    is_discreet = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    # Since when something waits to be pushed; null: nothing.
    waiting_since = models.DateTimeField(null=True)
    # The newest notice that was pushed, or stood there before.
    told_until = models.BigIntegerField(default=0)
    pushed_at = models.DateTimeField(null=True)
    # How often in a row it was not taken.
    failures = models.PositiveSmallIntegerField(default=0)
    # Why the last push failed; blank: it did not.
    problem = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(PushSubscriptionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="push_subscription_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "fingerprint"], name="push_subscription_is_one_a_browser"),
        ]
        indexes = [models.Index(fields=["tenant", "member"], name="push_subscription_of_member")]

    def __str__(self) -> str:
        return self.name or str(self.uid)

    @property
    def place(self) -> dict[str, str]:
        """Endpoint and keys. Raises InvalidToken when the key they were sealed with is gone."""
        payload: dict[str, str] = json.loads(decrypt(self.sealed))
        return payload

    @classmethod
    @transaction.atomic
    def add(cls, member: Member, *, endpoint: str, p256dh: str, auth: str, name: str, told_until: int) -> Self:
        """Subscribe a member's browser to push notices. A known browser is reassigned to this member.

        Raises Refused for what is no subscription, or would reach into a private network.
        """
        try:
            check_url(endpoint)
            parse_keys(p256dh, auth)
        except (ForbiddenAddress, BadKeys):
            raise Refused(_("Your browser’s push service cannot be reached from here.")) from None
        fingerprint = hashlib.sha256(endpoint.encode()).hexdigest()
        if cls.objects.of(member).exclude(fingerprint=fingerprint).count() >= MOST:
            raise Refused(_("You have the maximum number of devices. Remove one first."))
        sealed = encrypt(json.dumps({"endpoint": endpoint, "p256dh": p256dh, "auth": auth}))
        row, _is_new = cls.objects.update_or_create(
            fingerprint=fingerprint,
            defaults={
                "member": member,
                "sealed": sealed,
                "name": " ".join(name.split())[:80],
                "told_until": told_until,
                "problem": "",
                "failures": 0,
            },
        )
        row.refresh_from_db()
        return row

    def show(self, *, is_discreet: bool) -> None:
        """Choose what a lock screen shows. Private, so no event."""
        self.is_discreet = is_discreet
        self.save(update_fields=["is_discreet"])

    @transaction.atomic
    def remove(self) -> None:
        """Delete the subscription."""
        due.cancel(SEND, [self.pk])
        self.delete()
