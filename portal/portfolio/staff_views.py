"""Staff views of jobs that may belong to a customer, to confirm or decline."""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.jobs.customers.views import seen_person
from crm.jobs.models import Job, JobParty
from crm.kernel.refusal import Refused
from crm.people.models import Claim, Person, Property
from crm.platform.models import Member
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from portal.models import PlaceAnswer

MANAGE = "portal.manage"
ROLES = (
    JobParty.PartyRole.OWNER,
    JobParty.PartyRole.SPOUSE,
    JobParty.PartyRole.PROPERTY_MANAGER,
    JobParty.PartyRole.RESIDENT,
)


@require(MANAGE)
@require_safe
def places(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the suggested jobs, as a panel of the customer's page."""
    person = seen_person(request, uid)
    page = {
        "person": person,
        "suggestions": suggested_jobs(person, request.member),
        "roles": [(role.value, role.label) for role in ROLES],
    }
    template = "portal/staff/places.html"
    if is_fragment(request):
        template = "portal/staff/places_panel.html"
    return render(request, template, page)


@require(MANAGE)
@require_POST
def answer(request: TenantRequest, uid: UUID, number: int) -> HttpResponse:
    """Link a suggested job to them in a role (`role`), or decline it (`no`)."""
    person = seen_person(request, uid)
    suggested_job = next((one.job for one in suggested_jobs(person, request.member) if one.job.number == number), None)
    if suggested_job is None:
        raise Http404
    try:
        if "no" in request.POST:
            PlaceAnswer.decline(person, suggested_job, by=request.member)
            messages.success(request, _("It won’t be suggested again."))
        else:
            PlaceAnswer.link(person, suggested_job, request.POST.get("role", ""), by=request.member)
            messages.success(request, _("%(name)s now sees it among their places.") % {"name": person.name})
    except Refused as why:
        messages.error(request, str(why))
    return redirect("people:person", request.tenant.slug, uid)


# A customer with more places has them listed by somebody; of what is alike so much is offered.
MOST_PLACES = 200
MOST = 10


class SuggestedJob(NamedTuple):
    """A suggested job, and what it shares with one of theirs."""

    job: Job
    why: str


def suggested_jobs(person: Person, member: Member) -> list[SuggestedJob]:
    """Return undecided jobs, visible to the member, that share an address or claim with the person's jobs."""
    involved = JobParty.objects.filter(person=person).order_by().values("job_id")
    own = Job.objects.filter(Q(person=person) | Q(pk__in=involved)).exclude(site=None)
    sites = list(own.order_by("-pk").values_list("site_id", "site__address_key")[:MOST_PLACES])
    ids = {pk for pk, _key in sites}
    keys = {key for _pk, key in sites if key}
    if ids:
        hashes = set(Claim.objects.filter(site_id__in=ids).values_list("number_hash", flat=True))
    else:
        hashes = set()
    if not keys:
        return []
    alike = Property.objects.filter(address_key__in=keys).values("pk")
    claimed = Claim.objects.filter(number_hash__in=hashes).values("site_id")
    decided = PlaceAnswer.objects.filter(person=person).values("job_id")
    others = Job.objects.visible_to(member).exclude(person=person).exclude(pk__in=involved).exclude(pk__in=decided)
    jobs = others.filter(Q(site_id__in=alike) | Q(site_id__in=claimed)).select_related("site", "person")
    return [SuggestedJob(job, _suggestion_reason(job, keys)) for job in jobs.order_by("-pk")[:MOST]]


def _suggestion_reason(job: Job, keys: set[str]) -> str:
    if job.site and job.site.address_key in keys:
        return _("The same address")
    return _("The same claim number")
