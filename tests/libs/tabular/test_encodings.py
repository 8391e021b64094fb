"""A file's encoding is told right, or asked: of names in a dozen scripts, few or many, none is read in silence."""

import io

import pytest

from libs.tabular import ENCODINGS, UnreadableTable, survey
from libs.tabular.encoding import codec_named
from libs.tabular.encoding_by_letters import rank_encodings

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
    assert rank_encodings(written)[0] == "iso8859-15"


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
    assert rank_encodings(text.encode(encoding))[0] == encoding


def text_of(names: str, place: str, count: int) -> str:
    called = names.split("|")
    rows = [f'{called[n % len(called)]},c{n}@example.com,"{place}",asks for a roof' for n in range(count)]
    plain = [f"John Smith,j{n}@example.com,Tampa,asks for a roof" for n in range(count)]
    return "\n".join(["Name,Email,City,Note", *plain, *rows, ""])


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize(
    ("names", "place", "encoding"), [(n, p, each) for n, p, encodings in WRITTEN for each in encodings.split()]
)
def test_an_encoding_is_right_or_asked(names: str, place: str, encoding: str, count: int) -> None:
    text = text_of(names, place, count).replace("’", "'" if encoding in {"cp850", "cp437"} else "’")
    content = text.encode(encoding)
    found = survey(io.BytesIO(content)).layout
    assert content.decode(found.encoding) == text or any(content.decode(each) == text for each, _ in found.candidates)
    assert found.encoding in ENCODINGS
    # What was right was not asked of most, and never of what names itself.
    assert not found.candidates or found.candidates[0][0] == found.encoding


@pytest.mark.parametrize(("names", "place", "encodings"), WRITTEN)
def test_utf8_is_certain(names: str, place: str, encodings: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert survey(io.BytesIO(text_of(names, place, 3).encode(encoding))).layout.candidates == ()


@pytest.mark.parametrize("text", ["Kees;€ 99,-", "Jan;€99\nPiet;12 €", "Ann;£ 1,200;O’Brien", "Müller É. Zola;€ 5"])
def test_a_sign_of_money_before_its_amount_is_one(text: str) -> None:
    assert rank_encodings(text.encode("cp1252"))[0] == "cp1252"


@pytest.mark.parametrize("name", ["KOI8-R", "koi8_r", "windows-1251", "sjis", "latin1", "UTF8", "macroman"])
def test_an_encoding_has_many_names(name: str) -> None:
    assert codec_named(name)


@pytest.mark.parametrize("name", ["idna", "rot13", "zip", "hex", "unicode_escape", "nope", "../x", "a\0b", "x" * 999])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    assert codec_named(name) is None
    with pytest.raises(UnreadableTable, match="not a known encoding"):
        survey(io.BytesIO(b"Name,Email\nJan,jan@example.nl\n"), encoding=name)


def test_a_given_encoding_is_taken_or_refused_in_words() -> None:
    content = "Name,Email\nJosé,jose@example.nl\n".encode("cp1252")
    found = survey(io.BytesIO(content), encoding="mac_roman")
    assert (found.layout.encoding, found.layout.candidates, found.sample[1].cells[0]) == ("mac_roman", (), "JosÈ")
    with pytest.raises(UnreadableTable, match="not encoded in utf-8"):
        survey(io.BytesIO(content), encoding="utf-8")
