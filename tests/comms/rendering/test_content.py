"""The parts of a template: their shape, their limits, what WhatsApp would refuse, and its numbered placeholders."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.rendering.content import check, clean, number_variables
from comms.rendering.rendering import Context, Missing, render

KNOWN = frozenset({"customer.first_name", "appointment.date", "brand.name"})
CLOSE = "Hi {{ customer.first_name }}, we come on {{ appointment.date }}. See you, {{ brand.name }}!"


def told(medium: str, **parts: Any) -> list[tuple[str, str]]:
    return [(problem.part, problem.text) for problem in check(medium, clean(medium, parts), KNOWN)]


def test_a_shape_is_kept_and_nothing_else() -> None:
    made = clean(
        "email", {"subject": " a\x00\ud800b\ue000 ", "evil": "x", "details": [["a", "b"], ["", ""], ["c"], "d"]}
    )
    assert made["subject"] == "ab"
    assert made["details"] == [["a", "b"]]
    assert set(made) == {*"subject preheader greeting opening body signature footer details buttons".split()}


@pytest.mark.parametrize(
    ("medium", "parts", "part", "words"),
    [
        ("email", {"subject": "x"}, "body", "needed"),
        ("sms", {}, "text", "needed"),
        ("sms", {"text": "x" * 1601}, "text", "1 characters too long"),
        ("email", {"subject": "x", "body": "y", "buttons": [["Go", "javascript:x"]]}, "buttons", "is not an address"),
        ("email", {"subject": "x", "body": "y", "buttons": [["Go", ""]]}, "buttons", "leads nowhere"),
        ("email", {"subject": "x", "body": "y", "buttons": [["", "https://x.example"]]}, "buttons", "needs a label"),
        ("whatsapp", {"body": "x" * 1025}, "body", "1 characters too long"),
        ("whatsapp", {"body": "x", "footer": "x" * 61}, "footer", "too long"),
        ("whatsapp", {"body": "x", "footer": "by {{ brand.name }}"}, "footer", "no variable in the footer"),
        ("whatsapp", {"body": "x", "buttons": [["x" * 26, ""]]}, "buttons", "1 characters too long"),
        ("whatsapp", {"body": "{{ brand.name }} writes"}, "body", "begins or ends"),
        ("whatsapp", {"body": "a {% if brand.name %}x{% endif %} b"}, "body", "variables alone"),
        ("whatsapp", {"body": "a {{ brand.name | upcase }} b"}, "body", "variables alone"),
    ],
)
def test_what_is_wrong_is_said_of_its_part(medium: str, parts: dict[str, Any], part: str, words: str) -> None:
    found = told(medium, **parts)
    assert [(name, words in text) for name, text in found][:1] == [(part, True)]


def test_what_is_right_says_nothing() -> None:
    assert told("whatsapp", body=CLOSE, footer="Suncoast", buttons=[["Change it", ""]]) == []
    assert told("email", subject="x", body="y", buttons=[["Call", "tel:{{ brand.name }}"]]) == []


def test_whatsapp_numbers_its_placeholders() -> None:
    assert number_variables("{{a.b}} and {{ c }} and {{ a.b }}") == ("{{1}} and {{2}} and {{1}}", ["a.b", "c"])
    content = clean("whatsapp", {"body": CLOSE, "buttons": [["Change it", ""]]})
    values = {
        "customer": {"first_name": "Cora\n  Ann"},
        "appointment": {"date": "Monday 4 May"},
        "brand": {"name": "Suncoast"},
    }
    made = render(SimpleNamespace(content=content), Context(values), "whatsapp")
    assert made.parameters == {"header": [], "body": ["Cora Ann", "Monday 4 May", "Suncoast"]}
    assert made.text.startswith("Hi Cora")
    with pytest.raises(Missing):
        render(SimpleNamespace(content=content), Context({}), "whatsapp")
