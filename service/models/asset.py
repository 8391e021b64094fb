"""Asset: something installed on a property. Its maintenance plans a follow-up; its warranty starts triggers."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Property
from crm.platform.events import events
from crm.platform.models import Change, ChangedRow, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from crm.platform.undo import Undoable, restore_columns
from followups.models import FollowUp, FollowUpKind, FollowUpStatus
from service.models.queryset import AssetQuerySet

MORNING = time(9)
CAUSE = "asset"


class Asset(Undoable):
    """An asset of a property, installed by a job."""

    undo_columns = ("name", "installed_on", "warranty_until", "maintenance_due", "every_months", "removed_at")
    undo_named_with = ("job",)

    uid = public_id()
    site = TenantForeignKey(Property, models.CASCADE, related_name="assets")
    job = TenantForeignKey(Job, models.CASCADE, related_name="assets")
    name = models.CharField(max_length=120)
    installed_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    maintenance_due = models.DateField(null=True, blank=True)
    # How often it is maintained; null: when somebody says.
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(AssetQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="asset_uid_is_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="asset_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["tenant", "site", "id"], name="asset_of_site"),
            models.Index(fields=["tenant", "maintenance_due"], name="asset_by_maintenance"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def undo_name(self) -> str:
        return f"{self.name} · {self.job.title}"

    @classmethod
    @transaction.atomic
    def register(
        cls,
        job: Job,
        name: str,
        *,
        by: Member,
        installed_on: date | None = None,
        warranty_until: date | None = None,
        maintenance_due: date | None = None,
        every_months: int | None = None,
    ) -> "Asset":
        """Add an asset to the job's property. Raises Refused without a name or a property."""
        name = " ".join(name.split())[:120]
        if not name or job.site_id is None:
            raise Refused(gettext("Enter a name. The job also needs an address."))
        row: Asset = cls.objects.create(
            job=job,
            site_id=job.site_id,
            name=name,
            installed_on=installed_on,
            warranty_until=warranty_until,
            maintenance_due=maintenance_due,
            every_months=every_months,
        )
        row.refresh_from_db(fields=["uid"])
        row._record("asset.registered", by)
        row._plan_maintenance(by)
        return row

    @transaction.atomic
    def maintain(self, on: date, *, by: Member) -> None:
        """Record maintenance and schedule the next. Raises Refused once it is removed."""
        self.lock()
        if self.removed_at:
            raise Refused(gettext("It no longer exists."))
        if self.every_months:
            self.maintenance_due = after_months(on, self.every_months)
        else:
            self.maintenance_due = None
        self.save(update_fields=["maintenance_due"])
        self._record("asset.maintained", by)
        self._plan_maintenance(by)

    @transaction.atomic
    def set_warranty(self, until: date | None, *, by: Member) -> None:
        """Set the last day of the warranty. Idempotent. Raises Refused once it is removed."""
        self.lock()
        if self.removed_at:
            raise Refused(gettext("It no longer exists."))
        if self.warranty_until != until:
            self.warranty_until = until
            self.save(update_fields=["warranty_until"])
            self._record("asset.dated", by)

    @transaction.atomic
    def schedule_maintenance(self, due: date | None, *, by: Member) -> None:
        """Set the day of the next maintenance. Idempotent. Raises Refused once it is removed."""
        self.lock()
        if self.removed_at:
            raise Refused(gettext("It no longer exists."))
        if self.maintenance_due != due:
            self.maintenance_due = due
            self.save(update_fields=["maintenance_due"])
            self._record("asset.dated", by)
            self._plan_maintenance(by)

    @transaction.atomic
    def remove(self, *, by: Member) -> None:
        """Mark the asset as removed; nothing more is planned for it. Idempotent."""
        self.lock()
        if self.removed_at is None:
            self.removed_at = clock.now()
            self.save(update_fields=["removed_at"])
            self._record("asset.removed", by)
            self._plan_maintenance(by)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        restore_columns(rows, recorded)
        for row in rows:
            row._plan_maintenance(by)
            row._record("asset.undone", by)

    def _plan_maintenance(self, by: Member) -> None:
        """Plan a follow-up for future maintenance, and cancel those of days that no longer apply."""
        origin = ""
        if self.removed_at is None and self.maintenance_due:
            origin = f"{maintenance_origin(self.pk)}{self.maintenance_due}"
        mine = FollowUp.objects.filter(origin__startswith=f"asset:{self.pk}:")
        for row in mine.open().exclude(origin=origin):
            row.cancel(by=by, cause=CAUSE)
        if not origin or self.maintenance_due is None:
            return
        at = datetime.combine(self.maintenance_due, MORNING, directory().zone)
        if at <= clock.now():
            return
        present = mine.filter(origin=origin).first()
        if present is None:
            self._plan_visit(at, origin, by)
        elif present.status == FollowUpStatus.CANCELLED:
            present.reopen(by=by)

    def _plan_visit(self, at: datetime, origin: str, by: Member) -> None:
        job = None
        if self.job.is_open:
            job = self.job
        FollowUp.plan(
            kind=FollowUpKind.CALL,
            subject=gettext("Maintenance: %(name)s") % {"name": self.name},
            due_at=at,
            by=by,
            job=job,
            person_id=self.job.person_id,
            assignee=self.job.member or by,
            cause=CAUSE,
            origin=origin[:40],
        )

    def _record(self, kind: str, by: Member) -> None:
        events.record(kind, subject=self, by=by, data={}, job_id=self.job_id)


def maintenance_origin(asset_id: int) -> str:
    """Return what the origins of an asset's calls about maintenance begin with; the day follows."""
    return f"asset:{asset_id}:maintenance:"


def after_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
