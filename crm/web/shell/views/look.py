"""The view that changes theme, density and language, from any page's menu."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crm.web.account.preferences import choose_look


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Save the choice and go back to the page it was made on. Unknown values are ignored."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    choose_look(request, response, request.POST.dict())
    return response
