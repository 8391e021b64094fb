"""What is seen of an HTML mail: its lines, and what the mail programs mark in it."""

import pytest

from libs.inbound_mail.reply.split import split_reply
from tests.libs.inbound_mail.reply.cases import ATTRIBUTIONS

ANSWER = "<div>Yes, Tuesday is fine.</div><div><br></div><div>Jan</div>"
SEEN = "Yes, Tuesday is fine.\n\nJan"
QUOTE = "<p>Dear Jan,</p><p>Shall we come on Tuesday?</p>"
HEAD = "<b>From:</b> Dak BV &lt;info@dak.example&gt;<br><b>Sent:</b> Tuesday, November 3, 2026<br><b>To:</b> Jan<br>"

PROGRAMS = {
    "gmail": f'<div dir="ltr">{ANSWER}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    f'class="gmail_attr">On Tue, Nov 3, 2026 Dak BV wrote:<br></div><blockquote class="gmail_quote">{QUOTE}'
    "</blockquote></div>",
    "apple": f'<body>{ANSWER}<br><div><blockquote type="cite"><div>Op 3 nov. 2026 om 14:05 heeft Dak BV '
    f"&lt;info@dak.example&gt; het volgende geschreven:</div>{QUOTE}</blockquote></div></body>",
    "outlook for windows": f'<div class="WordSection1"><p class="MsoNormal">Yes, Tuesday is fine.</p><p>Jan</p><div>'
    f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p>{HEAD}</p></div></div>'
    f"{QUOTE}</div>",
    "outlook 2007": f'{ANSWER}<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in">{HEAD}'
    f"</div>{QUOTE}",
    "outlook on the web": f'{ANSWER}<div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
    f'<div id="divRplyFwdMsg" dir="ltr">{HEAD}</div>{QUOTE}',
    "exchange": f'{ANSWER}<hr><div id="x_x_divRplyFwdMsg">{HEAD}</div>{QUOTE}',
    "outlook for ios": f'{ANSWER}<div class="ms-outlook-mobile-reference-message skipProofing" '
    f'id="mail-editor-reference-message-container"><div>{HEAD}</div>{QUOTE}</div>',
    "yahoo": f'{ANSWER}<div id="ydp1" class="yahoo_quoted"><div>On Tuesday, November 3, Dak BV wrote:</div>{QUOTE}'
    "</div>",
    "thunderbird": f'{ANSWER}<div class="moz-cite-prefix">Op 03-11-2026 om 14:05 schreef Dak BV:<br></div>'
    f'<blockquote type="cite" cite="mid:x">{QUOTE}</blockquote>',
    "proton": f'{ANSWER}<div class="protonmail_quote">On Tuesday, Dak BV wrote:<br><blockquote type="cite">{QUOTE}'
    "</blockquote></div>",
    "zoho": f'{ANSWER}<div class="zmail_extra" style="border-top:1px solid">{QUOTE}</div>',
    "tutanota": f'{ANSWER}<blockquote class="tutanota_quote">{QUOTE}</blockquote>',
    "spark": f'{ANSWER}<div name="messageReplySection">On 3 Nov 2026, Dak BV wrote:<br><div>{QUOTE}</div></div>',
    "front": f'{ANSWER}<blockquote class="front-blockquote">{QUOTE}</blockquote>',
    "zimbra": f'{ANSWER}<hr id="zwchr">{HEAD}{QUOTE}',
    "lotus": f'{ANSWER}<br><font size=1 color="#5F5F5F">From:</font> Dak BV<br><font>To:</font> Jan<br>'
    f"<font>Date:</font> 3 Nov 2026<br><font>Subject:</font> Roof<br><hr>{QUOTE}",
    "by its words alone": f"{ANSWER}<p>Am 03.11.2026 um 14:05 schrieb Dak BV:</p><blockquote>{QUOTE}</blockquote>",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_quote_is_known_by_its_program(program: str) -> None:
    reply = split_reply("", PROGRAMS[program])
    assert reply.visible.split() == SEEN.split()
    assert "Shall we come on Tuesday?" in reply.quoted


def test_lines_are_those_a_reader_sees() -> None:
    html = (
        "<style>p{}</style><title>x</title><p>One<br>two &amp; <b>three</b></p><p>Four</p><ul><li>a</li><li>b</li></ul>"
        "<table><tr><td>c</td><td>d</td></tr></table><pre>e\n  f</pre><script>g()</script><!-- h -->&nbsp;i"
    )
    assert split_reply("", html).visible == "One\ntwo & three\n\nFour\n\n- a\n- b\n\nc d\n\ne\n  f\n\ni"


def test_answers_between_the_lines_of_gmail_are_seen() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Tue Dak BV wrote:</div><blockquote class="gmail_quote">'
        'Tuesday?</blockquote><div>Yes.</div><blockquote class="gmail_quote">Red?</blockquote><div>No, blue.</div>'
        "</div>"
    )
    assert split_reply("", html).visible == "> Tuesday?\n\nYes.\n\n> Red?\n\nNo, blue."


def test_an_answer_below_a_blockquote_is_seen() -> None:
    html = f"<p>{ATTRIBUTIONS['en'][2]}</p><blockquote>{QUOTE}</blockquote><p>Yes.</p>"
    assert split_reply("", html).visible == "Yes."


def test_what_is_passed_on_stays_visible() -> None:
    html = (
        f'{ANSWER}<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        f"{HEAD}</div>{QUOTE}</div>"
    )
    assert "Shall we come" in split_reply("", html).visible


def test_a_signature_is_known_by_its_program() -> None:
    reply = split_reply("", f'{ANSWER}<div class="gmail_signature">Dak BV</div>')
    assert (reply.visible, reply.signature) == (SEEN, "Dak BV")
    reply = split_reply("", f'{ANSWER}<div id="ms-outlook-mobile-signature">Dak BV</div>')
    assert reply.signature == "Dak BV"


def test_the_html_says_where_the_quote_begins_in_a_text_that_marks_nothing() -> None:
    text = f"{SEEN}\n\nDear Jan,\n\nShall we come on Tuesday?\n"
    reply = split_reply(text, PROGRAMS["tutanota"])
    assert (reply.visible, reply.quoted) == (SEEN, "Dear Jan,\n\nShall we come on Tuesday?")


def test_a_text_other_than_the_html_is_shown_whole() -> None:
    assert split_reply("Yes.\nShall we, too?", PROGRAMS["tutanota"]).visible == "Yes.\nShall we, too?"
