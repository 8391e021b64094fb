"""Nothing live is left of any HTML, whatever is tried. The output is read as a browser would read it."""

from collections.abc import Iterator
from typing import Any

import html5lib
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from libs.inbound_mail.bounded_html import bound_html
from libs.inbound_mail.html.safe_html import safe_html
from tests.libs.inbound_mail.html import hostile

TAGS = set(
    "html head body a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col "
    "colgroup dd del dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li "
    "main mark ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u "
    "ul var wbr".split()
)
ATTRIBUTES = set(
    "style dir lang align title href src alt width height border hspace vspace bgcolor valign cellpadding cellspacing "
    "colspan rowspan nowrap span color face size start type value rel target referrerpolicy loading".split()
)
OURS = "/acme/messages/attachments/abc/"
MAPPED = {"photo@mail": OURS}


def elements(html: str) -> Iterator[Any]:
    tree = html5lib.parse(html, namespaceHTMLElements=True)
    for element in tree.iter():
        assert isinstance(element.tag, str), "a comment"
        namespace, _, name = element.tag.rpartition("}")
        assert namespace == "{http://www.w3.org/1999/xhtml", name
        yield name, element.attrib


def assert_dead(html: str, *, remote: bool = False) -> None:
    for name, attributes in elements(html):
        assert name in TAGS
        assert set(attributes) <= ATTRIBUTES
        style = attributes.get("style", "").lower()
        assert not any(word in style for word in ("url", "expression", "position", "import", "\\", "behavior", "var("))
        if name == "a" and "href" in attributes:
            assert attributes["href"].lower().startswith(("http://", "https://", "mailto:", "tel:"))
            assert (attributes["rel"], attributes["target"]) == ("noopener noreferrer nofollow", "_blank")
        if "src" in attributes:
            source = attributes["src"].lower()
            allowed = ("https://", "http://") if remote else ()
            assert name == "img"
            assert source == OURS or source.startswith(("data:image/png;base64,", "data:image/gif;base64,", *allowed))


@pytest.mark.parametrize("html", hostile.ALL, ids=range(len(hostile.ALL)))
@pytest.mark.parametrize("remote", [False, True], ids=["closed", "remote"])
def test_nothing_live_remains(html: str, remote: bool) -> None:
    safe = safe_html(html, images=MAPPED, remote=remote)
    assert_dead(safe.html, remote=remote)
    again = safe_html(safe.html, images=MAPPED, remote=remote)
    assert again.html == safe.html


@pytest.mark.parametrize(
    "outer", ["<p>{}</p>", "<table><tr><td>{}", "<b><i>{}", "<div title='{}'>x", "<!--{}", "<a href={}>"]
)
def test_nor_of_any_in_another_place(outer: str) -> None:
    for html in hostile.ALL:
        if len(html) < 10_000:
            assert_dead(safe_html(outer.format(html), images={}, remote=False).html)


def test_nor_of_all_of_them_together() -> None:
    html = "".join(html for html in hostile.ALL if len(html) < 10_000)
    assert_dead(safe_html(html, images={}, remote=False).html)


@pytest.mark.parametrize("bomb", hostile.BOMBS)
def test_a_bomb_is_made_small_before_it_is_parsed(bomb: str) -> None:
    """Parsers take time by the square of the depth: what they are given is bounded in depth, tags and nodes."""
    root = LexborHTMLParser(bound_html(hostile.BOMBS[bomb]).html).root
    assert root is not None
    nodes = deepest = depth = 0
    node: LexborNode | None = root
    while node is not None:
        nodes, deepest = nodes + 1, max(deepest, depth)
        if node.child is not None:
            node, depth = node.child, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    assert deepest < 1_000  # 200, and the rows and cells of each table
    assert nodes < 1_000_000


@pytest.mark.parametrize("bomb", hostile.BOMBS)
def test_a_bomb_is_read(bomb: str) -> None:
    safe = safe_html(hostile.BOMBS[bomb], images={}, remote=False)
    assert len(safe.html) < 20_000_000


def test_what_mail_needs_stays() -> None:
    html = (
        '<table width="600" cellpadding="0" bgcolor="#ffffff"><tbody><tr><td align="center" valign="top" colspan="2" '
        "style=\"padding:0 10px;font-family:Arial, 'Helvetica Neue';color:rgb(1, 2, 3);border:1px solid #ccc\">"
        '<b>Dak</b> <font color="red" size="2">BV</font></td></tr></tbody></table><ul><li>één</li></ul>'
    )
    assert safe_html(html, images={}, remote=False).html == html


def test_addresses_get_their_attributes() -> None:
    safe = safe_html('<a href="https://dak.example/?a=1&amp;b=2" id=x class=y>x</a>', images={}, remote=False)
    assert safe.html == (
        '<a href="https://dak.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )
    assert "mailto:a@b.example" in safe_html('<a href="mailto:a@b.example">x</a>', images={}, remote=False).html


def test_images_of_the_mail_are_ours() -> None:
    html = '<img src="cid:Photo@mail" alt="A roof"><img src="CID:%3Cphoto@mail%3E">'
    assert safe_html(html, images=MAPPED, remote=False).html == f'<img src="{OURS}" alt="A roof"><img src="{OURS}">'


def test_images_of_others_are_left_out_until_asked_for() -> None:
    html = '<img src="https://x.example/a.png?b=1&amp;c=2" alt="Logo" width="100"><img src="//y.example/b.png">'
    closed, opened = safe_html(html, images={}, remote=False), safe_html(html, images={}, remote=True)
    assert (closed.html, closed.remote_images) == ('<img alt="Logo" width="100"><img>', 2)
    assert opened.remote_images == 0
    assert opened.html.count('referrerpolicy="no-referrer"') == 2
    assert 'src="https://x.example/a.png?b=1&amp;c=2"' in opened.html


PIXELS = ['width="1" height="1"', "width=0", 'height="1px"', 'style="width:1px;height:1px"', 'style="max-height:0"']


@pytest.mark.parametrize("size", PIXELS)
@pytest.mark.parametrize("remote", [False, True])
def test_an_image_that_counts_readers_is_never_shown(size: str, remote: bool) -> None:
    safe = safe_html(f"a<img src=https://x.example/open {size}>b", images={}, remote=remote)
    assert (safe.html, safe.remote_images) == ("ab", 0)


def test_a_small_image_in_the_mail_itself_stays_and_a_drawing_or_large_one_does_not() -> None:
    small = "data:image/png;base64,iVBORw0KGgo="
    assert safe_html(f'<img src="{small}">', images={}, remote=False).html == f'<img src="{small}">'
    large = f"data:image/png;base64,{'A' * 300_000}"
    assert safe_html(f'<img src="{large}">', images={}, remote=False).html == "<img>"


def test_words_are_never_lost_to_what_is_taken_out() -> None:
    html = "<form><p>One</p><button>two</button><center>three<marquee>four</marquee></center><o:p>five</o:p></form>"
    written = safe_html(html, images={}, remote=False).html
    assert all(word in written for word in ("One", "two", "three", "four", "five"))


def test_a_mail_that_is_too_long_says_so() -> None:
    assert safe_html("<p>x</p>" * 200_000, images={}, remote=False).is_cut
    assert not safe_html("<p>x</p>" * 1_000, images={}, remote=False).is_cut
