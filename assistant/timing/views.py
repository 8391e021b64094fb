"""Pages of timing: when to call a customer, and how well the likelihoods came true."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from assistant.models import LikelihoodModel
from assistant.models.contact_figures import LIKELIHOOD_FLOOR
from assistant.panel.helper_roles import is_helper_on, off_response
from assistant.permissions import USE
from assistant.timing.likelihoods import likelihood_bins, likelihood_models
from assistant.timing.panel import timing_panel
from crm.jobs.customers.views import seen_person
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require

HELPER = "timing"
LABEL = gettext_lazy("When to call")


@require(USE)
def lead(request: TenantRequest, number: int) -> HttpResponse:
    """Show when to call the customer of a lead."""
    job: Job | None = Job.objects.visible_to(request.member).select_related("person").filter(number=number).first()
    if job is None or job.person is None:
        raise Http404
    return _render_timing(request, job.person, job)


@require(USE)
def person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show when to call a customer."""
    return _render_timing(request, seen_person(request, uid), None)


def _render_timing(request: TenantRequest, customer: Person, job: Job | None) -> HttpResponse:
    if not is_helper_on(HELPER, request.member):
        return off_response(request, LABEL)
    reader = Reader.of(request.member, clock.now())
    context = {
        "person": customer,
        "job": job,
        "panel": timing_panel(customer, job, request.member, reader, request.tenant.slug),
        "floor": LIKELIHOOD_FLOOR,
    }
    if request.GET.get("brief"):
        return render(request, "assistant/timing/_hint.html", context)
    name = "assistant/timing/_panel.html" if is_fragment(request) else "assistant/timing/panel.html"
    return render(request, name, context)


@require(USE)
def calibration(request: TenantRequest) -> HttpResponse:
    """Show how well the likelihoods of answers and of follow-ups came true: ten bins each."""
    models = likelihood_models()
    tables = []
    for subject in LikelihoodModel.Subject:
        model = models.get(subject)
        tables.append((subject.label, model, likelihood_bins(model) if model else []))
    context = {"tables": tables, "floor": LIKELIHOOD_FLOOR}
    name = "assistant/timing/_calibration.html" if is_fragment(request) else "assistant/timing/calibration.html"
    return render(request, name, context)
