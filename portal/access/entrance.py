"""Identify the viewer of a request: a member in preview, a remembered device, or the holder of a link."""

from django.http import HttpRequest

from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from portal.access import cookies, links, preview, sessions
from portal.access.hosts import brand_of
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalAccess


def viewer_of(request: HttpRequest, tenant_id: int) -> PortalViewer | None:
    """Return the viewer of a request with their assurance level; None if unknown. Runs inside the tenant."""
    return _by_preview(request, tenant_id) or _by_session(request) or _by_link(request, tenant_id)


def _by_preview(request: HttpRequest, tenant_id: int) -> PortalViewer | None:
    looking = preview.find_preview(request, tenant_id)
    if looking is None:
        return None
    person = looking.person
    access = PortalAccess.objects.filter(person=person).first() or PortalAccess(person=person)
    return PortalViewer(person, brand_for(person.pk), Level.SESSION, access, member=looking.member)


def _by_session(request: HttpRequest) -> PortalViewer | None:
    device = sessions.find_session(request)
    if device is None:
        return None
    person = device.access.person
    return PortalViewer(
        person, brand_of(request.get_host()) or brand_for(person.pk), Level.SESSION, device.access, device
    )


def _by_link(request: HttpRequest, tenant_id: int) -> PortalViewer | None:
    try:
        link = links.read_link(cookies.read_cookie(request, cookies.LINK), tenant_id)
    except links.BrokenLink:
        return None
    return viewer_by(link)


def viewer_by(link: links.Link) -> PortalViewer | None:
    """Return the viewer of a link; None without access, or if the link was disabled since."""
    holder = Person.objects.select_related("merged_into").filter(pk=link.person_id).first()
    person = None
    if holder:
        person = holder.merged_into or holder
    if person is None or person.erased_at:
        return None
    access = PortalAccess.objects.filter(person=person).first() or PortalAccess(person=person)
    if not access.is_open or (access.links_since and link.at < access.links_since):
        return None
    return PortalViewer(person, brand_for(person.pk, link.job_id), Level.LINK, access, link=link)


def brand_for(person_id: int, job_id: int | None = None) -> Brand:
    """Return the brand a customer knows: that of the job, or of their newest job. No query for a single brand."""
    brands = directory().brands
    live = [brand for brand in brands.values() if not brand.archived_at]
    if len(live) < 2:
        return directory().default_brand
    if job_id:
        jobs = Job.objects.filter(pk=job_id)
    else:
        jobs = Job.objects.filter(person=person_id).order_by("-pk")
    newest = jobs.values_list("brand_id", flat=True).first()
    if newest:
        return brands[newest]
    return directory().default_brand
