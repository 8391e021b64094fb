"""Session lifetime: a sign-in ends after 12 hours without a click, or 30 days in all.

The session is written at sign-in and then at most every ten minutes, so that a click costs no write. A fragment that
a page fetches is no click: pages refresh themselves, and a screen nobody looks at would stay signed in for a month.
"""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse

from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.membership import memberships_of

RENEW_AFTER = 10 * 60
_BEGAN = "began"
_SEEN = "seen"


def session_limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: end a session that is too old, renew one in use."""

    def middleware(request: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _enforce_limits(request)
        return get_response(request)

    return middleware


def _enforce_limits(request: Any) -> None:
    now = clock.now().timestamp()
    began = request.session.get(_BEGAN, 0)
    seen = request.session.get(_SEEN, 0)
    if now - seen > settings.SESSION_COOKIE_AGE or now - began > settings.SESSION_ABSOLUTE_AGE:
        request.session.flush()
    elif now - seen > RENEW_AFTER and not _is_background_request(request):
        request.session[_SEEN] = now
        request.renewed = True  # the tenant's middleware notes it with the member
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())


def _is_background_request(request: HttpRequest) -> bool:
    return request.method == "GET" and "HX-Request" in request.headers


def delete_expired_sessions() -> int:
    """Delete expired sessions, with the addresses of their devices; return how many."""
    gone, _rows = Session.objects.filter(expire_date__lt=clock.now()).delete()
    if gone:
        live = Session.objects.filter(session_key=OuterRef("session_key"))
        UserSession.objects.filter(~Exists(live)).delete()
    return gone


def _start_session(sender: object, request: Any, user: Any, **kwargs: object) -> None:
    now = clock.now().timestamp()
    request.session[_BEGAN] = request.session[_SEEN] = now
    _note_seen(user.pk)


def _note_seen(user_id: int) -> None:
    """Mark a user's only member as seen at sign-in; with several organizations the next renewal does it."""
    places = memberships_of(user_id)
    if len(places) == 1:
        with use_tenant(places[0].tenant_id):
            Member.objects.note_seen(places[0].member_id, clock.now())


user_logged_in.connect(_start_session, dispatch_uid="session began")
