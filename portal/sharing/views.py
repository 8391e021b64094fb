"""Views with which a customer shares a job and ends a share."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comms.outbox.by_template import queue_to
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from portal.access import links
from portal.access.pages import PortalRequest, portal_page
from portal.access.staff.parties import find_or_create
from portal.job.calendar import CustomerCalendar
from portal.job.lookup import found_job
from portal.models import JobShare, PortalAccess
from portal.models.share import ROLES

TEMPLATE = "portal_shared"
ALL = "all"


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page()
def sharing(request: PortalRequest, number: int) -> HttpResponse:
    """Show the people a job is shared with; a POST adds one."""
    job = _shareable_job(request, number)
    if request.method != "POST":
        return _render_shares(request, job)
    try:
        person = _share_job(request, job)
    except Refused as why:
        return _render_shares(request, job, trouble=str(why), status=422)
    messages.success(request, _("%(name)s is invited and sees this job now.") % {"name": person.name})
    return redirect("portal:sharing", company=request.company.slug, number=number)


@transaction.atomic
def _share_job(request: PortalRequest, job: Job) -> Person:
    posted = request.POST
    sharer = request.viewer.person
    reach = posted.get("reach", "").strip()
    person = find_or_create(posted.get("name", ""), reach, job, by=None)
    if PortalAccess.objects.filter(person=person, state=PortalAccess.State.REVOKED).exists():
        raise Refused(_("You can’t invite them here. Please call us."))
    JobShare.share(job, person, posted.get("role", ""), sees_money=posted.get("sees", "") == ALL, by_customer=sharer)
    PortalAccess.invite(person, by=None)
    if "@" in reach:
        kind = ContactPoint.PointKind.EMAIL
    else:
        kind = ContactPoint.PointKind.PHONE
    point = person.contact_points.filter(kind=kind).order_by("-pk").first()
    if point is None:
        raise Refused(_("Enter an email address or a phone number."))
    link = links.link_url(links.make_link(person, job=job, point=point), job.brand)
    queue_to(point, TEMPLATE, brand=job.brand, job=job, given={"portal.link": link, "portal.sharer": sharer.name})
    return person


@require_POST
@portal_page()
def end_share(request: PortalRequest, number: int, uid: UUID) -> HttpResponse:
    """End a share."""
    share = (
        JobShare.objects.live()
        .filter(job=_shareable_job(request, number), uid=uid)
        .select_related("job", "person")
        .first()
    )
    if share is None:
        raise Http404("not their share")
    share.end(by=None)
    messages.success(request, _("%(name)s no longer sees this job.") % {"name": share.person.name})
    return redirect("portal:sharing", company=request.company.slug, number=number)


def _shareable_job(request: PortalRequest, number: int) -> Job:
    job = found_job(request.viewer, number)
    if not request.viewer.may_share(job):
        raise Http404("not theirs to share")
    return job


def _render_shares(request: PortalRequest, job: Job, *, trouble: str = "", status: int = 200) -> HttpResponse:
    calendar = CustomerCalendar.of(job, clock.now())
    shares = JobShare.objects.live().filter(job=job).select_related("person").order_by("shared_at", "pk")
    page = {
        "job": job,
        "shares": [(share, calendar.say(calendar.day_of(share.shared_at))) for share in shares],
        "roles": [(role.value, role.label) for role in ROLES],
        "given": request.POST,
        "trouble": trouble,
    }
    return render(request, "portal/sharing/page.html", page, status=status)
