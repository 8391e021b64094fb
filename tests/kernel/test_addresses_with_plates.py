"""Addresses with a country's letters before the postcode, and what people write between a street and a postcode."""

import pytest

from crm.kernel.addresses import parse_address, parse_locality, split_country_prefix


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (
            "De Savornin Lohmanstraat 3, NL-2566 AB Den Haag",
            ("De Savornin Lohmanstraat 3", "2566 AB", "Den Haag", "NL"),
        ),
        ("Kerkstraat 12 NL 1017 GC Amsterdam", ("Kerkstraat 12", "1017 GC", "Amsterdam", "NL")),
        ("Kerkstraat 12, nl-1017 gc amsterdam", ("Kerkstraat 12", "1017 gc", "amsterdam", "NL")),
        ("Kerkstraat 12, Amsterdam NL-1017 GC", ("Kerkstraat 12", "1017 GC", "Amsterdam", "NL")),
        ("Meir 24, B-2000 Antwerpen", ("Meir 24", "2000", "Antwerpen", "BE")),
        ("Meir 24, BE-2000 Antwerpen", ("Meir 24", "2000", "Antwerpen", "BE")),
        ("Hauptstr. 5, D-10115 Berlin", ("Hauptstr. 5", "10115", "Berlin", "DE")),
        ("Hauptstr. 5, DE-10115 Berlin", ("Hauptstr. 5", "10115", "Berlin", "DE")),
        ("Gasse 12, A-1060 Wien", ("Gasse 12", "1060", "Wien", "AT")),
        ("Gasse 12, AT-1060 Wien", ("Gasse 12", "1060", "Wien", "AT")),
        ("Bahnhofstr. 1, CH-8001 Zürich", ("Bahnhofstr. 1", "8001", "Zürich", "CH")),
        ("12 rue de la Paix, F-75002 Paris", ("12 rue de la Paix", "75002", "Paris", "FR")),
        ("12 rue de la Paix, FR-75002 Paris", ("12 rue de la Paix", "75002", "Paris", "FR")),
        ("3 rue du Fort, L-1234 Luxembourg", ("3 rue du Fort", "1234", "Luxembourg", "LU")),
        ("3 rue du Fort, LU-1234 Luxembourg", ("3 rue du Fort", "1234", "Luxembourg", "LU")),
        ("Calle Mayor 5, E-28013 Madrid", ("Calle Mayor 5", "28013", "Madrid", "ES")),
        ("Calle Mayor 5, ES-28013 Madrid", ("Calle Mayor 5", "28013", "Madrid", "ES")),
        ("Via Roma 5, I-00184 Roma", ("Via Roma 5", "00184", "Roma", "IT")),
        ("Via Roma 5, IT-00184 Roma", ("Via Roma 5", "00184", "Roma", "IT")),
        ("Nygade 3, DK-1164 København", ("Nygade 3", "1164", "København", "DK")),
        ("Kungsgatan 4, S-111 43 Stockholm", ("Kungsgatan 4", "111 43", "Stockholm", "SE")),
        ("Kungsgatan 4, SE-11143 Stockholm", ("Kungsgatan 4", "11143", "Stockholm", "SE")),
        ("Storgata 4, NO-0155 Oslo", ("Storgata 4", "0155", "Oslo", "NO")),
        ("Katu 4, FI-00100 Helsinki", ("Katu 4", "00100", "Helsinki", "FI")),
        # A door is no country.
        ("Calle Mayor 5 E 28013 Madrid", ("Calle Mayor 5 E", "28013", "Madrid", "")),
        ("Kerkstraat 12 bus A 9000 Gent", ("Kerkstraat 12 bus A", "9000", "Gent", "BE")),
        # Whoever names the country at the end is believed.
        ("Meir 24, B-2000 Antwerpen, Belgium", ("Meir 24", "2000", "Antwerpen", "BE")),
    ],
)
def test_the_letters_before_a_postcode_say_the_country(written: str, parts: tuple[str, ...]) -> None:
    for where in ("", "NL", "DE"):
        found = parse_address(written, where)
        assert found, where
        assert (found.street, found.postcode, found.city, found.country) == parts


@pytest.mark.parametrize("mark", [" · ", " • ", " | ", " / ", " – ", " — ", " - ", "\n", ", ", " ·", "| ", "•"])
@pytest.mark.parametrize(
    ("street", "postcode", "city"),
    [
        ("Kerkstraat 12-II", "1017 GC", "Amsterdam"),
        ("Hauptstraße 5", "10115", "Berlin"),
        ("Hauptstraße 5", "D-10115", "Berlin"),
        ("Grote Markt 1 bus 4", "2000", "Antwerpen"),
        ("12 rue de la Paix", "75002", "Paris"),
        ("Gasse 12 / 3 / 15", "1060", "Wien"),
        ("Carrer del Paral·lel 5", "08001", "Barcelona"),
    ],
)
def test_what_stands_between_street_and_postcode_belongs_to_neither(
    mark: str, street: str, postcode: str, city: str
) -> None:
    found = parse_address(f"{street}{mark}{postcode} {city}", "NL")
    assert found
    assert (found.street, found.postcode, found.city) == (street, postcode.removeprefix("D-"), city)


@pytest.mark.parametrize("mark", ["-", "–", "—", "/", "|", "·", "•"])
def test_a_mark_before_an_american_city_belongs_to_neither(mark: str) -> None:
    found = parse_address(f"12 Main St {mark} Tampa, FL 33605", "US")
    assert found
    assert (found.street, found.city) == ("12 Main St", "Tampa")


@pytest.mark.parametrize(
    ("written", "city", "country"),
    [
        # The Dutch post writes it so: there are three of the name.
        ("Kerkstraat 12, 1861 AB Bergen (NH)", "Bergen (NH)", ""),
        ("Kerkstraat 12, 5854 AB Bergen (L), Nederland", "Bergen (L)", "NL"),
        ("Hauptstraße 5, 15230 Frankfurt (Oder)", "Frankfurt (Oder)", ""),
        ("Hauptstraße 5, 15230 Frankfurt (Oder) (Deutschland)", "Frankfurt (Oder)", "DE"),
        ("Kerkstraat 12, 1017 GC Amsterdam (Nederland)", "Amsterdam", "NL"),
        ("Kerkstraat 12, 1017 GC Amsterdam (NL)", "Amsterdam", "NL"),
        ("Kerkstraat 12, 1017 GC Amsterdam - Nederland", "Amsterdam", "NL"),
        ("Kerkstraat 12 · 1017 GC Amsterdam · Nederland", "Amsterdam", "NL"),
        ("Kerkstraat 12 | 1017 GC Amsterdam / Netherlands", "Amsterdam", "NL"),
        ("Rue Haute 3, 1000 Bruxelles (Belgique)", "Bruxelles", "BE"),
        ("Zentralstr. 5, 2502 Biel / Bienne", "Biel / Bienne", ""),
        ("214 Larkspur Drive, Kokomo, IN 46901 (USA)", "Kokomo", "US"),
        ("214 Larkspur Drive | Kokomo, IN 46901", "Kokomo", ""),
    ],
)
def test_a_country_in_parentheses_is_no_part_of_the_city(written: str, city: str, country: str) -> None:
    found = parse_address(written, "NL" if "USA" not in written else "")
    assert found
    assert (found.city, found.country) == (city, country)


def test_the_same_holds_for_a_line_without_a_street() -> None:
    found = parse_locality("NL-2566 AB Den Haag")
    assert found
    assert (found.postcode, found.city, found.country) == ("2566 AB", "Den Haag", "NL")


@pytest.mark.parametrize(
    ("written", "code", "country"),
    [
        ("NL-2566 AB", "2566 AB", "NL"),
        ("NL 2566AB", "2566AB", "NL"),
        ("D-10115", "10115", "DE"),
        ("B 2000", "2000", "BE"),
        ("S-111 43", "111 43", "SE"),
        ("CH-8001", "8001", "CH"),
        ("2566 AB", "2566 AB", ""),
        ("10115", "10115", ""),
        ("D-1011", "D-1011", ""),
        ("B1 2AB", "B1 2AB", ""),
        ("X-10115", "X-10115", ""),
        ("", "", ""),
    ],
)
def test_a_postcode_is_kept_without_the_letters_of_its_country(written: str, code: str, country: str) -> None:
    assert split_country_prefix(written) == (code, country)
