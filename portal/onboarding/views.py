"""The checklist's page and its steps; each step is saved by itself."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import Claim, ContactPoint
from crm.platform.events import events
from portal.access import codes
from portal.access.code_origin import origin_of
from portal.access.pages import PortalRequest, portal_page
from portal.job.claims import claims_of
from portal.job.lookup import found_job
from portal.models import Onboarding
from portal.models.onboarding import Step
from portal.onboarding.checklist import checklist_of

MOST_JOBS = 50
# What they say is done by a word; of the others the record says it.
BY_WORD = frozenset({Step.PLACES, Step.CLAIM, Step.TEAM, Step.PREFERENCES})


@require_safe
@portal_page()
def welcome(request: PortalRequest) -> HttpResponse:
    """Show the checklist."""
    return _render_welcome(request)


def _render_welcome(request: PortalRequest, shown_claim: Claim | None = None, trouble: str = "") -> HttpResponse:
    jobs = list(request.viewer.jobs().select_related("site").order_by("-pk")[:MOST_JOBS])
    row = Onboarding.objects.filter(person=request.viewer.person).first()
    page = {
        "checklist": checklist_of(request.viewer, row, jobs),
        "shown_claim": shown_claim,
        "trouble": trouble,
        "by_word": BY_WORD,
    }
    return render(request, "portal/onboarding/page.html", page, status=422 if trouble else 200)


def _own_onboarding(request: PortalRequest) -> Onboarding:
    return Onboarding.start(request.viewer.person)


def _redirect_to_welcome(request: PortalRequest) -> HttpResponse:
    return redirect("portal:welcome", company=request.company.slug)


@require_POST
@portal_page()
def confirm(request: PortalRequest) -> HttpResponse:
    """Mark a step as done because the customer says so."""
    step = request.POST.get("step", "")
    if step not in BY_WORD:
        raise Http404("no step")
    _own_onboarding(request).confirm(Step(step))
    return _redirect_to_welcome(request)


@require_POST
@portal_page()
def verify(request: PortalRequest, pk: int) -> HttpResponse:
    """Send a code to a contact point of theirs; entering it confirms the point and returns here."""
    point = ContactPoint.objects.filter(person=request.viewer.person, pk=pk if pk < 1 << 62 else 0).first()
    if point is None:
        raise Http404("not their address")
    back = redirect("portal:welcome", company=request.company.slug)["Location"]
    portal_code = codes.ask_code(point.value, origin_of(request, point.value), next_page=back, point=point)
    return redirect("portal:code", company=request.company.slug, asked=portal_code.uid)


@require_POST
@portal_page()
def add_claim(request: PortalRequest, number: int) -> HttpResponse:
    """Save insurer and number of a claim for a job's place."""
    job = _insured_job(request, number)
    place: Any = job.site  # `_insured` asks for one
    try:
        Claim.note(place, request.POST.get("insurer", ""), request.POST.get("claim", ""), by=None, job_id=job.pk)
    except Refused as why:
        return _render_welcome(request, trouble=str(why))
    messages.success(request, _("Saved."))
    return _redirect_to_welcome(request)


@require_POST
@portal_page()
def show_claim(request: PortalRequest, number: int, uid: str) -> HttpResponse:
    """Show the full claim number once; the access is recorded."""
    job = _insured_job(request, number)
    claim = claims_of([job]).filter(uid=uid).first()
    if claim is None:
        raise Http404("not their claim")
    events.record("claim.shown", subject=claim, by=None, data={"person": request.viewer.person.pk}, job_id=job.pk)
    return _render_welcome(request, shown_claim=claim)


def _insured_job(request: PortalRequest, number: int) -> Job:
    job = found_job(request.viewer, number, "claim")
    if job.site is None:
        raise Http404("no place")
    return job


@require_POST
@portal_page()
def end(request: PortalRequest) -> HttpResponse:
    """Finish or dismiss the checklist."""
    _own_onboarding(request).end(done="done" in request.POST)
    return redirect("portal:home", company=request.company.slug)


@require_POST
@portal_page()
def end_tour(request: PortalRequest, number: int) -> HttpResponse:
    """Record that the tour is finished."""
    found_job(request.viewer, number)
    _own_onboarding(request).finish_tour()
    return redirect("portal:job", company=request.company.slug, number=number)
