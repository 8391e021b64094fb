"""The brand's logo, as on its letters."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from comms.models import SenderProfile
from crm.platform.files import stored_files
from portal.access.pages import PortalRequest, public_page


@require_safe
@public_page
def logo(request: PortalRequest, brand: UUID) -> HttpResponse:
    """Serve the logo, a PNG re-encoded by us (comms/channels/logo.py)."""
    profile = SenderProfile.objects.select_related("logo").filter(brand__uid=brand).exclude(logo=None).first()
    if profile is None or profile.logo is None:
        raise Http404("no logo")
    try:
        with stored_files.open_file(profile.logo) as file:
            answer = HttpResponse(file.read(), content_type="image/png")
    except stored_files.FileGone:
        raise Http404("no logo") from None
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
