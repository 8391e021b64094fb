"""Data quality pages: the figures, leads to fix in place, and the form that corrects one lead's facts."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.jobs.list.rows import LeadRowMaker
from crm.jobs.models import Flaw, Job
from crm.jobs.models.job_undo import CORRECTED, REBRANDED
from crm.jobs.quality.accuracy import missing_by_step
from crm.jobs.quality.checks import check, facts_of
from crm.jobs.quality.corrections import ASSIGNING, PARTS, find_part
from crm.jobs.quality.figures import figures
from crm.jobs.quality.parts import CorrectionPart
from crm.jobs.quality.rules import GOAL, RULES, QualityRule
from crm.jobs.views.job_action import answer, back, undo_url
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.models import Person
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Change
from crm.web.actions.row_action import Toast
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.correction_input import CorrectionInput
from crm.web.requests.form_version import is_stale, stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url, records_url

PAGE = 25


@require("jobs.quality")
@require_GET
def quality(request: TenantRequest) -> HttpResponse:
    """Show the figures and the leads that break one rule (`?rule=`), oldest first; `?after=` continues after a lead."""
    rule_figures = figures()
    first = next((rule for rule, count in rule_figures.by_rule if count), None)
    rule = RULES.get(request.GET.get("rule", "")) or first
    gaps = missing_by_step(request.member)
    leads_url = records_url(Job, request.tenant.slug)
    context = {
        "gaps": gaps,
        "leads_url": leads_url,
        "figures": rule_figures,
        "rule": rule,
        "goal": GOAL,
        "may_merge": allows(request.member, "people.merge"),
        **(_queue_context(request, rule) if rule else {}),
    }
    return render(request, "jobs/quality.html", context)


def _queue_context(request: TenantRequest, rule: QualityRule) -> dict[str, Any]:
    behind = read_number(request.GET.get("after")) or 0
    ids = list(
        Flaw.objects.filter(rule=rule.key, job_id__gt=behind)
        .order_by("job_id")
        .values_list("job_id", flat=True)[: PAGE + 1]
    )
    jobs = Job.objects.visible_to(request.member).in_bulk(ids[:PAGE])
    AccessLog.objects.note_reads(jobs.values(), by=request.member)
    maker = LeadRowMaker(request.tenant.slug, Reader.of(request.member, clock.now()), with_owner=True)
    part = PARTS[rule.fix]
    facts = facts_of(jobs.values())
    rows = [
        {
            "row": maker.row(job),
            "part": part,
            "inputs": part.inputs(job, facts[job.pk]),
            "version": part.version(job, facts[job.pk]),
        }
        for job in jobs.values()
    ]
    return {"rows": rows, "more": ids[PAGE - 1] if len(ids) > PAGE else None}


@require("jobs.correct")
def correct(request: TenantRequest, number: int) -> HttpResponse:
    """Show the form of one part of a lead (`?part=`); POST saves it, unless it was changed since."""
    seen = Job.objects.visible_to(request.member).filter(number=number)
    if request.method == "POST":
        job = lock_job(request, number)
    else:
        job = seen.first()
    if job is None:
        raise Http404
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    if "part" not in posted:
        return redirect(record_url(job, request.tenant.slug))
    part = find_part(job, posted["part"], posted.get("of", ""))
    if posted["part"] == "point" and part is None:
        # Another one removed it since.
        return answer(request, job, Toast(stale_message(), HTTPStatus.CONFLICT))
    if part is None or (part.key in ASSIGNING and not allows(request.member, "jobs.assign")):
        raise Http404
    if request.method == "POST":
        return _save_correction(request, job, part)
    AccessLog.objects.note_read(job, by=request.member)
    return _form_response(request, job, part)


def _save_correction(request: TenantRequest, job: Job, part: CorrectionPart) -> HttpResponse:
    if is_stale(request, part.version(job, facts_of([job])[job.pk])):
        return _form_response(request, job, part, stale_message(), status=HTTPStatus.CONFLICT)
    values = {name: tidy(str(value)) for name, value in request.POST.items()}
    try:
        change = save_part(request, job, part, values)
    except Refused as refused:
        return _form_response(request, job, part, str(refused), values, HTTPStatus.UNPROCESSABLE_ENTITY)
    fresh = Job.objects.get(pk=job.pk)
    check([fresh])
    return _correction_response(request, fresh, part, undo_url(request, change.uid) if change.pk else "")


def save_part(request: TenantRequest, job: Job, part: CorrectionPart, given: dict[str, str]) -> Change:
    """Correct one part of a locked lead; returns its undo. Raises Refused with a sentence."""
    kind = "job.corrected"
    if part.key in ASSIGNING:
        kind = "job.assigned"
    columns: tuple[str, ...] = {"owner": (), "brand": REBRANDED}.get(part.key, CORRECTED)
    with undo.record_undoable(kind, [job], by=request.member, locked=True, columns=columns) as change:
        part.apply(job, given, request.member)
    return change


def lock_job(request: TenantRequest, number: int) -> Job | None:
    """Lock the lead and its customer until the request ends, to prevent concurrent corrections.

    The customer first, as where two of them are merged; not from those who only point there, for they hold the lead.
    """
    seen = Job.objects.visible_to(request.member).filter(number=number)
    person = seen.values("person_id")[:1]
    Person.objects.select_for_update(no_key=True).filter(pk=person).first()
    job: Job | None = seen.select_for_update().first()
    return job


def _correction_response(request: TenantRequest, job: Job, part: CorrectionPart, back_url: str) -> HttpResponse:
    """Respond that the correction was saved, or which flaw of the part remains, with a link to undo it."""
    flaws = set(Flaw.objects.filter(job=job).values_list("rule", flat=True))
    left = next((rule for key, rule in RULES.items() if key in flaws and rule.fix == part.key), None)
    if left is None:
        text = _("%(title)s: saved.") % {"title": job.title}
    else:
        text = _("%(title)s: saved as typed, but: %(flaw)s.") % {"title": job.title, "flaw": left.label}
    if request.htmx:
        return answer(request, job, Toast(text, undo=back_url))
    (messages.warning if left else messages.success)(request, text, extra_tags=back_url)
    return redirect(back(request, job))


def _form_response(
    request: TenantRequest,
    job: Job,
    part: CorrectionPart,
    why: str = "",
    given: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the form as a fragment for htmx, otherwise as a page. `why`: why it was refused."""
    facts = facts_of([job])[job.pk]
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    context = {
        "job": job,
        "number": job.number,
        "part": part,
        "inputs": fill_inputs(part.inputs(job, facts), given),
        "version": part.version(job, facts),
        "why": why,
        "next": back(request, job),
        "on": posted.get("on", "") if request.htmx else "",
    }
    response = render(request, "jobs/_part.html" if request.htmx else "jobs/correct.html", context, status=status)
    if request.htmx and request.method == "POST":
        response["HX-Retarget"], response["HX-Reswap"] = f"#edit-{part.key}{part.of}", "outerHTML"
    return response


def fill_inputs(inputs: list[CorrectionInput], given: dict[str, str] | None) -> list[CorrectionInput]:
    """Return the fields with their posted values."""
    if given:
        return [replace(each, value=given.get(each.name, each.value)) for each in inputs]
    return inputs
