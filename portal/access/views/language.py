"""Choose the portal's language; for a signed-in viewer, also the language of messages to them."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.access import cookies
from portal.access.entrance import viewer_of
from portal.access.pages import PortalRequest, public_page
from portal.access.views.sign_in import own_page

# Of a cookie that says how to speak.
YEAR = 365 * 24 * 3600


@require_POST
@public_page
def language(request: PortalRequest) -> HttpResponse:
    """Set the language, and go back to the page it was chosen on."""
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        raise Http404("no language")
    viewer = viewer_of(request, request.company.pk)
    if viewer and viewer.may_act:
        viewer.person.choose_language(wanted, by=None)
    slug = request.company.slug
    response = redirect(own_page(request, request.POST.get("next", "")) or cookies.path_of(slug))
    cookies.set_cookie(response, cookies.LANGUAGE, wanted, company=slug, seconds=YEAR)
    return response
