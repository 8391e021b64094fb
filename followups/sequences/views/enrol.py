"""Start a sequence for one lead, one customer, or the selected ones: choose it, see the effect, start."""

import json
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.customers.views import seen_person
from crm.jobs.models import Job
from crm.jobs.views.job_action import answer_many, get_job
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform import undo
from crm.web.actions.row_action import Toast, safe_next
from crm.web.lists.selection import selected_ids
from crm.web.lists.selection_actions import posted_list
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from followups.sequences.editor.entry_forecast import EntryForecast, forecast_of
from followups.sequences.enrolling import MOST_SPREAD, EnrolmentOutcome, enrol_all
from followups.sequences.enrolments.entry_choice import (
    ChosenLeads,
    entry_sentences,
    leads_of_people,
    offered_sequences,
    refusal_sentences,
    started_sentence,
)
from followups.sequences.models import EnrolmentEntry, Sequence
from followups.sequences.models.enrolment import ENTERED
from followups.sequences.views.frame import ENROL

LEAD_SELECTION = "sequences:enrol_leads"
CUSTOMER_SELECTION = "sequences:enrol_customers"
# Started in the request; more are a campaign.
MOST = 2_000


@require(ENROL)
def enrol_lead(request: TenantRequest, number: int) -> HttpResponse:
    """Ask which sequence a lead starts, with the effect; a POST with `apply` starts it."""
    job = get_job(request, number)
    return _answer_choice(request, ChosenLeads([job]), record_url(job, request.tenant.slug))


@require(ENROL)
def enrol_customer(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Ask which sequence a customer's lead starts."""
    person = seen_person(request, uid)
    chosen = leads_of_people([person.pk], request.member)
    if not chosen.jobs:
        raise Http404
    return _answer_choice(request, chosen, record_url(person, request.tenant.slug))


@require(ENROL)
def enrol_leads(request: TenantRequest) -> HttpResponse:
    """Ask which sequence the selected leads start."""
    return _answer_selection(request, LEAD_SELECTION)


@require(ENROL)
def enrol_customers(request: TenantRequest) -> HttpResponse:
    """Ask which sequence the leads of the selected customers start."""
    return _answer_selection(request, CUSTOMER_SELECTION)


def _answer_selection(request: TenantRequest, page: str) -> HttpResponse:
    preset = posted_list(request.POST, page)
    if request.method != "POST":
        # The selection went with the form; the list is where another is made.
        return redirect(preset.url("list", request.tenant.slug))
    try:
        ids = selected_ids(preset, request.POST, request.member)
        if len(ids) > MOST:
            raise Refused(_("Start it for %(most)s at a time at most.") % {"most": formats.whole_number(MOST)})
    except Refused as why:
        return answer_many(request, Toast(str(why), HTTPStatus.UNPROCESSABLE_ENTITY))
    if page == CUSTOMER_SELECTION:
        chosen = leads_of_people(ids, request.member)
    else:
        chosen = ChosenLeads(list(Job.objects.visible_to(request.member).filter(pk__in=ids).order_by("pk")))
    picked = preset.visible(request.member).filter(pk__in=ids).order_by("pk").values_list(preset.picked_by, flat=True)
    fields = {"list": preset.key, "picked": ",".join(map(str, picked))}
    return _answer_choice(request, chosen, preset.url("list", request.tenant.slug), fields)


def _answer_choice(
    request: TenantRequest, chosen: ChosenLeads, home: str, fields: dict[str, str] | None = None
) -> HttpResponse:
    """Render the choice with the effect of the chosen sequence; with `apply`, start it."""
    sequence = _chosen_sequence(request)
    if sequence is None or not request.POST.get("apply"):
        return _render_choice(request, chosen, home, fields, sequence)
    try:
        with transaction.atomic():
            outcome = enrol_all(sequence, chosen.jobs, by=request.member, entry=_entry(fields), spread=_spread(request))
            if not outcome.entered:
                raise Refused(next((one.reason for one in outcome.refused), _("Nobody would start it.")))
            change = undo.record_created(ENTERED, outcome.entered, by=request.member, at=clock.now())
    except Refused as why:
        return _render_choice(request, chosen, home, fields, sequence, trouble=str(why))
    return _answer_started(request, sequence, outcome, home, reverse("undo", args=[request.tenant.slug, change.uid]))


def _chosen_sequence(request: TenantRequest) -> Sequence | None:
    uid = request.POST.get("to", "") or request.GET.get("to", "")
    return next((one for one in offered_sequences() if str(one.uid) == uid), None)


def _entry(fields: dict[str, str] | None) -> str:
    if fields:
        return EnrolmentEntry.BULK
    return EnrolmentEntry.HAND


def _spread(request: TenantRequest) -> timedelta:
    most = MOST_SPREAD // timedelta(hours=1)
    return timedelta(hours=read_number(request.POST.get("hours", ""), most=most) or 0)


def _render_choice(
    request: TenantRequest,
    chosen: ChosenLeads,
    home: str,
    fields: dict[str, str] | None,
    sequence: Sequence | None,
    trouble: str = "",
) -> HttpResponse:
    sequences = offered_sequences()
    context = {
        "url": request.path,
        "fields": fields or {},
        "jobs": chosen.jobs,
        "count": len(chosen.jobs) + chosen.without,
        "sequences": sequences,
        "chosen": sequence,
        "trouble": trouble,
        "next": safe_next(request) or home,
        "hours": request.POST.get("hours", ""),
        "may_spread": len(chosen.jobs) > 1,
    }
    if sequence:
        reader = Reader.of(request.member, clock.now())
        forecast = forecast_of(sequence, chosen.jobs, reader, request.tenant.slug, _entry(fields))
        context |= {"forecast": forecast, "told": _effect_sentences(sequence, forecast, chosen.without)}
    if request.htmx:
        part = "#dialog"
    else:
        part = ""
    if trouble:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.OK
    return render(request, f"followups/sequences/enrol.html{part}", context, status=status)


def _effect_sentences(sequence: Sequence, forecast: EntryForecast, without: int) -> list[str]:
    sentences = []
    if forecast.count:
        sentences += entry_sentences(forecast.count, sequence)
    if forecast.first:
        sentences.append(_("First message: %(when)s.") % {"when": forecast.first})
    return sentences + refusal_sentences([(group.count, group.reason) for group in forecast.refused], without)


def _answer_started(
    request: TenantRequest, sequence: Sequence, outcome: EnrolmentOutcome, home: str, undo_url: str
) -> HttpResponse:
    text = started_sentence(len(outcome.entered), len(outcome.refused), sequence.name)
    if not request.htmx:
        messages.success(request, text, extra_tags=undo_url)
        return redirect(safe_next(request) or home)
    toast = render_to_string("components/toast.html", {"told": Toast(text, undo=undo_url)}, request)
    response = HttpResponse(toast)
    # The selection is forgotten, the dialog closes, and panels of sequences ask again.
    response["HX-Trigger"] = json.dumps({"acted": {}, "bulk-done": {}, "sequences": {}})
    return response
