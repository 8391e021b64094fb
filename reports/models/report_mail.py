"""ReportMail: a report mailed to chosen members every week, month or quarter. ReportRecipient: one of them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from reports.periods import month_before, quarter_before, quarter_of, week_before

# The kind of the due row that mails it.
MAIL = "report.mail"


class Rhythm(models.TextChoices):
    WEEKLY = "week", gettext_lazy("every week")
    MONTHLY = "month", gettext_lazy("every month")
    QUARTERLY = "quarter", gettext_lazy("every quarter")


# Days until any report of a rhythm has left once.
LONGEST = {str(Rhythm.WEEKLY): 8, str(Rhythm.MONTHLY): 62, str(Rhythm.QUARTERLY): 124}


class ReportMail(Archivable):
    """A report by mail: its sections, schedule and next time. Times are in the organization's time zone."""

    noun = "report_mail"

    uid = public_id()
    name = models.CharField(max_length=80)
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    # The weekday, Monday 1, or the day of the month (of a quarter, of its first month), 28 at most; and the hour.
    day = models.PositiveSmallIntegerField(default=1)
    hour = models.PositiveSmallIntegerField(default=7)
    # Keys of reports/home/sections.py, in the order they stand in the mail.
    sections = models.JSONField(default=list)
    # When it leaves next; null while it is archived.
    next_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="report_mail_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(rhythm="week", day__range=(1, 7)) | Q(rhythm__in=["month", "quarter"], day__range=(1, 28)),
                name="report_mail_has_a_day_of_its_rhythm",
            ),
            models.CheckConstraint(condition=Q(hour__range=(0, 23)), name="report_mail_has_an_hour"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, *, members: Sequence[Member], by: Member | None, **chosen: Any) -> "ReportMail":
        """Add a report and schedule it. Raises Refused without a section or a member."""
        lock_configuration()
        report = cls(**chosen)
        report._check_and_schedule(members)
        report.save()
        report.refresh_from_db(fields=["uid"])
        report._set_recipients(members)
        report._schedule_mail()
        report._record("report_mail.added", by, {"members": [member.pk for member in members]})
        return report

    @transaction.atomic
    def change(self, *, members: Sequence[Member], by: Member | None, **chosen: Any) -> None:
        """Edit sections, schedule and recipients. Raises Refused without a section or a member."""
        self._lock_with_configuration()
        changed = set_fields(self, chosen)
        before = set(self.recipients.values_list("member_id", flat=True))
        if not changed and before == {member.pk for member in members}:
            return
        self._check_and_schedule(members)
        self.save()
        self._set_recipients(members)
        self._schedule_mail()
        self._record("report_mail.changed", by, {"fields": changed, "members": [member.pk for member in members]})

    def _check_and_schedule(self, members: Sequence[Member]) -> None:
        """Validate the sections and recipients, and compute the next time."""
        if not self.sections:
            raise Refused(_("Choose what the report contains."))
        if not members:
            raise Refused(_("Choose who gets it."))
        most = 28
        if self.rhythm == Rhythm.WEEKLY:
            most = 7
        if not 1 <= self.day <= most:
            raise Refused(_("Choose a day from 1 to %(most)s.") % {"most": most})
        if self.archived_at:
            self.next_at = None
        else:
            self.next_at = self.time_after(clock.now())

    def time_after(self, after: datetime) -> datetime:
        """Return the first scheduled time after an instant."""
        return next_time(self.rhythm, self.day, self.hour, directory().zone, after)

    def _set_recipients(self, members: Iterable[Member]) -> None:
        """Set the recipients; a chosen member who has unsubscribed stays unsubscribed."""
        chosen = {member.pk for member in members}
        self.recipients.exclude(member_id__in=chosen).delete()
        current = set(self.recipients.values_list("member_id", flat=True))
        ReportRecipient.objects.bulk_create(
            ReportRecipient(report=self, member_id=pk) for pk in sorted(chosen - current)
        )

    def _schedule_mail(self) -> None:
        if self.next_at:
            due.schedule(MAIL, self.pk, self.next_at)
        else:
            due.cancel(MAIL, [self.pk])

    def _set_archived(self, at: datetime | None, kind: str, by: Any) -> None:
        self.archived_at = at
        if at:
            self.next_at = None
        else:
            self.next_at = self.time_after(clock.now())
        self.save(update_fields=["archived_at", "next_at"])
        self._schedule_mail()
        self._record(kind, by)

    @transaction.atomic
    def take_turn(self) -> list["ReportRecipient"]:
        """If it is due, schedule the next time and return the recipients: active members who have not unsubscribed."""
        self.lock()
        now = clock.now()
        if self.next_at is None or self.next_at > now:
            return []
        self.next_at = self.time_after(now)
        # Not an edit of the configuration: nobody else's pages change by it.
        ReportMail.objects.filter(pk=self.pk).update(next_at=self.next_at)
        self._schedule_mail()
        members = directory().members
        rows = self.recipients.filter(stopped_at=None).order_by("pk")
        recipients = [row for row in rows if row.member_id in members and members[row.member_id].active]
        self._record("report_mail.mailed", None, {"members": [row.member_id for row in recipients]})
        return recipients


class ReportRecipient(TenantModel):
    """A member who receives a mailed report, or has unsubscribed."""

    report = TenantForeignKey(ReportMail, models.CASCADE, related_name="recipients")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "report", "member"], name="report_is_mailed_once_to_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} to {self.member_id}"

    @transaction.atomic
    def stop(self, *, by: Member) -> None:
        """Unsubscribe from the report. Idempotent."""
        self._set_stopped(True, by)

    @transaction.atomic
    def resume(self, *, by: Member) -> None:
        """Subscribe to the report again. Idempotent."""
        self._set_stopped(False, by)

    def _set_stopped(self, stops: bool, by: Member) -> None:
        self.lock()
        if (self.stopped_at is not None) == stops:
            return
        if stops:
            self.stopped_at = clock.now()
        else:
            self.stopped_at = None
        self.save(update_fields=["stopped_at"])
        kind = "report_mail.resumed"
        if stops:
            kind = "report_mail.stopped"
        events.record(kind, subject=self, by=by, data={"report": self.report_id})


def next_time(rhythm: str, day: int, hour: int, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first instant after the given one at which a report with this schedule is mailed.

    `day`: of a weekly one the weekday, Monday 1; of a monthly one the day of the month, 28 at most; of a quarterly one
    the day of the quarter's first month. `hour`: by the clock on the wall; one that a change of the clocks skips is the
    hour after it.
    """
    today = after.astimezone(zone).date()
    for ahead in range(LONGEST[rhythm] + 1):
        one = today + timedelta(days=ahead)
        if (one.isoweekday() if rhythm == Rhythm.WEEKLY else one.day) != day:
            continue
        if rhythm == Rhythm.QUARTERLY and one.month != quarter_of(one).first.month:
            continue
        at = datetime.combine(one, time(hour), zone).astimezone(UTC)
        if at > after:
            return at
    raise ValueError("no day of a week or month has this number")


def period_of(rhythm: str, day: date) -> DayRange:
    """Return the period of a day's report: the week, month or quarter before."""
    if rhythm == Rhythm.QUARTERLY:
        return quarter_before(day)
    if rhythm == Rhythm.WEEKLY:
        return week_before(day)
    return month_before(day)
