"""Settings: the types of follow-ups. Own ones are edited, all are put in order, hidden and offered again."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.views.editing import attempt, page
from crm.platform.access import require
from crm.platform.http import TenantRequest
from followups import kinds as known
from followups.models import TenantKind
from followups.models.tenant_kind import ICONS

PERMISSION = "followups.manage_kinds"


@require(PERMISSION)
def kinds(request: TenantRequest) -> HttpResponse:
    """The types that are offered, in their order, and those that are not."""
    return _show(request, 200, "")


@require_POST
@require(PERMISSION)
def add(request: TenantRequest) -> HttpResponse:
    """A type of one's own."""

    def change() -> str:
        kind = TenantKind.add(request.POST.get("name", ""), by=request.member, **_given(request))
        return _("“%(name)s” can be planned now.") % {"name": kind.name}

    return _attempt(request, change)


@require_POST
@require(PERMISSION)
def edit(request: TenantRequest, code: str) -> HttpResponse:
    """Another name, icon or duration of one's own."""

    def change(kind: TenantKind) -> str:
        kind.edit(request.POST.get("name", ""), by=request.member, **_given(request))
        return _("“%(name)s” is saved.") % {"name": kind.name}

    return _act(request, code, change)


@require_POST
@require(PERMISSION)
def move(request: TenantRequest, code: str) -> HttpResponse:
    """Offer it earlier or later: one place up or down, or in front of another."""

    def change(kind: TenantKind) -> str:
        live = [one.code for one in known.kinds().live]
        kind.move(before=_in_front_of(request, live, code), by=request.member)
        return _("The order is saved.")

    return _act(request, code, change)


@require_POST
@require(PERMISSION)
def archive(request: TenantRequest, code: str) -> HttpResponse:
    """Offer it no more; what is planned as it keeps it."""

    def change(kind: TenantKind) -> str:
        kind.archive(by=request.member)
        return _("“%(name)s” is not offered any more.") % {"name": known.kinds().of(code).label}

    return _act(request, code, change)


@require_POST
@require(PERMISSION)
def restore(request: TenantRequest, code: str) -> HttpResponse:
    """Offer it again."""

    def change(kind: TenantKind) -> str:
        kind.restore(by=request.member)
        return _("“%(name)s” is offered again.") % {"name": known.kinds().of(code).label}

    return _act(request, code, change)


def _given(request: TenantRequest) -> dict[str, Any]:
    minutes = request.POST.get("minutes", "")
    return {
        "name_nl": request.POST.get("name_nl", ""),
        "icon": request.POST.get("icon", ""),
        "minutes": int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else 0,
    }


def _in_front_of(request: TenantRequest, live: list[str], code: str) -> TenantKind | None:
    """The one to put it in front of; None: last."""
    if code not in live:
        raise Http404
    at, direction, before = live.index(code), request.POST.get("direction", ""), request.POST.get("before", "")
    steps = {"up": -1, "down": 2}.get(direction)
    if steps is not None or before == code:
        place = max(at + (steps or 1), 0)
        before = live[place] if place < len(live) else ""
        before = before if before != code else next(iter(live[1:]), "")
    return TenantKind.of(before) if before else None


def _act(request: TenantRequest, code: str, change: Callable[[TenantKind], str]) -> HttpResponse:
    if code not in known.kinds().all:
        raise Http404

    def verb() -> str:
        kind = TenantKind.of(code)
        assert kind is not None, "it was there a moment ago, and none is ever deleted"
        return change(kind)

    return _attempt(request, verb)


def _attempt(request: TenantRequest, change: Callable[[], str]) -> HttpResponse:
    def shown(status: int, told: str) -> HttpResponse:
        return _show(request, status, told)

    back = reverse("followups:kinds", args=[request.tenant.slug])
    return attempt(request, version=known.version, change=change, show=shown, back=back)


def _show(request: TenantRequest, status: int, told: str) -> HttpResponse:
    here = known.kinds()
    context: dict[str, Any] = {
        "live": here.live,
        "archived": [kind for kind in here.all.values() if kind.archived],
        "icons": [(name, _drawings()[name]) for name in ICONS],
        "version": known.version(),
        "given": request.POST if status == 422 and request.path.endswith("/add/") else {},
    }
    return page(request, "followups/kinds.html", context, status, told)


def _drawings() -> dict[str, str]:
    """What is drawn, in words: an icon is chosen from a list."""
    return {
        "phone": _("Phone"),
        "mail": _("Envelope"),
        "message-square-more": _("Speech bubble"),
        "video": _("Camera"),
        "users": _("People"),
        "user": _("Person"),
        "calendar": _("Calendar"),
        "clock": _("Clock"),
        "map-pin": _("Pin on a map"),
        "house": _("House"),
        "building-2": _("Building"),
        "file-text": _("Document"),
        "banknote": _("Banknote"),
        "key-round": _("Key"),
        "list-checks": _("Checklist"),
        "shield-check": _("Shield"),
        "eye": _("Eye"),
        "flag": _("Flag"),
        "zap": _("Lightning"),
        "megaphone": _("Megaphone"),
        "hand": _("Hand"),
        "trophy": _("Trophy"),
    }
