"""Plain text with links: escaped, whatever stands in it."""

import html5lib
import pytest

from comms.mail.links import linked_text

REL = 'rel="noopener noreferrer nofollow" target="_blank"'


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("See https://dak.example/a?b=1&c=2.", "https://dak.example/a?b=1&amp;c=2", "."),
        ("(https://dak.example/roof_(house))", "https://dak.example/roof_(house)", ")"),
        ("https://dak.example, please", "https://dak.example", ", please"),
        ("www.dak.example!", "www.dak.example", "!"),
        ("<https://dak.example>", "https://dak.example", "&gt;"),
    ],
)
def test_an_address_is_a_link(text: str, address: str, after: str) -> None:
    written = linked_text(text)
    target = address if address.startswith("http") else f"https://{address}"
    assert f'<a href="{target}" {REL}>{address}</a>{after}' in written


@pytest.mark.parametrize(
    "text",
    [
        'http://google.example?"onmouseover="alert(1)',
        "https://x.example/'onmouseover='alert(1)",
        "https://x.example/<script>alert(1)</script>",
        'https://x.example/" onmouseover=alert(1) x="',
        "javascript:alert(1)",
        "https://x.example/`onmouseover=alert(1)",
        "<img src=x onerror=alert(1)>",
        "&lt;script&gt; https://x.example/&quot;onload=x",
        "https://x.example/\u202egnp.exe",
        "data:text/html,<script>alert(1)</script> http://",
        "jan@https://x.example",
    ],
)
def test_nothing_gets_out_of_it(text: str) -> None:
    for element in html5lib.parse(linked_text(text), namespaceHTMLElements=False).iter():
        assert element.tag in {"html", "head", "body", "a"}
        assert set(element.attrib) <= {"href", "rel", "target"}
        assert element.attrib.get("href", "https:").startswith(("http:", "https:"))
    words = html5lib.parse(linked_text(text), namespaceHTMLElements=False)
    assert "".join(words.itertext()) == text
