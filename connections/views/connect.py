"""Connect a system: choose one, enter its key or sign in there."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.beginning import begin_connection
from connections.permissions import MANAGE
from connections.system_kinds import SystemKind, system_kinds
from crm.integrations.systems import SYSTEM_GROUPS
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.page import Context, settings_page


class ConnectForm(forms.Form):
    """A new connection of a kind: its name, brand and first day, and what its kind asks for."""

    name = text_field(gettext_lazy("Name"), 80)

    def __init__(self, kind: SystemKind, posted: Any = None) -> None:
        initial = {"name": str(kind.label), "send_from": _first_of_month()}
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
    groups: dict[str, list[SystemKind]] = {}
    for kind in system_kinds().values():
        groups.setdefault(kind.group, []).append(kind)
    return {"groups": [(SYSTEM_GROUPS[name][0], kinds) for name, kinds in groups.items()]}


@settings_page("connections:connect", MANAGE, "connections/connect.html", of=("code",))
def connect(request: TenantRequest, code: str) -> Context:
    """Show the form that connects a system."""
    kind = get_kind(code)
    posted = None
    if request.path.endswith("/add/"):
        posted = request.POST
    form = ConnectForm(kind, posted)
    return {"kind": kind, "form": form, "is_ready": kind.provider is None or kind.provider() is not None}


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
        kind, values["name"], secrets=secrets, options=options, brand=brand, owner=request.member, by=request.member
    )
    return redirect(reverse("connections:connection", args=[request.tenant.slug, row.uid]))
