"""Mails made to hurt: each ends, with what could be read and what was left out in words."""

import pytest

from libs.inbound_mail import MailLimits, read_mail
from libs.inbound_mail.message import MailProblem, UnreadableMail
from tests.libs.inbound_mail.mails import HEAD, NOW, mixed, read


def nested(levels: int) -> str:
    wraps = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
    return f"{HEAD}{wraps}Content-Type: text/plain\n\nHello\n"


BOMBS = {
    "nested": nested(5_000),
    "attachments": mixed("\nHello", *["Content-Type: image/png; name=a.png\n\nx"] * 2_000),
    "parts": HEAD + "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nHello\n" * 50_000,
    "recipients": "To: " + ",\n ".join(f'"N, {n}" <n{n}@example.com>' for n in range(10_000)) + "\n\nHello",
    "field": f"{HEAD}X-Long: {'x' * 3_000_000}\n\nHello",
    "fields": HEAD + "X-One: y\n" * 10_000 + "\nHello",
    "text": f"{HEAD}\n{'Hello ' * 300_000}",
    "files within texts": mixed(*["\n" + "begin 644 a\nend\n" * 2_000] * 100),
}
LINES = {
    "angles": "To: " + "<" * 100_000,
    "ats": "To: " + "@" * 100_000,
    "quotes": "To: " + '\\"' * 50_000,
    "comments": "To: " + "(" * 100_000,
    "commas": "To: " + "a," * 50_000,
    "words": "Subject: " + "=?utf-8?q?=C3?= " * 20_000,
    "open words": "Subject: " + "=?utf-8?q?a" * 20_000,
    "parameters": "Content-Type: text/plain" + "; a*1*=x" * 20_000,
    "references": "References: " + "<a@b> " * 20_000,
    "date": "Date: " + "9" * 100_000,
}
PAGES = {
    "deep": "<div>" * 100_000,
    "deep, with its ends in comments": "<div><!--</div>-->" * 50_000,
    "deep, with its ends in attributes": "<div title='</div>'>" * 50_000,
    "formatting": "".join(f"<font a={n}>" for n in range(300)) + "<p>" * 20_000,
    "comments": "<!--" * 50_000,
    "angles": "<" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_over_a_limit_is_left_out_and_said(name: str) -> None:
    mail = read(BOMBS[name])
    assert mail.problems or name == "field"
    assert len(mail.to) <= 1_000
    assert len(mail.attachments) <= 1_000
    assert len(mail.text) <= 1_000_000


@pytest.mark.parametrize("name", LINES)
def test_fields_made_to_hurt_a_parser(name: str) -> None:
    assert read(f"{LINES[name]}\n\nHello").text == "Hello"


@pytest.mark.parametrize("name", PAGES)
def test_pages_made_to_hurt_a_parser(name: str) -> None:
    assert read(f"{HEAD}Content-Type: text/html\n\n{PAGES[name]}Hello").html


def test_attachments_beyond_the_limit_are_named() -> None:
    raw = mixed("\nHello", "Content-Type: a/b; name=big.bin\n\n" + "x" * 10_000).encode()
    mail = read_mail(raw, received_at=NOW, limits=MailLimits(attachments=1_000))
    assert (mail.text, mail.attachments) == ("Hello", ())
    assert mail.problems == (MailProblem("attachments_too_large", 1, ("big.bin",)),)


def uuencoded(*names: str) -> str:
    return "".join(f"begin 644 {name}\n%2&5L;&\\\n`\nend\n" for name in names)


def test_files_within_texts_count_as_attachments() -> None:
    """However many texts they are in: a mail has no more files than its limit."""
    raw = mixed(
        f"\nHello\n{uuencoded('a.txt', 'b.txt')}Bye",
        "Content-Type: a/b; name=c.bin\n\nx",
        f"\n{uuencoded(*(f'd{n}.txt' for n in range(9)))}",
        "Content-Type: a/b; name=e.bin\n\nx",
    ).encode()
    mail = read_mail(raw, received_at=NOW, limits=MailLimits(files=4))
    assert [part.name for part in mail.attachments] == ["a.txt", "b.txt", "c.bin", "d0.txt"]
    assert mail.text.startswith("Hello\nBye")
    left_out = ("d1.txt", "d2.txt", "d3.txt", "d4.txt", "d5.txt")
    assert mail.problems == (MailProblem("attachments_too_many", 9, left_out),)


def test_more_than_a_hundred_files_within_a_text_are_read() -> None:
    mail = read(f"{HEAD}\n{uuencoded(*(f'{n}.txt' for n in range(150)))}")
    assert (mail.text, len(mail.attachments), mail.problems) == ("", 150, ())


def test_files_within_a_text_beyond_the_size_are_left_out() -> None:
    raw = f"{HEAD}\nHello\n{uuencoded('a.txt', 'b.txt', 'c.txt')}".encode()
    mail = read_mail(raw, received_at=NOW, limits=MailLimits(attachments=12))
    assert (mail.text, [part.name for part in mail.attachments]) == ("Hello", ["a.txt", "b.txt"])
    assert mail.problems == (MailProblem("attachments_too_large", 1, ("c.txt",)),)


def test_a_mail_beyond_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableMail):
        read_mail(b"From: a@b.nl\n\n" + b"x" * 1_000, received_at=NOW, limits=MailLimits(size=1_000))


def test_a_text_beyond_the_limit_is_attached_whole() -> None:
    raw = f"{HEAD}\n{'x' * 10_000}".encode()
    mail = read_mail(raw, received_at=NOW, limits=MailLimits(text=1_000))
    assert len(mail.text) == 1_000
    assert mail.attachments[0].size == 10_000


@pytest.mark.parametrize("cut", range(40, 600, 23))
def test_a_mail_cut_anywhere_is_read(cut: int) -> None:
    forwarded = "Content-Type: message/rfc822\n\nSubject: x\n\ny"
    whole = mixed("\nHello é", 'Content-Type: text/html\n\n<img src="cid:a">', forwarded)
    assert read(whole.encode()[:cut]).sender is not None
