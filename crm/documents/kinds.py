"""The tenant's document kinds, cached per process, and the initial ones."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.documents.models import DocumentKind
from crm.documents.models.document_kind import document_kinds

__all__ = ["FIRST", "begin", "document_kinds", "kind_for", "money_kind", "offered_kinds"]

# What a tenant starts with: its name, and what it is apart from that.
FIRST: tuple[tuple[str | Promise, dict[str, Any]], ...] = (
    (_("Contract"), {"is_personal": True, "about": "money"}),
    (_("Permit"), {}),
    (_("Photo"), {"is_photo": True}),
    (_("Insurance claim"), {"is_personal": True, "about": "claim"}),
    (_("Insurance policy"), {"is_personal": True, "about": "claim"}),
    (_("Quote"), {"about": "money"}),
    (_("Invoice"), {"is_personal": True, "about": "money"}),
    (_("Warranty"), {"warn_days": 60}),
    (_("Passport"), {"is_personal": True, "warn_days": 180}),
    (_("Visa"), {"is_personal": True, "warn_days": 90}),
    (_("Other document"), {}),
)


def offered_kinds() -> list[DocumentKind]:
    """Return the active kinds."""
    return [row for row in document_kinds().values() if row.archived_at is None]


def kind_for(*, is_photo: bool) -> DocumentKind | None:
    """Return the default kind of a file: the first photo kind, or the last kind of papers."""
    fitting = [row for row in offered_kinds() if row.is_photo == is_photo]
    if not fitting:
        return next(iter(offered_kinds()), None)
    if is_photo:
        return fitting[0]
    return fitting[-1]


def money_kind() -> DocumentKind:
    """Return the kind of a signed contract: the first about money, personal ones first; else that of any paper."""
    about_money = [row for row in offered_kinds() if row.about == DocumentKind.About.MONEY and not row.is_photo]
    personal = [row for row in about_money if row.is_personal]
    kind = next(iter([*personal, *about_money]), None) or kind_for(is_photo=False)
    assert kind is not None, "a tenant has kinds of documents"
    return kind


def begin() -> None:
    """Create the kinds a tenant starts with."""
    for name, fields in FIRST:
        DocumentKind.add(str(name), by=None, **fields)
