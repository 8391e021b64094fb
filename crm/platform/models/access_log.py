"""AccessLog: which member read whose personal data, once per member, record and hour."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

# Reads this process has recorded for good, by all that makes two of them one; the newest alone.
_ReadKey = tuple[int, int, str, int, datetime]
_MOST = 10_000
_noted: set[_ReadKey] = set()


def _remember_reads(reads: Iterable[_ReadKey]) -> None:
    if len(_noted) >= _MOST:
        _noted.clear()
    _noted.update(reads)


class AccessLogQuerySet(TenantQuerySet["AccessLog"]):
    def note_read(self, subject: models.Model, *, by: models.Model) -> None:
        """Record that a member read a record. Idempotent within the hour."""
        self.note_reads([subject], by=by)

    def note_reads(self, subjects: Iterable[models.Model], *, by: models.Model) -> None:
        """`note_read` of several records, with one statement; none for what this process has noted within the hour."""
        at = clock.now()
        tenant = required_tenant_id()
        hour = at.replace(minute=0, second=0, microsecond=0)
        reads = [(tenant, by.pk, subject._meta.label_lower, subject.pk, hour) for subject in subjects]
        new = [read for read in dict.fromkeys(reads) if read not in _noted]
        if not new:
            return
        rows = [
            AccessLog(member_id=member, subject_kind=kind, subject_id=pk, at=at, hour=hour)
            for _tenant, member, kind, pk, _hour in new
        ]
        self.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(partial(_remember_reads, new))

    def of(self, subject: models.Model) -> "AccessLogQuerySet":
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)


class AccessLog(TenantModel):
    """A read of personal data. Append-only for the app. Partitioned by month (time_partitions.py)."""

    app_may = "select, insert"
    partition_columns = ("hour",)

    member = TenantForeignKey("platform.Member", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    hour = models.DateTimeField()

    objects: ClassVar[Any] = TenantManager.from_queryset(AccessLogQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "member", "hour"], name="access_is_noted_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"
