"""One spelling for addresses, numbers and names."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel import normalization
from crm.kernel.refusal import Refused


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Jan@Example.NL", "jan@example.nl"),
        ("  jan@example.nl. ", "jan@example.nl"),
        ("jan@example.nl;", "jan@example.nl"),
        ("mailto:jan@example.nl?subject=Dak", "jan@example.nl"),
        ("Jan de Vries <jan@example.nl>", "jan@example.nl"),
        ('"Vries, Jan de" <Jan@Example.nl>;', "jan@example.nl"),
        ("<jan@example.nl>", "jan@example.nl"),
        ("'jan+dak@example.co.uk'", "jan+dak@example.co.uk"),
        ("jan\u200b@example.nl\u00a0", "jan@example.nl"),
        ("jan@ｅｘａｍｐｌｅ.nl", "jan@example.nl"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("jürgen@example.de", "jürgen@example.de"),
        ("o'brien@example.com", "o'brien@example.com"),
    ],
)
def test_an_address_has_one_spelling(raw: str, kept: str) -> None:
    assert normalization.normalize_email(raw) == kept
    assert normalization.normalize_email(kept) == kept


@pytest.mark.parametrize(
    "raw",
    [
        *["", "n/a", "-", "none@none", "jan@", "@example.nl", "jan@example", "jan@exa mple.nl", "jan de@example.nl"],
        *["jan@example.n", "jan@-example.nl", "jan@example..nl", ".jan@example.nl", "jan..v@example.nl", "a@b@c.nl"],
        "a@x.nl; b@x.nl",
        "x" * 65 + "@example.nl",
        "jan@" + "x" * 64 + ".nl",
        "jan@127.0.0.1",
        "jan@" + "ab." * 90 + "nl",
    ],
)
def test_nonsense_is_no_address(raw: str) -> None:
    assert normalization.normalize_email(raw) is None
    with pytest.raises(Refused) as refused:
        normalization.parse_email(raw)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("raw", "region", "kept"),
    [
        ("06-12345678", "NL", "+31612345678"),
        ("0612345678", "NL", "+31612345678"),
        ("612345678", "NL", "+31612345678"),
        ("+31 (0)6 1234 5678", "US", "+31612345678"),
        ("0031612345678", "NL", "+31612345678"),
        ("0031612345678", "US", "+31612345678"),
        ("'+31612345678", "NL", "+31612345678"),
        ('="0612345678"', "NL", "+31612345678"),
        ("31612345678", "NL", "+31612345678"),
        ("31612345678", "US", "+31612345678"),
        ("31612345678.0", "NL", "+31612345678"),
        ("3.1612345678E+10", "NL", "+31612345678"),
        ("3,1612345678E+10", "NL", "+31612345678"),
        ("6.12345678E+08", "NL", "+31612345678"),
        ("tel:+31-6-12345678", "NL", "+31612345678"),
        ("(727) 555-0123", "US", "+17275550123"),
        ("1.727.555.0123", "US", "+17275550123"),
        ("\u202a+1 727 555 0123\u202c", "NL", "+17275550123"),
        ("(0)30 123 4567", "NL", "+31301234567"),
        ("+33 6 12 34 56 78", "NL", "+33612345678"),
        ("٠٦١٢٣٤٥٦٧٨", "NL", "+31612345678"),
    ],
)
def test_a_number_is_e164(raw: str, region: str, kept: str) -> None:
    assert normalization.normalize_phone(raw, region) == kept
    assert normalization.normalize_phone(kept, region) == kept


@pytest.mark.parametrize(
    "raw", ["030-1234567 toestel 12", "030 1234567 tst. 12", "+31301234567 ext. 12", "0301234567x12"]
)
def test_the_extension_is_split_off(raw: str) -> None:
    assert normalization.parse_phone(raw, "NL") == normalization.PhoneNumber("+31301234567", "12")


@pytest.mark.parametrize("raw", ["3.36E+10", "3,36E+10", "3.361234E+10", "1E+99"])
def test_digits_a_spreadsheet_lost_are_not_invented(raw: str) -> None:
    assert normalization.normalize_phone(raw, "FR") is None
    with pytest.raises(Refused, match="spreadsheet"):
        normalization.parse_phone(raw, "FR")


@pytest.mark.parametrize(
    "raw", ["", "-", "n/a", "unknown", "12", "0000000000", "1234567890", "+999 12345678", "1" * 400]
)
def test_nonsense_is_no_number(raw: str) -> None:
    assert normalization.normalize_phone(raw, "US") is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("José  Peña", "jose pena"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("O´Brien", "obrien"),
        ("O＇Brien", "obrien"),
        ("Ｊｏｓé", "jose"),
        ("Ŀŉ", "l n"),
        ("Jan-Willem van 't Hof", "jan willem van t hof"),
        ("Straße", "strasse"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("  ÉLODIE ", "elodie"),
        ("İstanbul", "istanbul"),
        ("李雷", "李雷"),
    ],
)
def test_a_name_sorts_without_case_and_accents(name: str, key: str) -> None:
    assert normalization.name_key(name) == key


WRITTEN = [
    *[
        "123½ Main St",
        "O´Brien",
        "O’Brien",
        "m²",
        "45˚ pitch",
        "№ 5",
        "ﬁve",
        "Ⅳ",
        "３Ｄ",
        "x…",
        "½\xa0in",
        "™ ® ©",
        "µm",
    ],
    *["José  Peña", "Nguyễn", "Łukasz", "李雷", "שָׁלוֹם", "👩\u200d👩\u200d👧", "می\u200cخواهم", "co\xadop", "=1＋1"],
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written_stays(text: str) -> None:
    assert normalization.clean_text(f"\ufeff {text}\u200b\xa0") == text
    assert normalization.one_line(text) == text
    assert normalization.name_key(normalization.name_key(text)) == normalization.name_key(text)


def test_a_text_has_one_form_and_turns_nothing_around() -> None:
    assert normalization.clean_text("Jose\u0301") == "José"
    assert normalization.clean_text("a\u202egnp.exe") == "agnp.exe"
    assert normalization.one_line("Jan\n de\tVries") == "Jan de Vries"


@given(st.text())
def test_a_key_of_a_key_is_itself(name: str) -> None:
    key = normalization.name_key(name)
    assert normalization.name_key(key) == key


@given(st.text(max_size=60), st.sampled_from(["US", "NL", "FR"]))
def test_any_text_is_read_or_refused(raw: str, region: str) -> None:
    address, number = normalization.normalize_email(raw), normalization.normalize_phone(raw, region)
    assert address is None or "@" in address
    assert number is None or number.startswith("+")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("06 1234 5678", "612345678"),
        ("+31 (0)6-12345678", "31612345678"),
        ("0031 6 12345678", "31612345678"),
        ("(727) 555-0123", "7275550123"),
        ("1234", "1234"),
        ("Jansen", ""),
    ],
)
def test_digits_of_a_search(query: str, found: str) -> None:
    assert normalization.phone_digits(query) == found
    assert not found or "+31612345678".endswith(found) or "+17275550123".endswith(found) or found == "1234"


@pytest.mark.parametrize("region", ["US", "CA", "PR", "DO", "AG", "NL"])
@pytest.mark.parametrize("shape", ["{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}"])
def test_a_plain_american_number_is_what_the_library_reads(region: str, shape: str) -> None:
    for area in ("813", "212", "416", "787", "809", "268", "800", "911", "199", "061"):
        for exchange, line in (("555", "0100"), ("234", "5678"), ("012", "3456"), ("911", "1234")):
            text = shape.format(area, exchange, line)
            number = phonenumbers.parse(text, region)
            expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if phonenumbers.is_valid_number(number):
                assert normalization.normalize_phone(text, region) == expected
