"""Permissions of invoices, payments and the books."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.models import Role

MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
OFFICE = MANAGERS | {Role.SERVICE}

PERMISSIONS = [
    PermissionGroup("billing", _("Invoices and payments")),
    Permission(
        name="billing.view",
        roles=EVERYBODY,
        group="billing",
        label=_("See invoices"),
        note=_("And payments, of leads and jobs they can see."),
    ),
    Permission(
        name="billing.issue",
        roles=OFFICE,
        group="billing",
        label=_("Issue invoices"),
        note=_("And credit notes. An issued invoice can’t be changed."),
    ),
    Permission(
        name="billing.record_payment",
        roles=OFFICE,
        group="billing",
        label=_("Record payments"),
        note=_("Bank transfers, cash and checks, and which invoice they pay."),
    ),
    Permission(
        name="billing.refund",
        roles=OFFICE,
        group="billing",
        label=_("Ask for refunds"),
        note=_("A second person approves each refund."),
    ),
    Permission(
        name="billing.approve_refund",
        roles=MANAGERS,
        group="billing",
        label=_("Approve refunds"),
        note=_("Of others, up to the limit of their role."),
    ),
    Permission(
        name="billing.books",
        roles=MANAGERS,
        group="billing",
        label=_("See the books"),
        note=_("The ledger, statements of the bank, and the export to accounting."),
    ),
    Permission(
        name="billing.commissions",
        roles=MANAGERS,
        group="billing",
        label=_("Commission statements"),
        note=_("See, issue and pay what partners earn by the jobs they bring."),
    ),
    Permission(
        name="billing.set_up",
        roles=MANAGERS,
        group="settings",
        label=_("Set up billing"),
        note=_("How brands bill, and when late invoices are reminded."),
    ),
]
