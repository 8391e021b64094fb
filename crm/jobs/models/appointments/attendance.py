"""Attendance: a member attends an appointment. A constraint prevents overlapping attendances of one member."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import connection, models
from django.db.models import F, Q

from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.tenancy.context import required_tenant_id


class TsTzRange(models.Func):
    """A database range of instants, with its start and without its end."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Attendance(TenantModel):
    """One member at one live appointment, including the travel time after it."""

    TAKEN: ClassVar[str] = "member_is_at_one_appointment_at_a_time"

    appointment = TenantForeignKey("jobs.Appointment", models.CASCADE, related_name="attendances")
    member = TenantForeignKey(Member, models.PROTECT, related_name="+")
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()
    # Whether it is planned, confirmed or held: a cancelled one takes nobody's time.
    is_live = models.BooleanField(default=True)
    # At the other time that the customer is asked about, which is held beside the one that was agreed.
    is_offered = models.BooleanField(default=False, db_default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "appointment", "member", "is_offered"], name="member_attends_once"
            ),
            models.CheckConstraint(condition=Q(busy_until__gt=F("busy_from")), name="attendance_has_a_length"),
            ExclusionConstraint(
                name="member_is_at_one_appointment_at_a_time",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (TsTzRange("busy_from", "busy_until"), RangeOperators.OVERLAPS),
                    # An appointment's other time may touch its own.
                    ("appointment", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(is_live=True),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "member", "busy_from"], name="attendance_of_member")]

    def __str__(self) -> str:
        return f"member {self.member_id} from {self.busy_from:%Y-%m-%d %H:%M}"

    def overlaps(self, begins: datetime, ends: datetime) -> bool:
        """Return True if it overlaps an interval."""
        return self.busy_from < ends and self.busy_until > begins


def hold_time_of(member_ids: Iterable[int]) -> None:
    """Lock these members' time until the transaction ends, in a fixed order to prevent deadlocks.

    The constraint of Attendance holds without it; with it the second sees what is in the way, and can say so.
    """
    numbers = sorted(_lock_number(pk) for pk in set(member_ids))
    with connection.cursor() as cursor:
        cursor.execute("select count(pg_advisory_xact_lock(n)) from unnest(%s::bigint[]) as n", [numbers])


def _lock_number(member_id: int) -> int:
    name = f"{required_tenant_id()}:{member_id}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8, person=b"appointments").digest(), "big", signed=True)
