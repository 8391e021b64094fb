"""SetupForm: who reads along, what it may read, and what it may cost."""

from decimal import Decimal
from typing import Any, NamedTuple

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from assistant.calls.assistant_helper import helpers
from assistant.calls.spend import currency
from assistant.models import AssistantSetup, ModelProvider, TextSharing
from assistant.models.assistant_setup import MILLION, SHARED
from assistant.panel.helper_roles import ROLES, grid_helpers, grid_value, has_helper
from crm.web.settings.fields import checkbox_field, set_choices, text_field

_MOST = Decimal(1_000_000)
SHARED_LABELS = {
    "names": (_("Names"), _("become “customer”, “colleague”")),
    "contacts": (_("Phone numbers, email and postal addresses"), _("become “phone 1”, “mail 1”")),
    "numbers": (_("Claim and policy numbers, bank accounts"), _("recognized by their form and the words before")),
    "prices": (_("Prices"), _("become “price 1”")),
    "notes": (_("Notes that only the team sees"), _("marked, so that a draft can warn")),
    "calls": (_("Phone calls"), _("what was written down of them")),
}


class HelperCell(NamedTuple):
    """A checkbox of the grid: whether a role has a helper."""

    helper: Any
    value: str
    is_on: bool


class HelperRow(NamedTuple):
    """A role with its checkboxes."""

    role: Any
    cells: list[HelperCell]


def _grid_values() -> list[str]:
    return [grid_value(helper.name, role) for role in ROLES for helper in grid_helpers()]


def _amount_field(label: Any, hint: Any = "") -> forms.DecimalField:
    widget = forms.NumberInput({"class": "input", "step": "any", "inputmode": "decimal"})
    field = forms.DecimalField(label=label, help_text=hint, required=False, min_value=0, max_value=_MOST, widget=widget)
    field.decimal_places = 6
    return field


class SetupForm(forms.Form):
    """The setup of the assistant; amounts in the organization's currency."""

    provider = forms.ChoiceField(label=_("Who reads along"), choices=ModelProvider, widget=forms.RadioSelect)
    address = text_field(_("Address"), 500, required=False, hint=_("For Anthropic, leave it empty."))
    model = text_field(_("Model"), 100, required=False)
    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput({"class": "input", "autocomplete": "off"}),
        help_text=_("Stored encrypted, and never shown again. Leave it empty to keep the stored one."),
    )
    delete_key = forms.BooleanField(
        label=_("Delete the stored key"), required=False, widget=forms.CheckboxInput({"class": "check"})
    )
    helpers = checkbox_field(_("Helpers that may ask it"), _("The others work by rules."))
    shown_helpers = checkbox_field(_("Who has it"))
    spend_limit = _amount_field(_("Limit a month"), _("At the limit, built-in rules take over until the next month."))
    price_in = _amount_field(_("Price of a million tokens read"), _("Zero for a server of your own."))
    price_out = _amount_field(_("Price of a million tokens written"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        set_choices(self, "helpers", [(helper.name, helper.label) for helper in helpers() if not helper.is_internal])
        set_choices(self, "shown_helpers", [(value, value) for value in _grid_values()])
        for name, allowed in SHARED.items():
            self.fields[name] = forms.ChoiceField(
                label=SHARED_LABELS[name][0],
                choices=[(choice.value, choice.label) for choice in allowed],
                widget=forms.RadioSelect,
                initial=TextSharing.HIDDEN,
            )

    @property
    def sharing_rows(self) -> list[tuple[Any, Any]]:
        """The fields that say what may leave, each with its note."""
        return [(self[name], SHARED_LABELS[name][1]) for name in SHARED]

    @property
    def helper_grid(self) -> tuple[list[Any], list[HelperRow]]:
        """The helpers of the grid by name, and a row for each role."""
        chosen = set(self["shown_helpers"].value() or ())
        rows = []
        for role in ROLES:
            values = [(helper.label, grid_value(helper.name, role)) for helper in grid_helpers()]
            cells = [HelperCell(label, value, value in chosen) for label, value in values]
            rows.append(HelperRow(role.label, cells))
        return [helper.label for helper in grid_helpers()], rows

    @property
    def fields_to_save(self) -> dict[str, Any]:
        """The cleaned values as `AssistantSetup.set` takes them."""
        data = self.cleaned_data
        minor = 10 ** get_currency_precision(currency())
        key = data["key"].strip() or None
        if data["delete_key"]:
            key = ""
        return {
            **{name: data[name] for name in ("provider", "address", "model", "helpers", *SHARED)},
            "helpers_off": [value for value in _grid_values() if value not in data["shown_helpers"]],
            "key": key,
            "spend_limit": int((data["spend_limit"] or 0) * minor),
            "price_in": int((data["price_in"] or 0) * MILLION),
            "price_out": int((data["price_out"] or 0) * MILLION),
        }


def initial_of(setup: AssistantSetup) -> dict[str, Any]:
    """Return the initial values of the form; all helpers before a setup is saved."""
    minor = 10 ** get_currency_precision(currency())
    chosen = setup.helpers
    if not setup.pk or setup.provider == ModelProvider.RULES:
        chosen = setup.helpers or [helper.name for helper in helpers()]
    values: dict[str, Any] = {name: getattr(setup, name) for name in ("provider", "address", "model", *SHARED)}
    return {
        **values,
        "helpers": chosen,
        "shown_helpers": [value for value in _grid_values() if has_helper(*value.split(":"))],
        "spend_limit": _plain(Decimal(setup.spend_limit) / minor),
        "price_in": _plain(Decimal(setup.price_in) / MILLION),
        "price_out": _plain(Decimal(setup.price_out) / MILLION),
    }


def _plain(value: Decimal) -> str:
    """Return a number as somebody would type it: 25, 0.15; blank for zero."""
    if not value:
        return ""
    return f"{value.normalize():f}"
