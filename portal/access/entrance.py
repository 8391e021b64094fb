"""Find out who asks for a page: a colleague who looks as somebody, a remembered device, or the holder of a link."""

from django.http import HttpRequest

from crm.jobs.models import Job
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from portal.access import sessions
from portal.access.viewer import Level, Viewer


def viewer_of(request: HttpRequest) -> Viewer | None:
    """Return who looks, with the most they can show; None for nobody we know. Inside the tenant."""
    return _by_session(request)


def _by_session(request: HttpRequest) -> Viewer | None:
    device = sessions.find(request)
    if device is None:
        return None
    person = device.access.person
    return Viewer(person, brand_for(person.pk), Level.SESSION, device.access, device)


def brand_for(person_id: int) -> Brand:
    """Return the brand somebody knows us as: that of their newest job. No query where there is one brand."""
    brands = directory().brands
    live = [brand for brand in brands.values() if not brand.archived_at]
    if len(live) < 2:
        return directory().default_brand
    newest = Job.objects.filter(person=person_id).order_by("-pk").values_list("brand_id", flat=True).first()
    return brands[newest] if newest else directory().default_brand
