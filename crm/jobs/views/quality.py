"""Data quality pages: the figures, leads to fix, fixed in place; and the form that corrects one lead's facts."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.jobs.list.rows import RowMaker
from crm.jobs.models import Flaw, Job
from crm.jobs.quality.checks import check, facts_of
from crm.jobs.quality.corrections import ASSIGNING, PARTS, Input, Part, parts_for
from crm.jobs.quality.figures import figures
from crm.jobs.quality.rules import GOAL, RULES, Rule
from crm.jobs.views.job_action import back
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog
from crm.web.actions.form_version import is_stale, overtaken
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

PAGE = 25


@require("jobs.quality")
@require_GET
def quality(request: TenantRequest) -> HttpResponse:
    """Show the figures and the leads that break one rule (`?rule=`), oldest first; `?after=` goes on after a lead."""
    asked = figures()
    first = next((rule for rule, count in asked.by_rule if count), None)
    rule = RULES.get(request.GET.get("rule", "")) or first
    context = {"figures": asked, "rule": rule, "goal": GOAL, **(_queue(request, rule) if rule else {})}
    return render(request, "jobs/quality.html", context)


def _queue(request: TenantRequest, rule: Rule) -> dict[str, Any]:
    after = request.GET.get("after", "")
    behind = int(after) if after.isdecimal() and len(after) < 16 else 0
    ids = list(
        Flaw.objects.filter(rule=rule.key, job_id__gt=behind)
        .order_by("job_id")
        .values_list("job_id", flat=True)[: PAGE + 1]
    )
    jobs = Job.objects.visible_to(request.member).in_bulk(ids[:PAGE])
    AccessLog.objects.note_reads(jobs.values(), by=request.member)
    maker = RowMaker(request.tenant.slug, Reader.of(request.member, clock.now()), with_owner=True)
    part, facts = PARTS[rule.fix], facts_of(jobs.values())
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
    """Show the facts of a lead, part by part; POST corrects one part, as it was when its form was made."""
    seen = Job.objects.visible_to(request.member).filter(number=number)
    job = _held(request, number) if request.method == "POST" else seen.first()
    if job is None:
        raise Http404
    if request.method != "POST":
        AccessLog.objects.note_read(job, by=request.member)
        return _page(request, job)
    part = PARTS.get(request.POST.get("part", ""))
    if part is None or (part.key in ASSIGNING and not allows(request.member, "jobs.assign")):
        raise Http404
    if is_stale(request, part.version(job, facts_of([job])[job.pk])):
        return _page(request, job, part, overtaken(), status=HTTPStatus.CONFLICT)
    given = {name: tidy(str(value)) for name, value in request.POST.items()}
    try:
        part.apply(job, given, request.member)
    except Refused as refused:
        return _page(request, job, part, str(refused), given, HTTPStatus.UNPROCESSABLE_ENTITY)
    check([Job.objects.get(pk=job.pk)])
    _tell(request, job, part)
    return redirect(back(request, job))


def _held(request: TenantRequest, number: int) -> Job | None:
    """Lock the lead and its customer until the answer: nobody else corrects them meanwhile.

    The customer first, as where two of them are merged; not from those who only point there, for they hold the lead.
    """
    seen = Job.objects.visible_to(request.member).filter(number=number)
    person = seen.values("person_id")[:1]
    Person.objects.select_for_update(no_key=True).filter(pk=person).first()
    job: Job | None = seen.select_for_update().first()
    return job


def _tell(request: TenantRequest, job: Job, part: Part) -> None:
    """Say that it is corrected, or which flaw of that part is left."""
    found = set(Flaw.objects.filter(job=job).values_list("rule", flat=True))
    left = next((rule for key, rule in RULES.items() if key in found and rule.fix == part.key), None)
    if left is None:
        messages.success(request, _("%(title)s: put right.") % {"title": job.title})
    else:
        words = {"title": job.title, "flaw": left.label}
        messages.warning(request, _("%(title)s: kept as you wrote it, but still: %(flaw)s.") % words)


def _page(
    request: TenantRequest,
    job: Job,
    wrong: Part | None = None,
    why: str = "",
    given: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the forms; the refused one is first, with the sentence and what was typed."""
    facts = facts_of([job])[job.pk]
    shown = parts_for(facts)
    if wrong:
        shown = [wrong, *(part for part in shown if part is not wrong)]
    context = {
        "job": job,
        "parts": [
            (
                part,
                _typed(part.inputs(job, facts), given if part is wrong else None),
                part.version(job, facts),
                why if part is wrong else "",
            )
            for part in shown
        ],
        "back": back(request, job) if wrong else record_url(job, request.tenant.slug),
    }
    return render(request, "jobs/correct.html", context, status=status)


def _typed(inputs: list[Input], given: dict[str, str] | None) -> list[Input]:
    """Return the fields as they were filled in."""
    return [replace(each, value=given.get(each.name, each.value)) for each in inputs] if given else inputs
