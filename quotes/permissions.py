"""Permissions of quotes and of the price book."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.models import Role

MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
SALES = MANAGERS | {Role.REP}
EDIT_PRICES = "prices.edit"
FIGURES = "quotes.figures"

PERMISSIONS = [
    PermissionGroup("quotes", _("Quotes")),
    Permission(
        name="quotes.view",
        roles=EVERYBODY,
        group="quotes",
        label=_("See quotes"),
        note=_("Of leads they can see. The price book without costs."),
    ),
    Permission(
        name="quotes.edit",
        roles=SALES,
        group="quotes",
        label=_("Write quotes"),
        note=_("For leads they can see, from the price book and templates."),
    ),
    Permission(
        name="quotes.send",
        roles=SALES,
        group="quotes",
        label=_("Send quotes"),
        note=_("And withdraw them. A discount above their limit needs an approval first."),
    ),
    Permission(
        name="quotes.see_margin",
        roles=MANAGERS,
        group="quotes",
        label=_("See costs and margins"),
        note=_("In the price book, on quotes and in lists and files."),
    ),
    Permission(
        name=FIGURES,
        roles=SALES,
        group="quotes",
        label=_("See figures of quotes"),
        note=_("How the quotes they can see were answered, and what jobs came to. Margins only if they see those."),
    ),
    Permission(
        name="quotes.approve",
        roles=MANAGERS,
        group="quotes",
        label=_("Approve quotes"),
        note=_("With a discount or margin outside the limits, and contracts that customers signed."),
    ),
    Permission(
        name="quotes.set_up",
        roles=MANAGERS,
        group="quotes",
        label=_("Set up quotes"),
        note=_("Templates, discount limits, and what new quotes begin with."),
    ),
    Permission(
        name=EDIT_PRICES,
        roles=MANAGERS,
        group="quotes",
        label=_("Change the price book"),
        note=_("Items, prices, kits, suppliers and taxes."),
    ),
]
