"""Sign a visitor of the demo in as somebody else, by the published password or as the played customer."""

from allauth.account.forms import LoginForm
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from demo.tour.seat import Seat
from portal.access import cookies, sessions
from portal.models import PortalAccess
from runtime.demo import PASSWORD


def is_seated(request: HttpRequest, seat: Seat) -> bool:
    """Tell whether the request comes from the seat's member. Of a customer only their own pages can tell."""
    user_id = request.user.pk if request.user.is_authenticated else None
    return seat.is_customer or (seat.member is not None and seat.member.user_id == user_id)


def sign_in(request: HttpRequest, seat: Seat, url: str) -> HttpResponse:
    """Sign in and go to `url`. To the sign-in page where the published password is not enough any more."""
    if seat.is_customer:
        return _enter_portal(request, seat, url)
    logout(request)
    form = LoginForm({"login": seat.email, "password": PASSWORD}, request=request)
    if not form.is_valid():
        return redirect("account_login")
    response: HttpResponse = form.login(request, redirect_url=url)
    return response


def _enter_portal(request: HttpRequest, seat: Seat, url: str) -> HttpResponse:
    """Remember this browser as one the customer gave a right code on."""
    access, _created = PortalAccess.objects.get_or_create(person=seat.person)
    device, secret = sessions.begin_session(access, request)
    response = redirect(url)
    sessions.remember_device(response, device, secret, company=seat.slug)
    for name in (cookies.LINK, cookies.PREVIEW):
        cookies.delete_cookie(response, name, company=seat.slug)
    return response
