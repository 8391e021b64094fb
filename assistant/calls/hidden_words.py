"""The names of what is hidden in a text or kept back, for pages."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "link": _("web address"),
    "mail": _("email address"),
    "phone": _("phone number"),
    "address": _("postal address"),
    "number": _("claim or policy number"),
    "iban": _("bank account"),
    "price": _("price"),
    "customer": _("name of a customer"),
    "colleague": _("name of a colleague"),
    # What may never be sent, by the field of the setup.
    "contacts": _("text with an address or phone number"),
    "numbers": _("text with a claim or policy number"),
    "notes": _("internal note"),
    "calls": _("call"),
}


def hidden_words(counts: Mapping[str, int]) -> list[str]:
    """Return the kinds with how often each occurred: "phone number × 2"."""
    return [f"{_WORDS.get(kind, kind)} × {count}" for kind, count in sorted(counts.items())]
