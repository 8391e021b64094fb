"""Connect a system: choose one, enter its key or sign in there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.beginning import begin_connection
from connections.permissions import MANAGE
from connections.system_kinds import SystemKind, SystemPreset, system_kinds
from crm.integrations.systems import SYSTEM_GROUPS
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.page import Context, settings_page
from crm.web.settings.sections import Section

# Pages of the settings that connect other systems, with the group of *Connections* under which these are listed.
SET_UP_ELSEWHERE = {
    "video_meetings:zoom": "calendars",
    "comms:channels": "messages",
    "payment_accounts:accounts": "money",
    "intake:doors": "leads",
    "leads:tracking": "leads",
    "service:claim_mails": "work",
    "webhooks:webhooks": "automation",
    "api_tokens:tokens": "automation",
}


@dataclass(frozen=True)
class SystemChoice:
    """A system that can be connected, or a use of it, as a card."""

    label: Any
    note: Any
    icon: str
    url: str


class ConnectForm(forms.Form):
    """A new connection of a kind or preset: its name, brand and first day, and what its kind asks for."""

    name = text_field(gettext_lazy("Name"), 80)

    def __init__(self, kind: SystemKind, posted: Any = None, preset: SystemPreset | None = None) -> None:
        initial = {"name": str((preset or kind).label), "send_from": _first_of_month()}
        super().__init__(posted, initial=initial, label_suffix="")
        if kind.is_of_brand:
            self.fields["brand"] = select_field(_("Brand"))
            set_choices(self, "brand", [(str(brand.uid), brand.name) for brand in active_brands()])
            self.fields["send_from"] = forms.DateField(
                label=_("Send invoices from"),
                help_text=_("What was issued earlier stays out. An invoice that is there already is not sent twice."),
                widget=forms.DateInput({"class": "input", "type": "date"}),
            )
        for field in kind.fields:
            widget: forms.Widget = forms.TextInput({"class": "input", "maxlength": field.longest})
            if field.is_secret:
                widget = forms.PasswordInput({"class": "input", "autocomplete": "off", "maxlength": field.longest})
            self.fields[f"field-{field.name}"] = forms.CharField(
                label=str(field.label),
                help_text=str(field.hint),
                required=field.is_required,
                max_length=field.longest,
                widget=widget,
            )


def active_brands() -> list[Brand]:
    """Return the brands that are not archived."""
    return [row for row in directory().brands.values() if row.archived_at is None]


def _first_of_month() -> str:
    return clock.now().astimezone(directory().zone).date().replace(day=1).isoformat()


@settings_page("connections:choose", MANAGE, "connections/choose.html")
def choose(request: TenantRequest) -> Context:
    """Show the systems that can be connected, by group."""
    groups: dict[str, list[SystemChoice]] = {}
    for kind in system_kinds().values():
        url = reverse("connections:connect", args=[request.tenant.slug, kind.name])
        choices = groups.setdefault(kind.group, [])
        for preset in kind.presets:
            choices.append(SystemChoice(preset.label, preset.note, preset.icon, f"{url}?preset={preset.name}"))
        choices.append(SystemChoice(kind.label, kind.note, kind.icon, url))
    for group, choice in _choices_elsewhere(request):
        groups.setdefault(group, []).append(choice)
    return {"groups": [(label, groups[name]) for name, (label, _note) in SYSTEM_GROUPS.items() if name in groups]}


def _choices_elsewhere(request: TenantRequest) -> Iterator[tuple[str, SystemChoice]]:
    """Yield the settings pages that connect other systems, with their groups; those that the member may open."""
    sections = {section.name: section for section in features.of(Section)}
    for name, group in SET_UP_ELSEWHERE.items():
        section = sections.get(name)
        if section and allows(request.member, section.permission):
            url = reverse(name, args=[request.tenant.slug])
            yield group, SystemChoice(section.label, section.note, section.icon, url)


@settings_page("connections:connect", MANAGE, "connections/connect.html", of=("code",))
def connect(request: TenantRequest, code: str) -> Context:
    """Show the form that connects a system."""
    kind = get_kind(code)
    form_data = request.GET
    posted = None
    if request.path.endswith("/add/"):
        form_data = posted = request.POST
    preset = kind.find_preset(form_data.get("preset", ""))
    form = ConnectForm(kind, posted, preset)
    return {
        "kind": kind,
        "use": preset or kind,
        "preset": preset,
        "form": form,
        "is_ready": kind.provider is None or kind.provider() is not None,
    }


def get_kind(code: str) -> SystemKind:
    """Return a kind by its name. Raises Http404 for another one."""
    kind = system_kinds().get(code)
    if kind is None:
        raise Http404
    return kind


@connect.action(get_kind)
def add(request: TenantRequest, kind: SystemKind) -> HttpResponse:
    """Connect a system by what was entered, or begin the sign-in there."""
    values = require_valid(ConnectForm(kind, request.POST)).cleaned_data
    options: dict[str, Any] = {}
    brand = None
    if kind.is_of_brand:
        brand = next((row for row in active_brands() if str(row.uid) == values["brand"]), None)
        options["send_from"] = values["send_from"].isoformat()
    if kind.provider is not None:
        if kind.provider() is None:
            raise Refused(_("This installation has no credentials for it."))
        request.session["connection_draft"] = {
            "kind": kind.name,
            "name": values["name"],
            "brand": values.get("brand", ""),
            "options": options,
        }
        sign_in_url = reverse("connections:begin_sign_in", args=[request.tenant.slug])
        return render(request, "connections/sign_in.html", {"kind": kind, "sign_in_url": sign_in_url})
    secrets = {field.name: values[f"field-{field.name}"] for field in kind.fields if field.is_secret}
    options |= {field.name: values[f"field-{field.name}"] for field in kind.fields if not field.is_secret}
    kind.check_options(options)
    row = begin_connection(
        kind,
        values["name"],
        secrets=secrets,
        options=options,
        brand=brand,
        owner=request.member,
        by=request.member,
        preset=kind.find_preset(request.POST.get("preset", "")),
    )
    return redirect(reverse("connections:connection", args=[request.tenant.slug, row.uid]))
