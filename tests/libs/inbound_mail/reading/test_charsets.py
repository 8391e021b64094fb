"""Texts in the charset they are really in."""

import codecs

import pytest

from libs.inbound_mail.reading.charsets import decode
from tests.libs.inbound_mail.mails import HEAD, read

CHINESE = "你好,世界。这是一封测试邮件,请查收附件"


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("café".encode(), "utf-8", "café"),
        ("café".encode(), "", "café"),
        # lying: UTF-8 that says Latin, Windows that says Latin or nothing
        ("café".encode(), "iso-8859-1", "café"),
        ("café".encode(), "us-ascii", "café"),
        (b"\x93quoted\x94 \x80 5", "iso-8859-1", "“quoted” € 5"),
        (b"caf\xe9 cr\xe8me br\xfbl\xe9e", "utf-8", "café crème brûlée"),
        (b"caf\xe9 cr\xe8me br\xfbl\xe9e", "unknown-8bit", "café crème brûlée"),
        ("镕".encode("gb18030"), "gb2312", "镕"),
        (CHINESE.encode("gb18030"), "x-nonsense", CHINESE),
        ("日本語".encode("iso-2022-jp"), "iso-2022-jp", "日本語"),
        ("日本語".encode("iso-2022-jp"), "us-ascii", "日本語"),
        ("①日本語".encode("cp932"), "shift_jis", "①日本語"),
        (b"\x1b$B-!4]?t;z\x1b(B ok \x1b(I1\x1b(B", "iso-2022-jp", "①丸数字 ok ｱ"),
        ("똠방각하".encode("cp949"), "ks_c_5601-1987", "똠방각하"),
        ("Привет, как дела?".encode("koi8-r"), "koi8-r", "Привет, как дела?"),
        ("Привет, как дела? Мы получили ваше письмо".encode("cp1251"), "", "Привет, как дела? Мы получили ваше письмо"),
        ("Hi".encode("utf-16"), "utf-8", "Hi"),
        (codecs.BOM_UTF8 + b"Hi", "utf-8", "Hi"),
        (b"+AOk-t+AOk-", "utf-7", "été"),
        ("ş ğ".encode("cp1254"), "iso-8859-9", "ş ğ"),
        ("€ 5".encode("cp1252"), '"windows-1252"', "€ 5"),
        ("été".encode("cp850"), "cp-850", "été"),
        (b"plain", "punycode", "plain"),
        ("Привет, как дела?".encode("cp1251"), "iso-8859-1", "Привет, как дела?"),
        (CHINESE.encode("gb18030"), "us-ascii", CHINESE),
        (b"\xe0\xe8\xec\xf2\xf9", "iso-8859-1", "àèìòù"),
        ("ÄäÖöÜü".encode("latin-1") * 6 + b".txt", "iso-8859-1", "ÄäÖöÜü" * 6 + ".txt"),
        (b"a\0b", "utf-8", "ab"),
        ("e\u0301".encode(), "utf-8", "é"),
        (b"\xed\xa0\x80ok and some more of it", "utf-8", "\u00ed\u00a0\u20acok and some more of it"),
        ("kop café".encode()[:-1], "utf-8", "kop caf"),
        ("one two café, ".encode() + b"caf\xe9!", "utf-8", "one two café, café!"),
    ],
)
def test_decode(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared) == text


@pytest.mark.parametrize(
    "declared", ["utf-8", "utf-16", "big5", "iso-2022-jp", "hz", "idna", "", "nonsense", "\0", "a" * 999]
)
def test_any_bytes_in_any_charset_give_a_text_the_database_takes(declared: str) -> None:
    text = decode(bytes(range(256)) * 3, declared)
    assert "\0" not in text
    text.encode("utf-8")


def test_a_page_may_name_its_charset_itself() -> None:
    head = HEAD.encode() + b"Content-Type: text/html\n\n"
    page = '<html><head><meta charset="windows-1251"></head><body>Да</body></html>'.encode("cp1251")
    assert read(head + page).text == "Да"


def test_a_header_beyond_ascii_is_in_the_charset_of_the_mail() -> None:
    raw = "Subject: Заказ\nContent-Type: text/plain; charset=koi8-r\n\nДа".encode("koi8-r")
    mail = read(raw)
    assert (mail.subject, mail.text) == ("Заказ", "Да")


def test_a_mail_that_names_no_charset_is_in_one() -> None:
    mail = read("Subject: тест тест\n\nтест".encode("koi8-r"))
    assert (mail.subject, mail.text) == ("тест тест", "тест")
