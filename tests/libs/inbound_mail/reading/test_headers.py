"""Header fields as the real world writes them."""

from datetime import UTC, datetime

import pytest

from libs.inbound_mail.message import UnreadableMail
from tests.libs.inbound_mail.mails import HEAD, NOW, read, with_header


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("Subject: plain", "plain"),
        ("Subject: =?utf-8?Q?caf=C3=A9?=", "café"),
        ("Subject: =?UTF-8?B?w6k=?= =?UTF-8?B?w6g=?=", "éè"),
        # a letter cut in two, and base64 cut in the middle of its four
        ("Subject: =?utf-8?Q?caf=C3?=\n =?utf-8?Q?=A9_au_lait?=", "café au lait"),
        ("Subject: =?utf-8?B?Y2Fmw?= =?utf-8?B?6k=?=", "café"),
        ("Subject: =?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("Subject: =?utf-8*nl?Q?a=C3=A9?=", "aé"),
        ("Subject: Hot=?utf-8?Q?_caf=C3=A9_?=now", "Hot café now"),
        ("Subject: =?utf-8?Q?caf=C3=A9_?=\n =?utf-8?Q?cr=C3=A8me?=", "café crème"),
        ("Subject: =?iso-8859-1?Q?=80_100?=", "€ 100"),
        ("Subject: =?gb2312?B?lqc=?=", "枾"),
        ("Subject: =?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        ("Subject: =?ISO-2022-JP?B?GyRCRnxLXDhsGyhC?=", "日本語"),
        ("Subject: =?utf-7?Q?+AOk-t+AOk-?=", "été"),
        ("Subject: =?x-unknown?Q?abc?=", "abc"),
        ("Subject: =?utf-8?Q?Why? =3F?=", "Why? ?"),
        ("Subject: =?utf-8?B?broken", "=?utf-8?B?broken"),
        ("Subject: Re: caf\u00e9 raw", "Re: café raw"),
        ("Subject: cafe\u0301", "café"),
        (b"Subject: caf\xe9 cr\xe8me", "café crème"),
        ("Subject: folded\n\tonce\n and twice", "folded once and twice"),
        ("Subject:\n  begins on the next", "begins on the next"),
        ("Subject: nul\0here", "nulhere"),
        ("SUBJECT : loud", "loud"),
        ("Subject:\nSubject: second", "second"),
        ("Subject: one\nSubject: two", "one"),
        (b"\xef\xbb\xbfSubject: marked", "marked"),
        ("From ann@example.com Sun Nov 22 09:00:00 2026\nSubject: of an mbox", "of an mbox"),
        ("\n\nSubject: after empty lines", "after empty lines"),
        ("   \t \r\nSubject: after a line of blanks", "after a line of blanks"),
        ("Subject: cut by a bad\nfolding without blank\nX-Other: y", "cut by a bad folding without blank"),
    ],
)
def test_subject(line: str | bytes, subject: str) -> None:
    assert with_header(line).subject == subject


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("ann@example.com", [("", "ann@example.com")]),
        ("Ann <Ann.B@EXAMPLE.com>", [("Ann", "Ann.B@example.com")]),
        ('"Smith, Ann" <ann@example.com>', [("Smith, Ann", "ann@example.com")]),
        ("Smith, Ann <ann@example.com>", [("Smith, Ann", "ann@example.com")]),
        ("ann@example.com (Ann Smith)", [("Ann Smith", "ann@example.com")]),
        ("<ann@example.com>", [("", "ann@example.com")]),
        ("<<ann@example.com>>", [("", "ann@example.com")]),
        ("'Ann' <ann@example.com>", [("Ann", "ann@example.com")]),
        ("a@example.com; b@example.com", [("", "a@example.com"), ("", "b@example.com")]),
        ("undisclosed-recipients:;", []),
        ("Team: a@example.com, B <b@example.com>;", [("", "a@example.com"), ("B", "b@example.com")]),
        ("mailto:ann@example.com", [("", "ann@example.com")]),
        ("=?utf-8?Q?J=C3=B6rg?= <j@example.de>", [("Jörg", "j@example.de")]),
        ('"=?utf-8?Q?J=C3=B6rg?=" <j@example.de>', [("Jörg", "j@example.de")]),
        ("=?utf-8?Q?M=C3=BCller=2C_J?= <j@example.de>", [("Müller, J", "j@example.de")]),
        ("=?utf-8?Q?Ann_<ann@example.com>?=", [("Ann", "ann@example.com")]),
        ("Jörg <j@example.de>", [("Jörg", "j@example.de")]),
        ("ann @ example.com", [("", "ann@example.com")]),
        ("Ann Smith ann@example.com", [("Ann Smith", "ann@example.com")]),
        ("ann@example.com <ann@example.com>", [("ann@example.com", "ann@example.com")]),
        ('"ann b"@example.com', [("", '"ann b"@example.com')]),
        ('"never closed <ann@example.com>', [("never closed", "ann@example.com")]),
        ('Ann "the \\"boss\\"" B <ann@example.com>', [('Ann the "boss" B', "ann@example.com")]),
        ("<@relay.example,@other.example:ann@example.com>", [("", "ann@example.com")]),
        ("a@example.com,, ,b@example.com,", [("", "a@example.com"), ("", "b@example.com")]),
        ("ann@exämple.com", [("", "ann@exämple.com")]),
        ("nobody", []),
        ("ann@[192.0.2.1]", [("", "ann@[192.0.2.1]")]),
        ("", []),
        ("Ann <ann@example.com", [("Ann", "ann@example.com")]),
        ("Ann (comment (nested)) <ann@example.com>", [("Ann", "ann@example.com")]),
        ("a@example.com, A <A@example.com>", [("", "a@example.com")]),
    ],
)
def test_addresses(field: str, found: list[tuple[str, str]]) -> None:
    assert [(each.name, each.address) for each in with_header(f"To: {field}").to] == found


@pytest.mark.parametrize(
    ("lines", "sender"),
    [
        ("From: a@example.com\nFrom: b@example.com", "a@example.com"),
        ("From: nonsense\nFrom: b@example.com", "b@example.com"),
        ("From:\nSender: s@example.com", "s@example.com"),
        ("Reply-To: r@example.com", "r@example.com"),
        ("From: nobody", None),
    ],
)
def test_sender(lines: str, sender: str | None) -> None:
    found = with_header(lines).sender
    assert (found and found.address) == sender


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Sun, 22 Nov 2026 09:00:00 +0100", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("22 Nov 26 09:00 EST", datetime(2026, 11, 22, 14, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 09:00:00 CET", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 09:00:00 +0100 (CET)", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("Sun Nov 22 09:00:00 2026", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2026-11-22T09:00:00Z", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2026-11-22 09:00:00+01:00", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("zo, 1 mrt 2026 09:00:00 +0100", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("Mon, 31 Nov 2026 09:00:00 +0000", NOW),
        ("Sun, 22 Nov 2036 09:00:00 +0000", NOW),
        ("Thu, 01 Jan 1970 00:00:00 +0000", NOW),
        ("Sun, 22 Nov 2026 99:00:00 +0000", NOW),
        ("Sun, 22 Nov 2026 09:00:00 +9999999999", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 09:00:00 -2359", datetime(2026, 11, 22, 8, 59, tzinfo=UTC)),
        ("2026-11-22T09:00:00+23:59", datetime(2026, 11, 21, 9, 1, tzinfo=UTC)),
        ("gibberish", NOW),
        ("", NOW),
    ],
)
def test_date(value: str, date: datetime) -> None:
    found = with_header(f"Date: {value}").date
    # Of no other zone: Postgres takes none beyond sixteen hours.
    assert (found, found.tzinfo) == (date, UTC)


def test_the_first_date_that_can_be_is_taken() -> None:
    assert with_header("Date: never\nDate: 22 Nov 2026 09:00:00 +0000").date == datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "message_id"),
    [
        ("Message-ID: <a@example.com>", "a@example.com"),
        ("Message-Id: a@example.com", "a@example.com"),
        ("Message-ID:\n <a@example.com>", "a@example.com"),
        ("Message-ID: <a@exam\n ple.com>", "a@example.com"),
        ("Message-ID: <[b378]@mx.example.com>", "[b378]@mx.example.com"),
        ("Message-ID: <noat>", "noat"),
        ("Message-ID: <>\nMessage-ID: <b@example.com>", "b@example.com"),
        ("Message-ID:", ""),
        ("X-None: 1", ""),
    ],
)
def test_message_id(lines: str, message_id: str) -> None:
    assert with_header(lines).message_id == message_id


def test_references_come_in_their_order_and_once() -> None:
    mail = with_header("References: <a@x>\n <b@x>, <a@x> <c@x>\nIn-Reply-To: Your message of today <c@x>")
    assert mail.references == ("a@x", "b@x", "c@x")
    assert mail.in_reply_to == ("c@x",)


@pytest.mark.parametrize(
    ("line", "path"),
    [("Return-Path: <>", ""), ("Return-Path: <a@x.nl>", "a@x.nl"), ("X: 1", None), ("Return-Path:", "")],
)
def test_return_path(line: str, path: str | None) -> None:
    assert with_header(line).return_path == path


def test_a_header_without_an_empty_line_behind_it() -> None:
    mail = read("From: a@example.com\nSubject: Hi\nHello there, this is the text\nRegards: Ann")
    assert mail.subject == "Hi"
    assert mail.text == "Hello there, this is the text\nRegards: Ann"
    assert mail.problems


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(end: str) -> None:
    mail = read(f"{HEAD}\none\ntwo".replace("\n", end))
    assert (mail.subject, mail.text) == ("Hi", "one\ntwo")


@pytest.mark.parametrize("raw", [b"", b"\0\0\r\n", b"just some words that are no mail at all"])
def test_what_is_no_mail_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(UnreadableMail) as error:
        read(raw)
    assert error.value.reason
