"""Bodies and attachments, in whatever they are wrapped."""

import base64
import struct

import pytest

from libs.inbound_mail.message import MailPart
from libs.inbound_mail.reading.rtf import rtf_to_text
from tests.libs.inbound_mail.mails import HEAD, mixed, read

PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHello"
PAGE = "Content-Type: text/html; charset=utf-8\n\n<p>Hello <b>you</b></p>"
IMAGE = (
    "Content-Type: image/png; name=logo.png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="
)


def only(raw: str | bytes) -> MailPart:
    [attachment] = read(raw).attachments
    return attachment


def test_alternatives_are_one_text_in_two_forms() -> None:
    mail = read(mixed(PLAIN, PAGE, kind="alternative"))
    assert (mail.text, mail.html, mail.attachments) == ("Hello", "<p>Hello <b>you</b></p>", ())


def test_html_alone_has_a_text_twin() -> None:
    mail = read(mixed(PAGE))
    assert mail.text == "Hello you"


def test_an_empty_text_beside_html_is_none() -> None:
    mail = read(mixed("Content-Type: text/plain\n\n  \n", PAGE, kind="alternative"))
    assert mail.text == "Hello you"


def test_texts_around_an_attachment_are_both_read() -> None:
    mail = read(mixed(PLAIN, IMAGE, "Content-Type: text/plain\n\nRegards"))
    assert mail.text == "Hello\nRegards"
    assert [part.name for part in mail.attachments] == ["logo.png"]


def test_text_and_html_beside_each_other_are_both_shown() -> None:
    mail = read(mixed(PLAIN, PAGE))
    assert "Hello" in mail.html
    assert "<b>you</b>" in mail.html
    assert mail.text == "Hello\nHello you"


def test_what_the_html_shows_is_inline() -> None:
    page = 'Content-Type: text/html\n\n<img src="cid:logo@x">'
    assert only(mixed(page, IMAGE, kind="related")).inline
    assert not only(mixed(PLAIN, IMAGE)).inline


def test_an_invitation_is_attached() -> None:
    part = only(mixed(PLAIN, "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR", kind="alternative"))
    assert (part.name, part.type) == ("invite.ics", "text/calendar")


def test_a_forwarded_mail_is_attached_under_its_subject() -> None:
    part = only(mixed(PLAIN, "Content-Type: message/rfc822\n\nSubject: Old one\nFrom: b@example.com\n\nbody"))
    assert (part.name, part.type) == ("Old one.eml", "message/rfc822")
    assert part.content.startswith(b"Subject: Old one")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ('Content-Type: application/pdf; name="a.pdf"', "a.pdf"),
        ("Content-Type: application/pdf\nContent-Disposition: attachment; filename=b c.pdf", "b c.pdf"),
        ("Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''r%C3%A9s.pdf", "rés.pdf"),
        (
            "Content-Type: a/b\nContent-Disposition: x; filename*0*=utf-8''r%C3%A9; filename*1=s.pdf",
            "rés.pdf",
        ),
        ("Content-Type: a/b\nContent-Disposition: attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ('Content-Type: a/b; name="=?utf-8?Q?r=C3=A9s.pdf?="', "rés.pdf"),
        ('Content-Type: a/b; name="rés.pdf"', "rés.pdf"),
        ('Content-Type: a/b; name="C:\\\\temp\\\\a.pdf"', "a.pdf"),
        ("Content-Type: a/b; name=../../etc/passwd", "passwd"),
        ('Content-Type: a/b; name=".."', "attachment.bin"),
        ("Content-Type: application/pdf", "attachment.pdf"),
        ("Content-Type: image/jpeg", "image.jpg"),
        ("Content-Type: application/pgp-signature", "signature.asc"),
        ("Content-Disposition: attachment; name=q.txt", "q.txt"),
        ('Content-Type: a/b; name="a\n b.pdf"', "a b.pdf"),
        ('Content-Type: a/b; name="nul\0.pdf"', "nul.pdf"),
        ('Content-Type: a/b; name="exe\u202efdp.pdf"', "exefdp.pdf"),
        ('Content-Type: a/b; name="semi;colon.pdf"', "semi;colon.pdf"),
        ('Content-Type: a/b; name="never closed.pdf', "never closed.pdf"),
        (f'Content-Type: a/b; name="{"x" * 400}.pdf"', "x" * 196 + ".pdf"),
    ],
)
def test_names_of_attachments(fields: str, name: str) -> None:
    assert only(mixed(PLAIN, f"{fields}\n\ncontent")).name == name


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "SGVs\nbG8=", "Hello"),
        ("BASE64", "SGVsbG8", "Hello"),
        ("base64", "SG!Vs bG8=\0", "Hello"),
        ("base64", "SGVs=\nbG8=", "Hello"),
        ("base64", "This was never base64, it only says so.", "This was never base64, it only says so."),
        ("quoted-printable", "H=65llo=\n you", "Hello you"),
        ("quoted-printable", "100=ZZ =", "100=ZZ"),
        ("8bit;", "Hello", "Hello"),
        ("nonsense", "Hello", "Hello"),
    ],
)
def test_transfer_encodings(encoding: str, body: str, text: str) -> None:
    assert read(f"{HEAD}Content-Transfer-Encoding: {encoding}\n\n{body}").text == text


def test_uuencode_within_a_text_is_an_attachment() -> None:
    mail = read(f"{HEAD}\nSee below\nbegin 644 a.txt\n%2&5L;&\\\n`\nend\nBye")
    assert mail.text == "See below\nBye"
    assert [(part.name, part.content) for part in mail.attachments] == [("a.txt", b"Hello")]


def test_prose_that_begins_is_no_uuencode() -> None:
    assert read(f"{HEAD}\nbegin 644 times\nand then I went home").text == "begin 644 times\nand then I went home"


@pytest.mark.parametrize(
    "raw",
    [
        # no boundary named, another one named, never closed, the header lost, the same for both levels
        f"{HEAD}Content-Type: multipart/mixed\n\n--b\n{PLAIN}\n--b--",
        f"{HEAD}Content-Type: multipart/mixed; boundary=other\n\n--b\n{PLAIN}\n--b--",
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n{PLAIN}\n",
        f"{HEAD}\n--b\n{PLAIN}\n--b--\n",
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b\n\n"
        f"--b\n{PLAIN}\n--b--\n--b--",
        f'{HEAD}Content-Type: multipart/mixed; boundary="b" ; charset=x\n\npreamble\n--b \n{PLAIN}\n--b--\nepilogue',
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{PLAIN.partition(chr(10) * 2)[2]}",
    ],
)
def test_boundaries_that_are_missing_or_wrong(raw: str) -> None:
    assert read(raw).text == "Hello"


def test_flowed_lines_are_joined() -> None:
    mail = read(f"{HEAD}Content-Type: text/plain; format=flowed\n\nOne \ntwo\n> quo \n> ted\n-- \nAnn")
    assert mail.text == "One two\n> quo ted\n-- \nAnn"


def test_a_named_first_text_is_still_the_text() -> None:
    assert read(f"{HEAD}Content-Type: text/plain; name=body.txt\n\nHello").text == "Hello"
    assert read(f"{HEAD}Content-Disposition: attachment; filename=a.txt\n\nHello").text == ""


def test_html_that_says_it_is_plain() -> None:
    assert read(f"{HEAD}Content-Type: text/plain\n\n<html><body>Hi<br>there</body></html>").text == "Hi\nthere"


def test_winmail_is_unpacked() -> None:
    def attribute(number: int, data: bytes) -> bytes:
        return struct.pack("<BIi", 2, number, len(data)) + data + b"\0\0"

    tnef = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x69002, b"\0" * 14)
    tnef += attribute(0x18010, b"plan.pdf\0") + attribute(0x6800F, b"%PDF")
    body = base64.b64encode(tnef).decode()
    head = "Content-Type: application/ms-tnef; name=winmail.dat"
    part = only(mixed(PLAIN, f"{head}\nContent-Transfer-Encoding: base64\n\n{body}"))
    assert (part.name, part.content) == ("plan.pdf", b"%PDF")
    damaged = only(mixed(PLAIN, f"{head}\n\ndamaged"))
    assert damaged.name == "winmail.dat"


def test_the_rich_text_of_a_winmail_is_its_text() -> None:
    # The example of MS-OXRTFCP 4.1.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    properties = struct.pack("<IHHII", 1, 0x102, 0x1009, 1, len(packed)) + packed + b"\0" * (-len(packed) % 4)
    tnef = struct.pack("<IH", 0x223E9F78, 1) + struct.pack("<BIi", 1, 0x69003, len(properties)) + properties + b"\0\0"
    body = base64.b64encode(tnef).decode()
    head = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"
    assert read(f"{HEAD}{head}\n\n{body}").text == "hello world"


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 Caf\'e9 \u8364?5\par {\*\generator x;}two\tab \{x\}}", "Café €5\ntwo\t{x}"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}\f1\'cf\'f0\'e8\f0  ok}", "При ok"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1\fromhtml1{\*\htmltag64 <p>}Hi\htmlrtf \par twice\htmlrtf0  there}", "Hi there"),
        (rb"{\rtf1{\pict 0a0b0c}" + b"{" * 5_000 + b"deep", "deep"),
        (b"not rich at all", ""),
    ],
)
def test_rich_text(rtf: bytes, text: str) -> None:
    assert rtf_to_text(rtf) == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("one<br>two", "one\ntwo"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<style>x</style><script>y</script>one<!-- no -->", "one"),
        ("a &amp; b&nbsp;c", "a & b\xa0c"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<blockquote>old<blockquote>older</blockquote></blockquote>new", "> old\n>\n> > older\n\nnew"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<div style="display:none">hidden</div>shown', "shown"),
        ("  lots   of\n space ", "lots of space"),
    ],
)
def test_html_as_text(page: str, text: str) -> None:
    assert read(f"{HEAD}Content-Type: text/html\n\n{page}").text == text
