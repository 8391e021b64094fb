"""The scopes of a token: reading or writing a resource, or everything that the member may do."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

EVERYTHING = "*"
READ = "read"
WRITE = "write"
# Resources by the names that their addresses have.
RESOURCES: dict[str, Promise] = {
    "people": _("Customers"),
    "companies": _("Companies"),
    "properties": _("Properties"),
    "jobs": _("Leads and jobs"),
    "tickets": _("Conversations"),
    "messages": _("Messages"),
    "notes": _("Notes on leads"),
    "ticket-notes": _("Notes on conversations"),
    "follow-ups": _("Follow-ups"),
    "appointments": _("Appointments"),
    "documents": _("Documents"),
    "sources": _("Sources"),
    "spend": _("Spend"),
    "quotes": _("Quotes"),
    "invoices": _("Invoices"),
    "payments": _("Payments"),
    "claims": _("Insurance claims"),
    "claim-mails": _("Emails of insurance carriers"),
    "calls": _("Tracked calls"),
    "tracking-numbers": _("Tracking numbers"),
    "events": _("Events"),
    "webhooks": _("Webhooks"),
}
# Those that can be read alone.
READ_ONLY = frozenset({"invoices", "payments", "sources", "events"})
SCOPES: dict[str, tuple[Promise, str]] = {
    f"{resource}:{access}": (label, access)
    for resource, label in RESOURCES.items()
    for access in (READ, WRITE)
    if access == READ or resource not in READ_ONLY
}


def has_scope(scopes: list[str], resource: str, access: str) -> bool:
    """Tell whether the scopes of a token include an access to a resource. Who may write may read."""
    wanted = {EVERYTHING, f"{resource}:{access}"}
    if access == READ:
        wanted.add(f"{resource}:{WRITE}")
    return not wanted.isdisjoint(scopes)


def scope_choices() -> list[tuple[str, str]]:
    """Return each scope with its words: "Customers: read"."""
    words = {READ: gettext("%(resource)s: read"), WRITE: gettext("%(resource)s: read and change")}
    return [(scope, words[access] % {"resource": label}) for scope, (label, access) in SCOPES.items()]
