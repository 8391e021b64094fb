"""Settings: the types of follow-ups. Own ones are edited, all are put in order, hidden and offered again."""

from operator import attrgetter
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from crm.jobs.pipelines.views.lookup import shift
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from followups import kinds as known
from followups.models import TenantKind
from followups.models.tenant_kind import ICONS


@settings_page("followups:kinds", "followups.manage_kinds", "followups/kinds.html", version=known.version)
def kinds(request: TenantRequest) -> Context:
    """The types that are offered, in their order, and those that are not."""
    here = known.kinds()
    return {
        "live": here.live,
        "archived": [kind for kind in here.all.values() if kind.archived],
        "icons": [(name, _drawings()[name]) for name in ICONS],
    }


def _kind_of(code: str) -> TenantKind:
    kind = TenantKind.of(code) if code in known.kinds().all else None
    if kind is None:
        raise Http404
    return kind


@kinds.action()
def add(request: TenantRequest) -> str:
    """A type of one's own."""
    kind = TenantKind.add(request.POST.get("name", ""), by=request.member, **_given(request))
    return _("“%(name)s” can be planned now.") % {"name": kind.name}


@kinds.action(_kind_of)
def edit(request: TenantRequest, kind: TenantKind) -> str:
    """Another name, icon or duration of one's own."""
    kind.edit(request.POST.get("name", ""), by=request.member, **_given(request))
    return _("“%(name)s” is saved.") % {"name": kind.name}


@kinds.action(_kind_of)
def move(request: TenantRequest, kind: TenantKind) -> str:
    """Offer it earlier or later: one place up or down, or in front of another."""
    live = TenantKind.objects.filter(archived_at=None)
    shift(request, live, kind, lambda before: kind.move(before=before, by=request.member), key=attrgetter("code"))
    return _("The order is saved.")


@kinds.action(_kind_of)
def archive(request: TenantRequest, kind: TenantKind) -> str:
    """Offer it no more; what is planned as it keeps it."""
    kind.archive(by=request.member)
    return _("“%(name)s” is not offered any more.") % {"name": known.kinds().of(kind.code).label}


@kinds.action(_kind_of)
def restore(request: TenantRequest, kind: TenantKind) -> str:
    """Offer it again."""
    kind.restore(by=request.member)
    return _("“%(name)s” is offered again.") % {"name": known.kinds().of(kind.code).label}


def _given(request: TenantRequest) -> dict[str, Any]:
    minutes = request.POST.get("minutes", "")
    return {
        "name_nl": request.POST.get("name_nl", ""),
        "icon": request.POST.get("icon", ""),
        "minutes": int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else 0,
    }


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
