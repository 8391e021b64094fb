"""Turn a sequence on, after showing what that means, also for those in its test."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.models.tenant import lock_configuration
from crm.web.reader import Reader
from crm.web.requests.form_version import is_stale, stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.editor.entry_forecast import forecast_entry
from followups.sequences.editor.entry_rules import entry_rules
from followups.sequences.editor.sequence_draft import saved_sentences
from followups.sequences.enrolling import enrol_all
from followups.sequences.enrolments.entry_choice import started_sentence
from followups.sequences.models import Enrolment, EnrolmentEntry, Sequence, SequenceMode
from followups.sequences.models.enrolment import ENTERED
from followups.sequences.models.sequence import CircleRefused
from followups.sequences.setup import problem_of
from followups.sequences.views.editor import form_version
from followups.sequences.views.enrol import MOST
from followups.sequences.views.frame import MANAGE, get_sequence, page_context

# What the form sends where those in the test are to start, too.
TESTED = "tested"


@require(MANAGE)
def turn_on(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Ask to confirm turning a sequence on, showing the consequences. A POST turns it on."""
    if request.method != "POST":
        return _render_question(request, get_sequence(uid))
    lock_configuration()
    row = get_sequence(uid)
    if is_stale(request, form_version(row)):
        return _render_question(request, row, 409, stale_message())
    if row.archived_at or problem_of(row):
        return _render_question(request, row, 422)
    try:
        _turn_on(request, row)
    except CircleRefused as why:
        return _render_question(request, row, 422, str(why))
    return redirect("sequences:sequence", request.tenant.slug, row.uid)


def _turn_on(request: TenantRequest, row: Sequence) -> None:
    """Turn it on, start it for those in its test if that was chosen, and say so."""
    jobs: list[Job] = []
    if request.POST.get("begin") == TESTED and _count_tested(request, row):
        jobs = list(_tested_leads(request, row))
    with transaction.atomic():
        row.switch(SequenceMode.ON, by=request.member)
        words = [_("“%(name)s” is on.") % {"name": row.name}]
        undo_url = ""
        if jobs:
            outcome = enrol_all(row, jobs, by=request.member, entry=EnrolmentEntry.BULK)
            change = undo.record_created(ENTERED, outcome.entered, by=request.member, at=clock.now())
            words.append(started_sentence(len(outcome.entered), len(outcome.refused), row.name))
            undo_url = _undo_url(request, change)
    messages.success(request, " ".join(words), extra_tags=undo_url)


def _undo_url(request: TenantRequest, change: Change) -> str:
    if change.pk is None:
        return ""
    return reverse("undo", args=[request.tenant.slug, change.uid])


def _tested_leads(request: TenantRequest, row: Sequence) -> "QuerySet[Job]":
    """Return the leads that are in the test of a sequence now."""
    inside = Enrolment.objects.inside().in_test().filter(sequence=row)
    jobs: QuerySet[Job] = Job.objects.visible_to(request.member).filter(pk__in=inside.values("job_id"))
    return jobs.order_by("pk")


def _count_tested(request: TenantRequest, row: Sequence) -> int:
    """Count the leads that are in the test of a sequence now; zero if they are too many to start at once."""
    if not row.is_in_test:
        return 0
    count = _tested_leads(request, row)[: MOST + 1].count()
    if count > MOST:
        return 0
    return count


def _render_question(request: TenantRequest, row: Sequence, status: int = 200, told: str = "") -> HttpResponse:
    if row.archived_at:
        problem = _("It is archived. Restore it first.")
    else:
        problem = problem_of(row)
    reader = Reader.of(request.member, clock.now())
    context = {
        "sequence": row,
        "sentences": saved_sentences(row),
        "problem": problem,
        "rules": entry_rules(row, request.tenant.slug),
        "forecast": None if problem else forecast_entry(row, request.member, reader, request.tenant.slug),
        "resting": Enrolment.objects.inside().in_test(False).filter(sequence=row).count(),
        "tested": _count_tested(request, row),
        "version": form_version(row),
        "told": told,
        "trouble": status >= 400,
        **page_context(request),
    }
    return render(request, "followups/sequences/turn_on.html", context, status=status)
