"""StaffNumber: the phone number for a member's text notices, confirmed by a code sent to it."""

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey, TenantModel

# A code counts so long and may be guessed at so often; so many are sent in an hour.
LASTS = timedelta(minutes=10)
HOUR = timedelta(hours=1)
MOST_TRIES = 5
MOST_CODES = 3


class StaffNumber(TenantModel):
    """A member's number in E.164 format. Before it is confirmed, only codes are sent to it."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    number = models.CharField(max_length=20)
    # Of the code under way, its keyed hash; blank: none.
    code = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    # Codes sent since then.
    codes = models.PositiveSmallIntegerField(default=0)
    codes_since = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="member_has_one_number")]

    def __str__(self) -> str:
        return f"of {self.member_id}"

    @classmethod
    def of(cls, member: Member) -> "StaffNumber | None":
        """Return the member's number; None if there is none."""
        row: StaffNumber | None = cls.objects.filter(member=member).first()
        return row

    @classmethod
    @transaction.atomic
    def request_code(cls, member: Member, number: str) -> str:
        """Save a number and return its confirmation code. Raises Refused for a fourth code within an hour."""
        row, _new = cls.objects.get_or_create(member=member, defaults={"number": number})
        row.lock()
        now = clock.now()
        if now - row.codes_since >= HOUR:
            row.codes = 0
            row.codes_since = now
        if row.codes >= MOST_CODES:
            raise Refused(_("Three codes were sent within the hour. Try again later."))
        code = f"{secrets.randbelow(10**6):06}"
        row.number = number
        row.code = _hash_code(code)
        row.asked_at = now
        row.tries = 0
        row.confirmed_at = None
        row.codes += 1
        row.save()
        return code

    @transaction.atomic
    def confirm(self, typed: str) -> bool:
        """Check a code. Returns False if wrong. Raises Refused if no code is valid any more."""
        self.lock()
        if not self.code or clock.now() - self.asked_at > LASTS or self.tries >= MOST_TRIES:
            raise Refused(_("That code is no longer valid. Request a new one."))
        self.tries += 1
        if constant_time_compare(_hash_code("".join(typed.split())), self.code):
            self.confirmed_at = clock.now()
            self.code = ""
        self.save(update_fields=["tries", "confirmed_at", "code"])
        return self.confirmed_at is not None


def _hash_code(code: str) -> str:
    return salted_hmac("crm.web.staff_number", code, algorithm="sha256").hexdigest()
