"""Of two encodings that share nearly all letters, the few others decide, or a person is asked."""

import pytest

from libs.tabular.encoding_by_letters import rank_encodings
from libs.tabular.encoding_names import ALIASES, ENCODINGS

# Where ISO's, DOS's and Mac's have another letter, or the euro, at the place of Windows'.
WRITTEN = [
    ("Άννα Παππά|Έλενα Ώρα|Γιώργος Παπαδόπουλος|Ήρα Ίσου|Όλγα Ύδρα", "iso8859-7 cp1253 mac_greek cp737"),
    ("Άννα Παππά", "iso8859-7 cp1253 mac_greek cp737 cp869"),
    ("Ľubomír Šťastný|Ľuboš Ďurica", "cp1250 iso8859-2 cp852 mac_latin2"),
    ("Łukasz Wiśniewski|Ścisła Ąca|Źdźbło Żuk", "cp1250 iso8859-2 cp852 iso8859-16"),
    ("Ayşe Yılmaz|İbrahim Şahin|Çağrı Güneş", "cp1254 iso8859-9 mac_turkish cp857"),
    ("Žydrūnė Šimkutė|Jonas Čepaitis", "cp1257 iso8859-13 cp775"),
    ("Žydrūnė Šimkutė, Kėdainiai|Jonas Čepaitis, Kėdainiai", "iso8859-4"),
    ("Jānis Bērziņš|Ģirts Ķīsis", "cp1257 iso8859-13 iso8859-4 cp775"),
    ("Žydrūnė Šimkutė, UAB „Žalgiris“|Jonas Čepaitis", "cp1257 iso8859-13"),
    ("יוסי כהן|שרה לוי", "cp1255 iso8859-8 cp862"),
    ("محمد علي|فاطمة حسن", "cp1256 iso8859-6 cp720"),
    ("สมชาย ใจดี|สมหญิง", "cp874 tis-620"),
    ("Шевченко Іван|Їжакевич Євген", "koi8-u cp1251 mac_cyrillic iso8859-5 cp1125"),
    ("Иванов Сергей|Фёдоров Алексей", "koi8-r cp1251 mac_cyrillic iso8859-5 cp866 cp855"),
    ("Þórður Ægisson, Reykjavík|Guðrún Ýr, Reykjavík", "cp1252 iso8859-15 mac_iceland cp850 cp861"),
    ("João Conceição|Inês Simões", "cp1252 mac_roman cp850 cp860"),
    ("Jürgen Müller 12 €|Käthe Groß 5 €", "cp1252 iso8859-15 cp858 mac_roman"),
    ("Hélène Lefèvre 12 €|François Dupré 5 €", "cp1252 iso8859-15 cp858 mac_roman"),
    ("Søren Ærø|Åse Bjørn", "cp1252 iso8859-15 cp850 cp865 mac_roman"),
]


@pytest.mark.parametrize("count", [1, 2, 40])
@pytest.mark.parametrize(
    ("names", "encoding"), [(names, each) for names, encodings in WRITTEN for each in encodings.split()]
)
def test_a_sister_of_an_encoding_is_told_or_asked(names: str, encoding: str, count: int) -> None:
    called = names.split("|")
    text = "\n".join(f"{called[n % len(called)]},c{n}@example.com" for n in range(count))
    content = text.encode(encoding)
    assert text in [content.decode(each, "replace") for each in rank_encodings(content)]


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252", "cp1254", "cp1257"])
def test_an_encoding_hardly_anybody_uses_is_no_doubt_about_the_usual_ones(encoding: str) -> None:
    names = {
        "cp1250": "Ştefan Ţepeş;Ioana Mălăele",
        "cp1252": "Jürgen Müller;Käthe Groß;François Dupré",
        "cp1254": "Ayşe Yılmaz;İbrahim Şahin",
        "cp1257": "Žydrūnė Šimkutė;Jonas Čepaitis",
    }
    assert not {"iso8859-4", "iso8859-16"} & {*rank_encodings(names[encoding].encode(encoding))}


def test_an_accent_at_the_beginning_of_a_greek_name_is_no_sign_of_a_paragraph() -> None:
    for encoding in ("iso8859-7", "cp1253"):
        content = "Άννα Παππά;Έλενα Ώρα;Γιώργος Παπαδόπουλος;Αθήνα".encode(encoding)
        assert rank_encodings(content) == [encoding]


@pytest.mark.parametrize("name", sorted(name for name in ALIASES if not name.endswith(("-", "ibm"))))
def test_what_is_read_as_another_encoding_reads_alike_there(name: str) -> None:
    """Each sign of a byte that the one has: the other may have more, and no other one."""
    taken = ALIASES[name]
    assert taken in ENCODINGS
    for byte in range(0xA0, 0x100):
        sign = bytes([byte]).decode(name, "ignore")
        # The marks of direction, and the sign of no currency, are in no list of people.
        if sign.isprintable() and sign not in "¤¯":
            assert bytes([byte]).decode(taken, "ignore") in {sign, ""} or len(sign) == 0, (hex(byte), sign)
