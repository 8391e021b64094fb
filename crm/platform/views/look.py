"""The look a browser keeps: theme, density and language, in cookies: no page flashes and no script is needed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

YEAR = 365 * 24 * 3600
CHOICES = {"theme": ("system", "light", "dark"), "density": ("comfortable", "compact")}


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember what was chosen and go back to the page it was chosen on. Unknown values are ignored."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, values in CHOICES.items():
        if request.POST.get(name) in values:
            _keep(response, name, request.POST[name])
    if request.POST.get("language") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.TLS, httponly=True, samesite="Lax")
