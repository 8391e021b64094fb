"""PortalCode: a sign-in code requested for an address: valid for ten minutes, five tries and one use.

Of an address nobody has there is a row as well, without a code: who asks cannot tell the two apart.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.crypto import get_random_string

from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.tenancy import secrets
from portal.models.code_limits import CodeLimits

DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5
KEPT = timedelta(days=1)


class PortalCode(TenantModel):
    """A request for a code. The code itself is only in the message."""

    uid = public_id()
    # What was typed, normalised, and the fingerprint of it.
    address = models.CharField(max_length=254)
    key = models.CharField(max_length=64)
    # Where they are to come back to, in the portal.
    next = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    # Whom it lets in, once it is known whose address it is.
    point = TenantForeignKey(ContactPoint, models.CASCADE, null=True, blank=True, related_name="+")
    # Whether `point` was named when the code was asked for; else everybody who has the address may come in by it.
    is_for_point = models.BooleanField(default=False, db_default=False)
    # Fingerprint of the browser or network that asked (portal/access/code_origin.py).
    origin = models.CharField(max_length=64, blank=True)
    # Whether somebody came in by this address from that browser before.
    is_known_device = models.BooleanField(default=False, db_default=False)
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="portal_code_uid_is_unique")]
        indexes = [
            models.Index(fields=["tenant", "key", "asked_at"], name="portal_code_of_address"),
            models.Index(fields=["tenant", "asked_at"], name="portal_code_by_age"),
        ]

    def __str__(self) -> str:
        return f"code asked for at {self.asked_at:%Y-%m-%d %H:%M}"

    @classmethod
    @transaction.atomic
    def ask(
        cls,
        address: str,
        *,
        origin: str = "",
        is_known_device: bool = False,
        next_page: str = "",
        point: ContactPoint | None = None,
    ) -> "PortalCode":
        """Store the request for a code; a worker looks up the address, so that the response time reveals nothing.

        `point`: whose it is, where they are known already, as several may share a number.
        """
        cls.objects.filter(asked_at__lt=clock.now() - KEPT).delete()
        code: PortalCode = cls.objects.create(
            address=address,
            key=secrets.address_fingerprint(address),
            next=next_page[:300],
            point=point,
            is_for_point=point is not None,
            origin=origin,
            is_known_device=is_known_device,
        )
        code.refresh_from_db(fields=["uid"])
        return code

    @property
    def is_too_much(self) -> bool:
        """True if too many codes were sent to the address: for this origin, or for all unknown ones together."""
        others = PortalCode.objects.filter(key=self.key, asked_at__gt=self.asked_at - KEPT).exclude(pk=self.pk)
        return CodeLimits(others, self.asked_at).is_sent_enough(self)

    def make(self, point: ContactPoint) -> str:
        """Create the code of a contact point and return it for sending. Only its hash is stored."""
        code = get_random_string(DIGITS, "0123456789")
        self.point, self.digest = point, self._digest_of(code)
        self.save(update_fields=["point_id", "digest"])
        return code

    @transaction.atomic
    def take(self, code: str) -> ContactPoint | None:
        """Use up a code: return the address it was sent to if it is correct, else None. See `accepts`."""
        if not self.accepts(code):
            return None
        self.use()
        return self.point

    @transaction.atomic
    def accepts(self, code: str) -> bool:
        """True if a code is correct and still valid. A wrong try is counted; the row stays locked.

        Do not raise after a wrong one: that the try is counted has to be committed.
        """
        self.lock()
        now = clock.now()
        # More of one code could not come in: they do not count against the person.
        self.tries = min(self.tries, TRIES) + 1
        self.save(update_fields=["tries"])
        # Always compared, so that a code that is over takes as long as one that is wrong.
        is_right = hmac.compare_digest(self.digest or "-", self._digest_of(code))
        if not is_right or self.used_at or self.tries > TRIES or self._is_over(now) or self._is_shut(now):
            return False
        self.tries -= 1
        self.save(update_fields=["tries"])
        return True

    def use(self) -> None:
        """Mark an accepted code as used, so that it can't be used again."""
        self.used_at = clock.now()
        self.save(update_fields=["used_at"])

    def _is_over(self, now: datetime) -> bool:
        return now >= self.asked_at + LASTS

    def _is_shut(self, now: datetime) -> bool:
        if self.point is None:
            return True
        tried = PortalCode.objects.filter(point__person=self.point.person_id, asked_at__gt=now - KEPT, used_at=None)
        return CodeLimits(tried, now).is_tried_enough(self)

    def _digest_of(self, code: str) -> str:
        return secrets.number_fingerprint(f"{self.uid.hex}{code}")
