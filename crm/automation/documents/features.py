"""Register rules about documents: triggers for new documents, and for a time before or after expiry."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.automation.escalation import taken_up_signal
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.moves import StageMove, StageMoveSource
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import (
    Anchor,
    Chosen,
    DayWriter,
    EventTrigger,
    TimeTrigger,
    about_job,
    morning_of_day,
)
from crm.documents.kinds import document_kinds, offered_kinds
from crm.documents.models import Document, DocumentRequest
from crm.documents.models.document_request_record import WAITING
from crm.documents.models.visibility import DocumentVisibility
from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.features import Feature
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet

DOCUMENT = "document"


def _kind_choices(member: Member) -> list[Choice]:
    return [Choice(str(pk), kind.name) for pk, kind in document_kinds().items()]


def _visibility_choices(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in DocumentVisibility.choices]


class DocumentRuleFilters(FilterSet):
    """Filters of documents in rule conditions."""

    kind = ChoiceFilter(_("Kind"), "kind_id", choices=_kind_choices)
    visibility = ChoiceFilter(_("Who sees it"), choices=_visibility_choices)
    title = TextFilter(_("Title"))
    came = DateFilter(_("Came in"), "created_at")


def _expiring_documents(chosen: Chosen) -> Any:
    return Document.objects.live().filter(expires_on__isnull=False)


def _expiry_anchor(row: Document, chosen: Chosen) -> Anchor | None:
    """Return the start of the document's last valid day in the organization's time zone; a new date is a new anchor."""
    if row.expires_on is None:
        return None
    return Anchor(datetime.combine(row.expires_on, time(), directory().zone), row.expires_on.isoformat())


def _may_date(row: Document, member: Member) -> bool:
    return allows(member, "documents.add") and Document.objects.visible_to(member).filter(pk=row.pk).exists()


def _waiting_requests() -> Any:
    return DocumentRequest.objects.filter(state__in=WAITING, due_on__isnull=False)


def _jobs_that_wait(chosen: Chosen) -> Any:
    return Job.objects.filter(pk__in=_waiting_requests().values("job_id"))


def _due_anchors(jobs: Collection[Job], chosen: Chosen) -> Iterator[tuple[int, Anchor]]:
    """Yield the due dates of the documents that some jobs wait for: each request has its own."""
    by_id = {job.pk: job for job in jobs}
    requests = _waiting_requests().filter(job_id__in=by_id)
    for job_id, pk, day in requests.values_list("job_id", "pk", "due_on"):
        yield job_id, Anchor(morning_of_day(day, by_id[job_id].brand_id), f"{pk}:{day}")


def _request_of(value: str) -> DocumentRequest | None:
    """Return the request that an anchor's value names first."""
    request: DocumentRequest | None = DocumentRequest.objects.filter(pk=value.partition(":")[0]).first()
    return request


def _due_label(job: Job, value: str, chosen: Chosen) -> str:
    request = _request_of(value)
    return gettext("“%(title)s” is due") % {"title": request.title if request else ""}


def _may_write_due(job: Job, member: Member) -> bool:
    return allows(member, "documents.share") and job.is_visible_to(member)


def _write_due(job: Job, value: str, chosen: Chosen, day: date, by: Member) -> None:
    request = _request_of(value)
    if request:
        request.postpone(day, by=by)


class KindOptions(Options):
    """Trigger option: a kind of documents."""

    kind = forms.ChoiceField(
        label="",
        error_messages={
            "required": _("Choose a document type; add one in Settings, “Document types”."),
            "invalid_choice": _("Its document type no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(str(kind.pk), kind.name) for kind in offered_kinds()]  # type: ignore[attr-defined]


def _of_kind(event: Event, chosen: Chosen) -> bool:
    return str(event.data.get("kind")) == chosen["kind"]


def _is_shown(event: Event, chosen: Chosen) -> bool:
    """True if staff have just made a document of this kind visible to the customer."""
    ours = event.kind == "document.shown" or (
        event.data.get("visibility") != DocumentVisibility.INTERNAL and event.actor_id is not None
    )
    return ours and _of_kind(event, chosen)


def _document_moves() -> Iterable[StageMove]:
    """Yield the stage moves of documents: sent, received and accepted, for each active kind that is not for photos."""
    for kind in offered_kinds():
        if not kind.is_photo:
            name = {"kind": kind.name}
            options = {"kind": str(kind.pk)}
            sent = _("a document is sent: %(kind)s") % name
            came = _("a document arrives: %(kind)s") % name
            accepted = _("a customer’s document is accepted: %(kind)s") % name
            yield StageMove(f"sent-{kind.pk}", sent, "job.document_shown", options, is_common=False)
            yield StageMove(f"came-{kind.pk}", came, "job.document_added", options, is_common=False)
            yield StageMove(f"accepted-{kind.pk}", accepted, "job.document_accepted", options, is_common=False)


def _person_id(row: Document) -> int | None:
    return row.person_id or (row.job.person_id if row.job else None)


FEATURES: list[Feature] = [
    RecordKind(
        key=DOCUMENT,
        model=Document,
        filterset=DocumentRuleFilters,
        noun=_("a document"),
        group=_("Documents"),
        job_id=lambda row: row.job_id,
        member_id=lambda row: row.job.member_id if row.job_id else None,
        person_id=_person_id,
        title=lambda row: row.title,
        related=("job",),
        brand_id=lambda row: row.job.brand_id if row.job_id else None,
    ),
    EventTrigger(name="document.added", record=DOCUMENT, label=_("is created"), events=("document.added",)),
    EventTrigger(
        name="document.replaced",
        record=DOCUMENT,
        label=_("gets a new version"),
        events=("document.replaced",),
    ),
    EventTrigger(
        name="job.document_added",
        record=JOB,
        label=_("receives a document of type"),
        options=KindOptions,
        events=("document.added",),
        heeds=_of_kind,
        about=about_job,
    ),
    EventTrigger(
        name="job.document_shown",
        record=JOB,
        label=_("shares a document with the customer, of type"),
        options=KindOptions,
        events=("document.added", "document.shown"),
        heeds=_is_shown,
        about=about_job,
    ),
    EventTrigger(
        name="job.document_accepted",
        record=JOB,
        label=_("has a customer’s document accepted, of type"),
        options=KindOptions,
        events=("document_request.accepted",),
        heeds=_of_kind,
        about=about_job,
    ),
    StopSignal(
        name="job.document_received",
        record=JOB,
        label=_("the customer sends a document"),
        events=("document.added", "document.replaced"),
        about=about_job,
        heeds=lambda event: event.actor_id is None,
    ),
    StageMoveSource(_document_moves),
    TimeTrigger(
        name="document.expires",
        record=DOCUMENT,
        label=_("expires"),
        rows=_expiring_documents,
        anchor=_expiry_anchor,
        by_day=True,
        events=tuple(f"document.{what}" for what in "added replaced dated archived restored undone".split()),
        before=True,
        grace=timedelta(days=30),
        writer=DayWriter(
            label=lambda row, value, chosen: gettext("Expiry of “%(title)s”") % {"title": row.title},
            may_write=_may_date,
            write=lambda row, value, chosen, day, by: row.set_expiry(day, by=by),
        ),
    ),
    TimeTrigger(
        name="job.document_due",
        record=JOB,
        label=_("waits for a document of the customer that is due"),
        rows=_jobs_that_wait,
        anchors=_due_anchors,
        by_day=True,
        events=tuple(
            f"document_request.{what}"
            for what in "asked postponed received page_removed accepted refused withdrawn undone".split()
        ),
        about=about_job,
        before=True,
        grace=timedelta(days=30),
        writer=DayWriter(label=_due_label, may_write=_may_write_due, write=_write_due),
    ),
    taken_up_signal(DOCUMENT),
]
