"""The view that changes theme, density and language, from any page's menu."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from crm.web.design.look import choose_look
from crm.web.requests.local_path import next_page


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Save the choice and go back to the page it was made on. Unknown values are ignored."""
    response = HttpResponseRedirect(next_page(request) or "/")
    choose_look(request, response, request.POST.dict())
    return response
