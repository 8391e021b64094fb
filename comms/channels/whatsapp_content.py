"""Describe in words a WhatsApp message that is no text: location, contacts, order, form."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from comms.channels import payload

# So many contacts, products and answers are told.
MOST = 50
# Of a form: what WhatsApp needs to know which one it is, and nobody filled in.
_TECHNICAL = frozenset({"flow_token", "flow_id", "flow_name", "version"})


def place_words(name: str, address: str, latitude: str, longitude: str) -> str:
    """Describe a location: "📍 Home, 12 Palm Way, 27.9506, -82.4572"."""
    return "📍 " + ", ".join(filter(None, (name, address, latitude, longitude)))


def contacts_words(contacts: Iterable[dict[str, Any]]) -> str:
    """Describe contacts, one per line: name, company, numbers, addresses."""
    return "\n".join(_contact_text(contact) for _nth, contact in zip(range(MOST), contacts, strict=False))


def _contact_text(contact: dict[str, Any]) -> str:
    names = contact.get("name")
    name = payload.text(names, "formatted_name") or payload.text(names, "formattedName") or payload.text(names)
    phones = (
        payload.text(one, "phone") or payload.text(one, "phoneNumber") for one in _contact_parts(contact, "phones")
    )
    emails = (payload.text(one, "email") for one in _contact_parts(contact, "emails"))
    company = payload.text(contact, "org", "company")
    return "👤 " + ", ".join(filter(None, (name, company, *phones, *emails)))


def _contact_parts(contact: dict[str, Any], name: str) -> Iterable[dict[str, Any]]:
    return payload.objects(contact, name)


def order_words(order: Any) -> str:
    """Describe an order: the customer's words, and one line per product."""
    lines = []
    for _nth, item in zip(range(MOST), payload.objects(order, "product_items"), strict=False):
        product = payload.text(item, "product_retailer_id")
        quantity = payload.text(item, "quantity") or "1"
        price = " ".join(filter(None, (payload.text(item, "item_price"), payload.text(item, "currency"))))
        lines.append(f"🛒 {quantity} × {product}" + (f", {price}" if price else ""))
    return "\n".join(filter(None, (payload.text(order, "text"), *lines)))


def form_words(reply: Any) -> str:
    """Describe a submitted form (flow), one line per field; its own text if it can't be parsed."""
    try:
        answers = json.loads(payload.text(reply, "response_json") or "{}")
    except (ValueError, RecursionError):
        answers = {}
    lines = []
    if isinstance(answers, dict):
        lines = list(_answer_lines(answers))
    return "\n".join(lines[:MOST]) or payload.text(reply, "body") or payload.text(reply, "name")


def _answer_lines(answers: Mapping[str, Any]) -> Iterable[str]:
    for name, value in answers.items():
        if isinstance(value, list):
            values = value
        else:
            values = [value]
        text = ", ".join(json.dumps(one, ensure_ascii=False) if isinstance(one, dict) else str(one) for one in values)
        if name not in _TECHNICAL and text:
            yield f"{name.replace('_', ' ')}: {text}"


def unsupported_words(kind: str) -> str:
    """Return a note that WhatsApp didn't pass the content on, so that a member can ask for it."""
    return _("[They sent something that we cannot show here (%(kind)s).]") % {"kind": kind or "?"}
