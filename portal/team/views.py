"""Photos of colleagues, for viewers who may see the team of a job."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from crm.platform.files.responses import SMALL, preview_response
from crm.platform.models import MemberPhoto
from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import Level
from portal.job.lookup import found_job


@require_safe
@portal_page(level=Level.LINK)
def photo(request: PortalRequest, number: int, uid: UUID) -> HttpResponse:
    """Serve the photo of a member of a job's team, if the viewer may see the team."""
    found_job(request.viewer, number, "team")
    member_photo = MemberPhoto.objects.filter(member__uid=uid, member__active=True).select_related("file").first()
    if member_photo is None:
        raise Http404("no photo")
    return preview_response(member_photo.file, member_photo.file.content_type, SMALL)
