"""An email from its parts: what mail programs need, what a value may not do, and the plain-text twin."""

import re
from types import SimpleNamespace

import pytest

from comms.rendering import colors, markup
from comms.rendering.content import clean
from comms.rendering.liquid_text import write
from comms.rendering.mail_document import CLIPPED_AT, MailLook, weight
from comms.rendering.rendering import Context, Missing, Rendered, fill_in, mail_as_seen, render

CONTENT = {
    "subject": "Your quote,\n{{ customer.name }}",
    "preheader": "{{ job.value }}, valid for thirty days",
    "greeting": "Hi {{ customer.name }},",
    "opening": "Your quote is **ready**.",
    "details": [["Total", "{{ job.value }}"], ["Note", "{{ job.note | default: '' }}"]],
    "body": "Please [read it]({{ quote.link }}).\n\n- one\n- two",
    "buttons": [["Open the quote", "{{ quote.link }}"], ["Bad", "javascript:alert(1)"]],
    "signature": "",
    "footer": "",
}
LOOK = MailLook("Suncoast Roofing", 258, signature="Best,\nDana", footer="Tampa, FL")


def mail(name: str = "Cora", link: str = "https://x.example/q?a=1&b=2", language: str = "en") -> Rendered:
    values = {"customer": {"name": name}, "job": {"value": "$18,400"}, "quote": {"link": link}}
    context = Context(values, LOOK, language, "https://x.example/leave")
    return render(SimpleNamespace(content=clean("email", CONTENT)), context, "email")


def test_it_survives_outlook_and_gmail() -> None:
    made = mail()
    assert made.subject == "Your quote, Cora"
    body = made.html.partition("<body")[2]
    assert "<style" not in body
    assert "flex" not in body
    assert "grid" not in body
    assert "<v:roundrect" in body
    assert "<!--[if !mso]>" in body
    button = re.search(r'<a class="button"[^>]*>', body)
    assert button
    assert "background-color: #195fbf" in button[0]
    assert 'href="https://x.example/q?a=1&amp;b=2"' in button[0]
    head = made.html.partition("<body")[0]
    assert 'name="color-scheme" content="light dark"' in head
    assert "prefers-color-scheme: dark" in head
    assert head.count("prefers-color-scheme") == 1
    assert "$18,400, valid for thirty days" in body.partition('class="page"')[0]
    assert weight(made.html) < CLIPPED_AT / 10


def test_the_twin_has_the_same_words() -> None:
    assert mail().text == (
        "Hi Cora,\n\nYour quote is ready.\n\nTotal: $18,400\n\n"
        "Please read it (https://x.example/q?a=1&b=2).\n\n- one\n- two\n\n"
        "Open the quote: https://x.example/q?a=1&b=2\n\nBest,\nDana\n\n"
        "-- \nTampa, FL\nUnsubscribe: https://x.example/leave\n"
    )


def test_the_frame_speaks_the_messages_language() -> None:
    assert 'lang="nl"' in mail(language="nl").html
    assert 'lang="xx"' in mail(language="xx").html


@pytest.mark.parametrize("name", ["[x](http://evil.example)", "**b** <i>x</i>", "x\ue000\ue001", "{{ a }}", "- a"])
def test_a_value_is_never_markup(name: str) -> None:
    made = mail(name=name)
    assert 'evil.example"' not in made.html
    assert "<i>" not in made.html
    assert f"Hi {name.replace(chr(0xE000), '').replace(chr(0xE001), '')}," in made.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", 'https://x.example/"><script>', "data:text/html,x", "//x"])
def test_a_link_leads_to_the_web_or_nowhere(link: str) -> None:
    made = mail(link=link)
    assert "<script" not in made.html
    assert 'href="javascript' not in made.html
    assert 'href="data' not in made.html
    assert "Open the quote" not in made.html


def test_what_is_missing_blocks_and_is_named() -> None:
    with pytest.raises(Missing) as found:
        render(SimpleNamespace(content=clean("email", CONTENT)), Context({"customer": {"name": "Cora"}}, LOOK), "email")
    assert set(found.value.names) == {"job.value", "quote.link"}


def test_a_preview_shows_either_screen() -> None:
    content = clean("email", CONTENT | {"buttons": [], "body": "x", "details": [], "preheader": ""})
    context = Context({"customer": {"name": "Cora"}}, LOOK)
    made = fill_in(content, context)
    assert "background-color: #121316 !important" in mail_as_seen(made, context, "dark")
    assert "#121316" not in mail_as_seen(made, context, "light")


@pytest.mark.parametrize("hue", range(0, 360, 7))
def test_text_is_readable_on_any_brands_colour(hue: int) -> None:
    palette = colors.palette(hue)
    assert colors.contrast(*palette.button) >= 4.5
    assert colors.contrast(palette.link, "#ffffff") >= 4.5
    assert colors.contrast(palette.dark_link, "#1d1f23") >= 4.5


def test_markup_is_small_and_escaped() -> None:
    source = "One **two** <b>\nthree {{ a }}\n\n1. x\n2. [{{ a }}](tel:{{ b }})\nlast [no](ftp://x)"
    made = write(source, {"a": "**A&B**", "b": "+1813"})
    assert markup.to_html(made) == (
        "<p>One <b>two</b> &lt;b&gt;<br>three **A&amp;B**</p>"
        '<ol><li>x</li><li><a href="tel:+1813">**A&amp;B**</a></li></ol><p>last [no](ftp://x)</p>'
    )
    assert markup.to_text(made).splitlines()[-2:] == ["", "last [no](ftp://x)"]
