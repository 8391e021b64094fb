"""What a mail quotes at its end is folded in its frame; what is quoted between answers is not."""

import pytest

from libs.inbound_mail.html.safe_html import safe_html
from tests.libs.inbound_mail.html import hostile
from tests.libs.inbound_mail.html.test_safe import assert_dead

GMAIL = (
    '<div>Yes please</div><br><div class="gmail_quote"><div class="gmail_attr">On Monday Rita wrote:</div>'
    '<blockquote class="gmail_quote">We come</blockquote></div>'
)
APPLE = '<div>Yes please</div><br><blockquote type="cite"><div>On Monday Rita wrote:</div>We come</blockquote>'
OUTLOOK = '<p>Yes please</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Rita</div><div>We come</div>'


@pytest.mark.parametrize("html", [GMAIL, APPLE, OUTLOOK])
def test_the_history_below_an_answer_is_folded(html: str) -> None:
    above, begun, below = safe_html(html, images={}, remote=False).html.partition('<details class="quoted">')
    assert begun
    assert "Yes please" in above
    assert ("We come" in below, "We come" in above, below.count("</details>")) == (True, False, 1)


@pytest.mark.parametrize(
    "html",
    [
        '<blockquote type="cite">When?</blockquote><p>Monday</p>',
        '<p>Hi</p><blockquote type="cite">When?</blockquote><p>Monday</p>',
        '<blockquote type="cite">All of it is quoted</blockquote>',
        "<p>Hi</p><blockquote>set in by hand</blockquote>",
        '<table><tr id="appendonsend"><td>x</td></tr></table>',
        "\ue0f1 made up \ue0f2",
    ],
)
def test_what_is_read_with_its_answer_stays_open(html: str) -> None:
    written = safe_html(html, images={}, remote=False).html
    assert "<details" not in written
    assert not {"\ue0f1", "\ue0f2"} & set(written)


def test_a_signature_below_the_quote_is_folded_over() -> None:
    html = APPLE + '<div class="gmail_signature">Cora</div>'
    assert "<details" in safe_html(html, images={}, remote=False).html


@pytest.mark.parametrize("html", [hostile.SCRIPTS, hostile.HANDLERS, hostile.ADDRESSES])
def test_nothing_live_comes_with_it(html: list[str]) -> None:
    for one in html:
        quoted = f'<p>Hi</p><blockquote type="cite">{one}</blockquote>'
        written = safe_html(quoted, images={}, remote=False).html
        label = 'aria-label="Quoted text and signature" title="Quoted text and signature"'
        for ours in ('<details class="quoted">', f"<summary {label}>", "</summary>", "</details>"):
            written = written.replace(ours, "")
        assert_dead(written)
