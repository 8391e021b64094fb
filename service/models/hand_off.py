"""HandOff: a sold job on its way from sales to service: what was promised, what is missing, and service's answer."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, cast

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job, Level
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import (
    Change,
    ChangedRow,
    Member,
    TenantForeignKey,
    TenantManager,
    TenantOneToOneField,
)
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from crm.platform.undo import Undoable, restore_columns
from crm.platform.work import due
from service.models.hand_off_checklist import checklist_of
from service.models.project import Project
from service.models.project_template import ProjectTemplate, template_for
from service.models.queryset import HandOffQuerySet

# The due work at the instants an answer is late, and far too late.
LATE = "handoff.late"
FAR = "handoff.far"
# So long an answer can be taken back.
UNDO_FOR = timedelta(minutes=15)
# A working day, for a brand without working hours.
DAY = timedelta(days=1)


class HandOffState(models.TextChoices):
    """Open: service is to answer. Returned: the seller is. Withdrawn: it is not sold after all."""

    OPEN = "open", _("Waits for service")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReturnReason(models.TextChoices):
    DATE = "date", _("Date can’t be met")
    SCOPE = "scope", _("Scope is not clear")
    PAPER = "paper", _("Document is missing")
    PRICE = "price", _("Price does not cover the work")
    OTHER = "other", _("Other")


UNANSWERED = (HandOffState.OPEN, HandOffState.RETURNED)


def due_dates(brand_id: int, opened_at: datetime) -> tuple[datetime, datetime]:
    """Return when an answer is late (one working day of the brand), and when a manager is notified (two)."""
    configuration = directory()
    calendar_id = configuration.calendar_of(brand_id)
    if calendar_id is None:
        return opened_at + DAY, opened_at + 2 * DAY
    hours = configuration.calendars[calendar_id]
    return hours.add(opened_at, hours.workday), hours.add(opened_at, 2 * hours.workday)


class HandOff(JobPart, Undoable):
    """One sold job, until service has accepted it. It ages from the sale on, whatever the job's own clock does."""

    undo_named_with = ("job",)
    undo_columns = (
        *("state", "answered_at", "answered_by_id", "return_reason", "return_note", "returned", "due_at", "far_at"),
        "version",
    )

    uid = public_id()
    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="hand_off")
    state = models.CharField(max_length=9, choices=HandOffState, default=HandOffState.OPEN)
    # What the job is set up from when it is accepted, and what the checklist asks besides.
    template = TenantForeignKey(ProjectTemplate, models.SET_NULL, null=True, blank=True, related_name="+")
    # Who sold it, and answers what service asks.
    seller = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    # When an answer is late (one working day), and when a manager is told (two).
    due_at = models.DateTimeField()
    far_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.CharField(max_length=8, choices=ReturnReason, blank=True)
    # What the seller has to do.
    return_note = models.TextField(blank=True)
    # How often it was sent back.
    returned = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(HandOffQuerySet)()
    # The reverse sides of Promise, HandOffItem and HandOffQuestion.
    promises: Any
    items: Any
    questions: Any

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="hand_off_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn")) | Q(answered_at__isnull=False),
                name="hand_off_is_answered_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "due_at", "job"], name="hand_off_order"),
            models.Index(
                fields=["tenant", "due_at"], condition=Q(state__in=("open", "returned")), name="hand_off_unanswered"
            ),
            models.Index(fields=["tenant", "seller", "opened_at"], name="hand_off_of_seller"),
        ]

    def __str__(self) -> str:
        return f"hand-off of job {self.job_id}"

    # What it is

    @property
    def undo_name(self) -> str:
        return str(self.job.title)

    @property
    def is_unanswered(self) -> bool:
        return self.state in UNANSWERED

    @property
    def accepted_by(self) -> Member | None:
        """Who accepted it, if somebody did."""
        if self.state == HandOffState.ACCEPTED:
            return self.answered_by
        return None

    def level_at(self, at: datetime) -> Level:
        """How late an answer is: by the colours of every clock."""
        if not self.is_unanswered:
            return Level.ENDED
        if at >= self.far_at:
            return Level.CRIT
        if at >= self.due_at:
            return Level.LATE
        warn_at = self.opened_at + (self.due_at - self.opened_at) * 0.75
        if at >= warn_at:
            return Level.SOON
        return Level.OK

    # Verbs

    @classmethod
    @transaction.atomic
    def open(cls, job: Job, *, seller: Member | None, by: Member | None) -> "HandOff":
        """Open the hand-off of a sold job; its line waits. One that is there stays; a withdrawn one opens again."""
        job.lock()
        existing = cls.objects.filter(job=job).first()
        if existing and existing.state != HandOffState.WITHDRAWN:
            return cast("HandOff", existing)
        row = cast("HandOff", existing) or cls(job=job)
        row.state = HandOffState.OPEN
        row.seller = seller
        row.opened_at = clock.now()
        row.answered_at = None
        row.answered_by = None
        row.return_reason = ""
        row.return_note = ""
        row.template = template_for(job.pipeline_id)
        row.due_at, row.far_at = due_dates(job.brand_id, row.opened_at)
        row.version += 1 if existing else 0
        row.save(force_insert=existing is None)
        if not existing:
            row.refresh_from_db(fields=["uid"])
        row._wait(True)
        row._record("handoff.opened", by, {"seller": seller.pk if seller else None})
        return row

    @transaction.atomic
    def choose_template(self, template: ProjectTemplate | None, *, by: Member) -> None:
        """Set the project template. Idempotent. Raises Refused once answered."""
        self.lock()
        self.expect_unanswered()
        if self.template_id != (template.pk if template else None):
            self.template = template
            self._save("template")

    @transaction.atomic
    def accept(self, *, by: Member, starts_on: date | None = None, contact: Member | None = None) -> Project:
        """Accept it and set the job up from its template. Accepted: the project it has.

        Raises Refused while a promise is unanswered, or something is missing that nobody owes; for a withdrawn one.
        """
        self.lock()
        if self.state == HandOffState.ACCEPTED:
            return self.job.project
        self.expect_unanswered()
        if self.promises.filter(answer="").exists():
            raise Refused(gettext("Answer for each promise whether you can keep it."))
        if unowed := self._unowed():
            words = gettext("Enter who will provide this and by when: %(what)s")
            raise Refused(words % {"what": ", ".join(unowed)})
        self.state = HandOffState.ACCEPTED
        self.answered_at = clock.now()
        self.answered_by = by
        self._save("state", "answered_at", "answered_by")
        self._wait(False)
        owed = self.items.filter(done_at=None).count()
        self._record("handoff.accepted", by, {"owed": owed, "waited": self._waited()})
        project = Project.start(self.job, self.template, by=by, starts_on=starts_on)
        if contact:
            self.job.assign_to(contact, by=by)
        return project

    @transaction.atomic
    def send_back(self, reason: str, note: str, *, by: Member) -> None:
        """Return it to the seller; the deal stays sold and its line keeps ageing. Idempotent.

        Raises ValueError for no reason, Refused without what the seller has to do, or once it is answered.
        """
        self.lock()
        if self.state == HandOffState.RETURNED:
            return
        self.expect_unanswered()
        reason = ReturnReason(reason)
        if not note.strip():
            raise Refused(gettext("Enter what sales has to do before handing it off again."))
        self.state = HandOffState.RETURNED
        self.return_reason = reason
        self.return_note = note.strip()[:2000]
        self.answered_at, self.answered_by, self.returned = clock.now(), by, self.returned + 1
        self._save("state", "return_reason", "return_note", "answered_at", "answered_by", "returned")
        self._record("handoff.returned", by, {"reason": reason})

    @transaction.atomic
    def resubmit(self, note: str, *, by: Member) -> None:
        """Hand it over again with a note of what was done; service has a new day to answer. Idempotent."""
        self.lock()
        if self.state == HandOffState.OPEN:
            return
        self.expect_unanswered()
        self.state = HandOffState.OPEN
        self.answered_at = None
        self.answered_by = None
        self.return_note = "\n\n".join(part for part in (self.return_note, note.strip()[:2000]) if part)
        self.due_at, self.far_at = due_dates(self.job.brand_id, clock.now())
        self._save("state", "answered_at", "answered_by", "return_note", "due_at", "far_at")
        self._wait(True)
        self._record("handoff.resubmitted", by, {})

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """End it without an answer because the job is no longer sold, or ended. Idempotent."""
        self.lock()
        if self.is_unanswered:
            self.state = HandOffState.WITHDRAWN
            self.answered_at = None
            self.answered_by = None
            self._save("state", "answered_at", "answered_by")
            self._wait(False)
            self._record("handoff.withdrawn", by, {})

    # Undo

    @classmethod
    def undo_context(cls, ids: Iterable[int]) -> Mapping[int, dict[str, Any]]:
        owners = cls.objects.filter(pk__in=list(ids)).values_list("pk", "job__member_id")
        return {pk: {"member": member_id} for pk, member_id in owners}

    def undo_refusal(self, before: dict[str, Any], change: Change) -> str:
        if clock.now() - change.at > UNDO_FOR:
            return gettext("An answer can be undone for 15 minutes. Send it back, or change the project.")
        project = Project.objects.filter(job_id=self.job_id).first()
        if project is not None and project.has_begun:
            return gettext("The work has already started.")
        return ""

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Withdraw what was set up, give the job back to who had it, and have it wait again."""
        restore_columns(rows, recorded)
        for row in rows:
            project = Project.objects.filter(job_id=row.job_id).first()
            if change.kind == "handoff.accepted" and project is not None:
                project.withdraw(by=by)
                had = (recorded[row.pk].context or {}).get("member")
                row.job.assign_to(Member.objects.filter(pk=had).first() if had else None, by=by)
            row._wait(row.is_unanswered)
            row._record("handoff.undone", by, {"of": change.kind, "since": change.at.isoformat()})

    # How it is done

    def expect_unanswered(self) -> None:
        if self.state == HandOffState.WITHDRAWN:
            raise Refused(gettext("This job is no longer sold."))
        if self.state == HandOffState.ACCEPTED:
            raise Refused(gettext("This job is already accepted."))

    def _unowed(self) -> list[str]:
        """Return in words the missing items that nobody owes."""
        return [check.label for check in checklist_of(self) if check.is_missing and not check.owed]

    def _waited(self) -> int:
        """The seconds from the sale to now."""
        return int((clock.now() - self.opened_at).total_seconds())

    def _wait(self, waits: bool) -> None:
        """Have the job wait or go on; the instants of lateness come, or do not."""
        self.job.await_acceptance(waits)
        if waits:
            due.schedule(LATE, self.pk, self.due_at)
            due.schedule(FAR, self.pk, self.far_at)
        else:
            due.cancel(LATE, [self.pk])
            due.cancel(FAR, [self.pk])
