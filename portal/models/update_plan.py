"""UpdatePlan: schedule of a sold job's customer updates (docs/rules.md#k9)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Side
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import CountedVersion, Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from portal.models.update_policy import LONGEST_CADENCE, update_policy

# The due work at the instant a plan's next draft is to be written (portal/updates/drafting/drafts.py).
DRAFT = "update.draft"
# So long before business closes a letter of each day is written.
DAILY_AHEAD = timedelta(hours=3)
# Without a calendar a working day ends at this local time.
CLOSES = time(17)


class UpdatePlanQuerySet(TenantQuerySet["UpdatePlan"]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of jobs a member may see."""
        return self.filter(job_id__in=Job.objects.visible_to(member).values("pk"))

    def running(self) -> Self:
        """Filter those with a next update."""
        return self.filter(next_due_at__isnull=False)


class UpdatePlan(CountedVersion):
    """The cadence of a job's customer updates and the time of the next one."""

    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    # Null: as the organization has it.
    cadence_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # They asked to be told when it is done, and not before.
    only_the_end = models.BooleanField(default=False)
    # They asked for one letter with all that happened, instead of a message about each thing.
    is_gathered = models.BooleanField(default=False)
    # Up to when everything has been told.
    told_until = models.DateTimeField(default=clock.now)
    # Null: none is due, for the job has ended or waits, or the plan does.
    next_due_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(UpdatePlanQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job"], name="update_plan_is_one_a_job"),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(next_due_at__isnull=True), name="paused_plan_has_no_next_update"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "next_due_at"], condition=Q(next_due_at__isnull=False), name="update_plan_by_day"
            )
        ]

    def __str__(self) -> str:
        return f"updates of {self.job_id}"

    @property
    def days(self) -> int:
        """Days between two updates."""
        return self.cadence_days or update_policy().cadence_days

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def hears_each(self) -> bool:
        """True if single events are sent at once as messages (portal/preferences/withheld.py)."""
        return not (self.only_the_end or self.is_gathered or self.is_paused)

    def draft_at(self) -> datetime | None:
        """Return when to write the next draft; None if none is due."""
        if self.next_due_at is None:
            return None
        ahead = timedelta(days=update_policy().ahead_days)
        # A letter of each day is written on its day, of what there is by then.
        return max(self.next_due_at - (DAILY_AHEAD if self.is_daily else ahead), self.told_until)

    @property
    def is_daily(self) -> bool:
        return self.is_gathered and self.days == 1

    def waits_for_news(self, now: datetime) -> bool:
        """True if a daily update waits for news; without news it is sent at the usual interval."""
        usual = timedelta(days=update_policy().cadence_days)
        return self.is_daily and now - (self.last_sent_at or self.told_until) < usual

    # Verbs

    @classmethod
    @transaction.atomic
    def begin_all(cls, jobs: Sequence[Job], *, told_until: datetime | None = None) -> None:
        """Create plans for these sold jobs; those that have one are skipped."""
        now = clock.now()
        planned = set(cls.objects.filter(job_id__in=[job.pk for job in jobs]).values_list("job_id", flat=True))
        new = [cls(job=job, told_until=told_until or now) for job in jobs if job.pk not in planned]
        for plan in new:
            if hears_updates(plan.job):
                plan.next_due_at = plan._due_after(now)
            else:
                plan.next_due_at = None
        cls.objects.bulk_create(new, ignore_conflicts=True)
        made = list(cls.objects.filter(job_id__in=[plan.job_id for plan in new]).select_related("job").order_by("pk"))
        schedule_drafts(made)
        events.record_all([EventDraft("update_plan.begun", plan, {}, plan.job_id) for plan in made], by=None)

    @transaction.atomic
    def pause(self, reason: str, *, by: Member | None) -> None:
        """Pause the updates until they are resumed. Idempotent. Raises Refused without a reason."""
        self.lock()
        if self.is_paused:
            return
        if not (words := " ".join(reason.split())[:200]):
            raise Refused(_("Enter why the customer gets no updates."))
        self.paused_at = clock.now()
        self.pause_reason = words
        self.next_due_at = None
        self._save("paused_at", "pause_reason", "next_due_at")
        self._record("update_plan.paused", by, {"reason": words})

    @transaction.atomic
    def resume(self, *, by: Member | None) -> None:
        """Resume the updates from today on. Idempotent."""
        self.lock()
        if not self.is_paused:
            return
        self.paused_at = None
        self.pause_reason = ""
        self._set_next(clock.now())
        self._save("paused_at", "pause_reason", "next_due_at")
        self._record("update_plan.resumed", by, {})

    @transaction.atomic
    def set_cadence(
        self, days: int | None, *, only_the_end: bool = False, is_gathered: bool = False, by: Member | None
    ) -> None:
        """Set the cadence; `days` None: the tenant's default. Idempotent. Raises Refused."""
        self.lock()
        if days is not None and not 1 <= days <= LONGEST_CADENCE:
            raise Refused(_("Enter a number of days from 1 to %(most)s.") % {"most": LONGEST_CADENCE})
        if (self.cadence_days, self.only_the_end, self.is_gathered) == (days, only_the_end, is_gathered):
            return
        self.cadence_days = days
        self.only_the_end = only_the_end
        self.is_gathered = is_gathered
        self._set_next(self.last_sent_at or clock.now())
        self._save("cadence_days", "only_the_end", "is_gathered", "next_due_at")
        cadence = {"days": days, "only_the_end": only_the_end, "is_gathered": is_gathered}
        self._record("update_plan.cadence_set", by, cadence)

    @classmethod
    def settle_all(cls, plans: Sequence["UpdatePlan"], restarted: Iterable[int] = ()) -> list["UpdatePlan"]:
        """Recompute the next day of locked plans; none for a job that ended or is on hold.

        `restarted`: the jobs whose customers have just heard something, and so are counted for anew: not where all
        is told in one letter, which keeps its day. Returns those whose day changed.
        """
        now = clock.now()
        anew = set(restarted)
        changed = []
        for plan in plans:
            was = plan.next_due_at
            if not plan._is_wanted():
                plan.next_due_at = None
            elif was is None or (plan.job_id in anew and not plan.is_gathered):
                plan.next_due_at = plan._due_after(now)
            if plan.next_due_at != was:
                plan.version += 1
                changed.append(plan)
        bulk_write.save_all(changed, ["next_due_at", "version"])
        schedule_drafts(changed)
        return changed

    def note_told(self, until: datetime, at: datetime) -> None:
        """Record that everything until an instant was sent; the next is scheduled from `at`. Needs a locked plan."""
        self.told_until = max(self.told_until, until)
        self.last_sent_at = at
        self._set_next(at)
        self._save("told_until", "last_sent_at", "next_due_at")

    def postpone(self) -> None:
        """Reschedule from today, because an update was skipped. Needs a locked plan."""
        self._set_next(clock.now())
        self._save("next_due_at")

    # How it is done

    @classmethod
    def lock_all(cls, rows: models.QuerySet[Any]) -> list[Any]:
        """Lock plans and load their jobs."""
        plans = super().lock_all(rows)
        models.prefetch_related_objects(plans, "job")
        return plans

    def _is_wanted(self) -> bool:
        return hears_updates(self.job) and not self.is_paused and not self.only_the_end

    def _set_next(self, since: datetime) -> None:
        """Set when the next update is due, from an instant; None if the customer gets none."""
        if self._is_wanted():
            self.next_due_at = self._due_after(since)
        else:
            self.next_due_at = None

    def _due_after(self, since: datetime) -> datetime:
        setup = directory()
        hours = setup.calendars.get(setup.calendar_of(self.job.brand_id) or 0)
        if hours:
            zone = hours.zone
        else:
            zone = setup.zone
        return due_day(max(since, clock.now() - timedelta(days=1)), self.days, hours, zone)

    def _save(self, *fields: str) -> None:
        super()._save(*fields)
        schedule_drafts([self])

    def _record(self, kind: str, by: Member | None, data: dict[str, Any]) -> None:
        events.record(kind, subject=self, by=by, data=data, job_id=self.job_id)


def due_day(since: datetime, days: int, hours: BusinessHours | None, zone: ZoneInfo) -> datetime:
    """Return the close of business that many days later; on a closed day, that of the next open one."""
    wanted = since + timedelta(days=days)
    if hours is None:
        return datetime.combine(wanted.astimezone(zone).date(), CLOSES, zone).astimezone(UTC)
    opens = hours.opening(wanted)
    midnight = datetime.combine(opens.astimezone(hours.zone).date() + timedelta(days=1), time(), hours.zone)
    last = None
    for span in hours.intervals(opens, midnight):
        last = span.end
    return (last or opens).astimezone(UTC)


def hears_updates(job: Job) -> bool:
    """True if a job's customer gets updates: the job is sold, under way and not on hold."""
    return job.is_open and job.is_sold and job.side != Side.PAUSED


def schedule_drafts(plans: Iterable[UpdatePlan]) -> None:
    """Schedule the next draft of these plans; cancel it for those without a due update."""
    times = {plan.pk: plan.draft_at() for plan in plans}
    due.schedule_all(DRAFT, [(pk, at) for pk, at in times.items() if at])
    due.cancel(DRAFT, [pk for pk, at in times.items() if at is None])
