"""A file's encoding is told right, or asked: of names in a dozen scripts, few or many, none is read in silence."""

import io
from typing import Any

import pytest
from django.core.management import CommandError
from django.urls import reverse

from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from leads.importing.files.encoding import codec_named
from leads.importing.files.encoding_by_letters import ENCODINGS, ranked
from leads.importing.files.staging import Staged, stage, walk
from leads.importing.files.unreadable import Unreadable
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, upload

WRITTEN = [
    ("Иванов Сергей|Петрова Анна|Фёдоров Алексей", "Невский проспект 5", "koi8-r cp1251 iso8859-5 cp866 mac_cyrillic"),
    ("Шевченко Іван|Їжакевич Євген", "вул. Хрещатик 1, Київ", "koi8-u cp1251"),
    ("山田太郎|佐藤花子|高橋ケン", "東京都新宿区", "shift_jis euc_jp cp932 iso2022_jp"),
    ("王伟|李娜|张敏|陈静", "北京市朝阳区", "gb18030 gbk gb2312"),
    ("王小明|李美麗|張志豪", "台北市信義區", "big5"),
    ("김철수|이영희|박민수", "서울특별시 강남구", "euc_kr cp949"),
    ("Hélène Lefèvre|François Dupré|Noël Gagné", "Besançon", "mac_roman cp1252 latin-1 cp850 cp437"),
    ("Jürgen Müller|Käthe Schäfer|Jörg Weiß", "Königstraße 5", "mac_roman cp1252 cp850 cp437"),
    ("José Peña|Zoë Jansen|René Daniëls", "’s-Gravenhage", "mac_roman cp1252"),
    ("José Núñez|Íñigo Ibáñez", "Cádiz", "mac_roman cp1252 cp850"),
    ("José Núñez|Íñigo Ibáñez", "123½ Cádiz Ave", "cp1252"),
    ("Łukasz Wiśniewski|Małgorzata Dąbrowska|Józef Żuk", "Łódź", "cp1250 iso8859-2 cp852"),
    ("Jiří Dvořák|Lenka Černá|Žaneta Šťastná", "Plzeň", "cp1250 iso8859-2"),
    ("Ayşe Yılmaz|İbrahim Şahin|Çağrı Güneş", "Atatürk Caddesi", "cp1254 iso8859-9"),
    ("Γιώργος Παπαδόπουλος|Μαρία Νικολάου", "Οδός Ερμού 5", "cp1253 iso8859-7"),
    ("יוסי כהן|שרה לוי", "רחוב הרצל 5", "cp1255 iso8859-8"),
    ("محمد علي|فاطمة حسن", "شارع النيل", "cp1256 iso8859-6"),
]


def test_a_euro_sign_is_none_of_a_currency_nobody_has() -> None:
    written = "Name;Wert\nJürgen Weißgerber;12.450,00 €\nKäthe Groß;850,00 €\n".encode("iso8859-15")
    assert ranked(written)[0] == "iso8859-15"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Kees van der Berg;dak 40 m²", "cp1252"),
        ("Anna Kok;12 m³ isolatie, 21 °C", "cp1252"),
        ("Ann O´Brien;45° roof", "cp1252"),
        (",Zoë,Hart,1 Ray St,´quoted´ ˚", "mac_roman"),
        ("Name,Note\r,Zoë,Hart,1 Ray St,´quoted´ ˚\rDr.,Lee,Chan,\r", "mac_roman"),
        ("Ann Lee;½ roof", "cp1252"),
        ("Kees;40 m², één dag", "cp1252"),
    ],
)
def test_a_sign_of_measure_or_a_loose_accent_tells_the_encoding(text: str, encoding: str) -> None:
    assert ranked(text.encode(encoding))[0] == encoding


def text_of(names: str, place: str, count: int) -> str:
    called = names.split("|")
    rows = [f'{called[n % len(called)]},c{n}@example.com,"{place}",asks for a roof' for n in range(count)]
    plain = [f"John Smith,j{n}@example.com,Tampa,asks for a roof" for n in range(count)]
    return "\n".join(["Name,Email,City,Note", *plain, *rows, ""])


def staged(content: bytes, **options: Any) -> tuple[Staged, list[list[str]]]:
    into = io.BytesIO()
    found = stage(io.BytesIO(content), into, **options)
    return found, [record.cells for record, _byte in walk(into)]


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize(
    ("names", "place", "encoding"), [(n, p, each) for n, p, encodings in WRITTEN for each in encodings.split()]
)
def test_an_encoding_is_right_or_asked(names: str, place: str, encoding: str, count: int) -> None:
    text = text_of(names, place, count).replace("’", "'" if encoding in {"cp850", "cp437"} else "’")
    content = text.encode(encoding)
    found, _rows = staged(content)
    assert content.decode(found.encoding) == text or any(content.decode(each) == text for each, _ in found.candidates)
    assert found.encoding in ENCODINGS
    # What was right was not asked of most, and never of what names itself.
    assert not found.candidates or found.candidates[0][0] == found.encoding


@pytest.mark.parametrize(("names", "place", "encodings"), WRITTEN)
def test_utf8_is_certain(names: str, place: str, encodings: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert staged(text_of(names, place, 3).encode(encoding))[0].candidates == ()


@pytest.mark.parametrize("text", ["Kees;€ 99,-", "Jan;€99\nPiet;12 €", "Ann;£ 1,200;O’Brien", "Müller É. Zola;€ 5"])
def test_a_sign_of_money_before_its_amount_is_one(text: str) -> None:
    assert ranked(text.encode("cp1252"))[0] == "cp1252"


@pytest.mark.parametrize("name", ["KOI8-R", "koi8_r", "windows-1251", "sjis", "latin1", "UTF8", "macroman"])
def test_an_encoding_has_many_names(name: str) -> None:
    assert codec_named(name)


@pytest.mark.parametrize("name", ["idna", "rot13", "zip", "hex", "unicode_escape", "nope", "../x", "a\0b", "x" * 999])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    assert codec_named(name) is None
    with pytest.raises(Unreadable, match="not a known encoding"):
        staged(b"Name,Email\nJan,jan@example.nl\n", encoding=name)


def test_a_given_encoding_is_taken_or_refused_in_words() -> None:
    content = "Name,Email\nJosé,jose@example.nl\n".encode("cp1252")
    found, rows = staged(content, encoding="mac_roman")
    assert (found.encoding, found.unsure, rows[1][0]) == ("mac_roman", False, "JosÈ")
    with pytest.raises(Unreadable, match="not encoded in utf-8"):
        staged(content, encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_the_command_says_what_it_assumed_and_takes_an_encoding(cast: Cast, bring: Any) -> None:
    content = "Name,Email\nШевченко Іван,c@example.com\n".encode("koi8-u")
    _lines, summary = bring(content, "--dry-run")
    assert summary["encoding"] in {"koi8-u", *summary["encoding_could_be"]}
    lines, summary = bring(content, "--encoding", "koi8-u")
    assert (lines[0]["person"], summary["encoding"], summary["encoding_could_be"]) == ("Шевченко Іван", "koi8-u", {})
    with pytest.raises(CommandError, match="not a known encoding"):
        bring(content, "--encoding", "nope")


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_another_encoding_is_chosen_on_the_page(cast: Cast) -> None:
    client, slug = signed_in(cast.house.mona), cast.house.tenant.slug
    name = "Łukasz Wiśniewski"
    upload(client, cast, f"Name,Email\n{name},c@example.com\n".encode("cp852"))
    run = the_run(cast)
    page = client.get(reverse("leads:import_run", args=[slug, run.uid])).content.decode()
    assert "recognized from the text of the file" in page
    choose = reverse("leads:import_choose", args=[slug, run.uid])
    client.post(choose, {"encoding": "mac_roman"})
    page = client.get(reverse("leads:import_run", args=[slug, run.uid])).content.decode()
    assert name not in page
    assert '<option value="mac_roman" selected>' in " ".join(page.split())
    client.post(choose, {"encoding": "cp852", "start": ""})
    client.post(choose, {"encoding": "cp852", "start": ""})
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name=name).exists()
    # An encoding of this file says nothing of the next one with these columns.
    upload(client, cast, "Name,Email\nZoë,zoe@example.com\n")
    assert the_run(cast).layout["staged"]["encoding"] == "utf-8-sig"
