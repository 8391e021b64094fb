"""Settings: the types of follow-ups. Edit own types; order, archive and restore all."""

from operator import attrgetter
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from crm.jobs.pipeline_settings.views.lookup import shift
from crm.kernel.whole_numbers import read_number
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from followups.customer_reminders.models import customer_reminder_settings
from followups.customer_reminders.settings import set_customer_reminders, template_options
from followups.models import TenantKind, kind_setup
from followups.models.reminder import CUSTOMER_CHANNELS, ReminderChannel, ReminderTime
from followups.models.reminder_plan import read_times, reminder_setup
from followups.models.tenant_kind import ICONS
from followups.reminders.defaults import set_default
from followups.reminders.fields import describe_times, field_choices, list_fields, read_fields


def kinds_version() -> str:
    """Hash the types, to detect forms that are outdated."""
    types = kind_setup.kinds().all.values()
    reminders = [(kind, times) for (member_id, kind), times in reminder_setup().defaults.items() if member_id is None]
    texts = [(kind, row.template, row.times) for kind, row in customer_reminder_settings().items()]
    return version_of(
        *[(kind.code, kind.name, kind.name_nl, kind.icon, kind.minutes, kind.archived) for kind in types],
        *sorted(reminders),
        *sorted(texts),
    )


@settings_page("followups:kinds", "followups.manage_kinds", "followups/kinds.html", version=kinds_version)
def kinds(request: TenantRequest) -> Context:
    """Show the types in use, in their order, and the archived ones."""
    setup = kind_setup.kinds()
    return {
        "live": [(kind, _kind_reminders(kind.code)) for kind in setup.live],
        "all_types": _kind_reminders(""),
        **field_choices(),
        "customer_channels": [(one.value, one.label) for one in CUSTOMER_CHANNELS],
        "customer_templates": template_options(),
        "archived": [kind for kind in setup.all.values() if kind.archived],
        "icons": [(name, _icon_choices()[name]) for name in ICONS],
    }


def _kind_of(code: str) -> TenantKind:
    kind = None
    if code in kind_setup.kinds().all:
        kind = TenantKind.of(code)
    if kind is None:
        raise Http404
    return kind


@kinds.action()
def add(request: TenantRequest) -> str:
    """Add a type."""
    kind = TenantKind.add(request.POST.get("name", ""), by=request.member, **_posted_values(request))
    return _("“%(name)s” can be planned now.") % {"name": kind.name}


@kinds.action(_kind_of)
def edit(request: TenantRequest, kind: TenantKind) -> str:
    """Edit name, icon or duration of an own type."""
    kind.edit(request.POST.get("name", ""), by=request.member, **_posted_values(request))
    return _("“%(name)s” was saved.") % {"name": kind.name}


@kinds.action(_kind_of)
def move(request: TenantRequest, kind: TenantKind) -> str:
    """Move a type one place up or down, or in front of another."""
    live = TenantKind.objects.filter(archived_at=None)
    shift(request, live, kind, lambda before: kind.move(before=before, by=request.member), key=attrgetter("code"))
    return _("The order is saved.")


@kinds.action(_kind_of)
def archive(request: TenantRequest, kind: TenantKind) -> str:
    """Archive a type; planned follow-ups keep it."""
    kind.archive(by=request.member)
    return _("“%(name)s” is not offered any more.") % {"name": kind_setup.kinds().of(kind.code).label}


@kinds.action()
def choose_reminders(request: TenantRequest) -> str:
    """Save the reminders of a type (`kind`; blank: of all) for everybody, or use the general ones again."""
    code = request.POST.get("kind", "")
    if code and code not in kind_setup.kinds().all:
        raise Http404
    times = None
    if request.POST.get("do") != "reset":
        times = read_fields(request.POST)
    set_default(times, member=None, kind=code, by=request.member)
    return _("The reminders are saved.")


def _kind_reminders(code: str) -> dict[str, Any]:
    """Return what the page shows of a type's reminders for everybody."""
    times = reminder_setup().times(None, code)
    return {
        "kind": code,
        "is_own": (None, code) in reminder_setup().defaults,
        "words": describe_times(times),
        "fields": list_fields(times),
        "customer": _kind_customer_reminders(code),
    }


def _kind_customer_reminders(code: str) -> dict[str, Any]:
    """Return what the page shows of the reminders to customers of a type; without a template there are none."""
    setting = customer_reminder_settings().get(code)
    times = read_times(setting.times) if setting else ()
    return {
        "kind": code,
        "template": setting.template if setting else "",
        "words": describe_times(times),
        "fields": list_fields(times or (ReminderTime(24 * 60, ReminderChannel.EMAIL),)),
    }


@kinds.action()
def choose_customer_reminders(request: TenantRequest) -> str:
    """Save the text by which customers are reminded of a type, and when; no text: they are not."""
    code = request.POST.get("kind", "")
    if code not in kind_setup.kinds().all:
        raise Http404
    template = request.POST.get("template", "")
    set_customer_reminders(code, template=template, times=read_fields(request.POST), by=request.member)
    if template:
        return _("Customers can be reminded of this type.")
    return _("Customers are not reminded of this type.")


@kinds.action(_kind_of)
def restore(request: TenantRequest, kind: TenantKind) -> str:
    """Restore a type."""
    kind.restore(by=request.member)
    return _("“%(name)s” was restored.") % {"name": kind_setup.kinds().of(kind.code).label}


def _posted_values(request: TenantRequest) -> dict[str, Any]:
    return {
        "name_nl": request.POST.get("name_nl", ""),
        "icon": request.POST.get("icon", ""),
        "minutes": read_number(request.POST.get("minutes"), most=99_999) or 0,
    }


def _icon_choices() -> dict[str, str]:
    """List the icons with their descriptions, to choose from."""
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
