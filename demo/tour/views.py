"""The demo's first page, and the stops of the tour. 404 unless this is a demo."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crm.platform.models import Role, Tenant
from crm.web.requests.local_path import next_page
from demo.renewal.age import data_age
from demo.renewal.companies import demo_companies
from demo.tour.progress import Progress, end_tour, is_stop, keep_progress
from demo.tour.seat import CUSTOMER, ROLES, seated
from demo.tour.sign_in import is_seated, sign_in
from demo.tour.stop import Stop
from demo.tour.stops import TOURS

View = Callable[..., HttpResponse]


class SeatStops(NamedTuple):
    """A role on the first page: who has it, and its stops."""

    role: str
    label: str | Promise
    name: str
    stops: Sequence[Stop]


def of_demo(view: View) -> View:
    """Decorator: 404 unless this is a demo."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, **named)

    return guarded


@require_safe
@of_demo
def first_page(request: HttpRequest) -> HttpResponse:
    """Show the companies, whom one can be, and the stops of each; of the company that is asked for."""
    companies = demo_companies()
    chosen = next((one for one in companies if one.slug == request.GET.get("company")), _default(companies))
    context = {
        "companies": companies,
        "chosen": chosen,
        "seats": _seats(chosen.slug) if chosen else [],
        "data": data_age(chosen) if chosen else None,
    }
    return render(request, "demo/first_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_demo
def stop(request: HttpRequest, company: str, role: str, number: int) -> HttpResponse:
    """Go to a stop's page; who is signed in as somebody else is asked first, and a POST signs them in."""
    with seated(company, role) as seat:
        if seat is None or not is_stop(role, number):
            raise Http404
        place = Progress(company, role, number)
        if request.method != "POST" and not is_seated(request, seat):
            return render(request, "demo/other_seat.html", {"seat": seat, "place": place})
        url = place.stop.find(seat).url
        response = sign_in(request, seat, url) if request.method == "POST" else redirect(url)
    keep_progress(response, place)
    return response


@require_safe
@of_demo
def close(request: HttpRequest) -> HttpResponse:
    """End the tour, and go back to the page it was closed on."""
    response = redirect(next_page(request) or "demo:tour")
    end_tour(response)
    return response


def _default(companies: Sequence[Tenant]) -> Tenant | None:
    """Return the company whose own language the visitor reads, else the first."""
    return next((one for one in companies if one.language == get_language()), next(iter(companies), None))


def _seats(slug: str) -> list[SeatStops]:
    """Return the roles of a company that somebody has, with their stops."""
    rows = []
    for role in ROLES:
        label = _("Customer") if role == CUSTOMER else Role(role).label
        with seated(slug, role) as seat:
            if seat:
                rows.append(SeatStops(role, label, seat.name, TOURS[role]))
    return rows
