"""Whole addresses in one cell, as people and products write them."""

from dataclasses import astuple

import pytest

from crm.kernel.addresses import parse_address

LARKSPUR = ("214 Larkspur Drive", "46901", "Kokomo", "IN")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("214 Larkspur Drive, Kokomo, IN 46901 US", (*LARKSPUR, "US")),
        ("214 Larkspur Drive, Kokomo, IN 46901, United States of America", (*LARKSPUR, "US")),
        ("214 Larkspur Drive Kokomo IN 46901", (*LARKSPUR, "")),
        ("214 Larkspur Drive Kokomo, IN, 46901", (*LARKSPUR, "")),
        ("214 Larkspur Drive,Kokomo,IN,46901,USA", (*LARKSPUR, "US")),
        ("214 Larkspur Drive, Kokomo, , In. 46901", (*LARKSPUR, "")),
        ("214 Larkspur Drive, Kokomo, Indiana 46901", ("214 Larkspur Drive", "46901", "Kokomo", "Indiana", "")),
        ("214 larkspur drive, kokomo, in 46901", ("214 larkspur drive", "46901", "kokomo", "IN", "")),
        ("12 Oak Ave St Louis MO 63101", ("12 Oak Ave", "63101", "St Louis", "MO", "")),
        ("12 St James Ave Tampa FL 33602", ("12 St James Ave", "33602", "Tampa", "FL", "")),
        ("12 Main St Paul MN 55101", None),
        ("5 Peach St #12 Atlanta GA 30301", ("5 Peach St #12", "30301", "Atlanta", "GA", "")),
        ("12 Oak Ave, Apt 4 Kokomo IN 46901", ("12 Oak Ave Apt 4", "46901", "Kokomo", "IN", "")),
        ("1234 US Highway 19 N Clearwater FL 33764", ("1234 US Highway 19 N", "33764", "Clearwater", "FL", "")),
        ("350 Fifth Avenue New York NY 10118", ("350 Fifth Avenue", "10118", "New York", "NY", "")),
        ("5 Peach St, Atlanta, Georgia", ("5 Peach St", "", "Atlanta", "Georgia", "")),
        ("12 King St W, Toronto, ON M5V 2T6, Canada", ("12 King St W", "M5V 2T6", "Toronto", "ON", "CA")),
        ("9 Albert St, Regina, SK", ("9 Albert St", "", "Regina", "SK", "CA")),
        (
            "1202 rue Sherbrooke O, Montréal (Québec) H3A 1H6",
            ("1202 rue Sherbrooke O", "H3A 1H6", "Montréal", "Québec", "CA"),
        ),
        ("15 Water Street St. John's NL A1C 1A1", ("15 Water Street", "A1C 1A1", "St. John's", "NL", "CA")),
        ("14 Gower Street, London WC1E 6HA", ("14 Gower Street", "WC1E 6HA", "London", "", "GB")),
        ("31 Castle Street, Cardiff CF10 1BT, Wales", ("31 Castle Street", "CF10 1BT", "Cardiff", "", "GB")),
        ("Rose Cottage, Ludlow, Shropshire, SY8 1AA", ("Rose Cottage", "SY8 1AA", "Ludlow", "", "GB")),
        ("Plaza de España s/n, 41013 Sevilla", ("Plaza de España s/n", "41013", "Sevilla", "", "")),
        # Where the street ends is not certain: it stays whole.
        ("91 Wickham Rd West Palm Beach FL 33401", None),
        ("9 Park Row Leeds LS1 5HD", None),
        ("12 Oak Ave, Rear", None),
        ("Kerkstraat 12-II, 1017 GC Amsterdam", ("Kerkstraat 12-II", "1017 GC", "Amsterdam", "", "")),
        ("Goethestr. 5, D-60313 Frankfurt am Main", ("Goethestr. 5", "60313", "Frankfurt am Main", "", "DE")),
        ("Hauptstraße 5, 10115 Berlin, Deutschland", ("Hauptstraße 5", "10115", "Berlin", "", "DE")),
        ("Calle Mayor 5, 28013 Madrid, España", ("Calle Mayor 5", "28013", "Madrid", "", "ES")),
        ("350 Broadmoor New York NY 10118", None),
        ("call 8135550100 first, Kokomo", None),
        ("Kokomo, IN 46901", None),
        ("US", None),
        ("", None),
    ],
)
def test_an_address_in_the_united_states(written: str, parts: tuple[str, ...] | None) -> None:
    found = parse_address(written, "US")
    assert (astuple(found) if found else None) == parts


@pytest.mark.parametrize(
    ("where", "written", "parts"),
    [
        ("NL", "Kerkstraat 12-II 1017GC Amsterdam", ("Kerkstraat 12-II", "1017GC", "Amsterdam")),
        ("NL", "Kerkstraat 12, Amsterdam 1017 GC", ("Kerkstraat 12", "1017 GC", "Amsterdam")),
        ("NL", "Kerkstraat 12 hs, 1017 gc, amsterdam, nl", ("Kerkstraat 12 hs", "1017 gc", "amsterdam")),
        ("NL", "Plein 1944 nr 5, 6511 JA Nijmegen", ("Plein 1944 nr 5", "6511 JA", "Nijmegen")),
        ("NL", "214 Larkspur Drive, Kokomo, IN 46901 US", LARKSPUR[:3]),
        ("NL", "Dorpsstraat 12", None),
        ("BE", "Kerkstraat 12, 8420 De Haan", ("Kerkstraat 12", "8420", "De Haan")),
        ("BE", "Kerkstraat 12 bus 3 9000 Gent", ("Kerkstraat 12 bus 3", "9000", "Gent")),
        ("BE", "Rue Haute 12 bte 3, B-1000 Bruxelles, Belgique", ("Rue Haute 12 bte 3", "1000", "Bruxelles")),
        ("DE", "Hauptstraße 5 10115 Berlin", ("Hauptstraße 5", "10115", "Berlin")),
        ("DE", "Straße des 17. Juni 135, D-10623 Berlin", ("Straße des 17. Juni 135", "10623", "Berlin")),
        ("DE", "Hauptstraße 5, 60311 Frankfurt am Main, DE", ("Hauptstraße 5", "60311", "Frankfurt am Main")),
        ("DE", "Hauptstraße 5, Berlin, DE", None),
        ("NL", "Meir 24/3 B-2000 Antwerpen", ("Meir 24/3", "2000", "Antwerpen")),
        ("NL", "Kerkstraat 12 bus A 9000 Gent", ("Kerkstraat 12 bus A", "9000", "Gent")),
        ("NL", "Kerkstraat 1 bus 2 8420 DE HAAN", ("Kerkstraat 1 bus 2", "8420", "DE HAAN")),
        ("NL", "Kerkstraat 12 2e verdieping 9000 Gent", ("Kerkstraat 12 2e verdieping", "9000", "Gent")),
        ("DE", "Hauptstr. 5 Hinterhaus 10115 Berlin", ("Hauptstr. 5 Hinterhaus", "10115", "Berlin")),
        ("DE", "Hauptstr. 5 // 3. OG links 10115 Berlin", ("Hauptstr. 5 // 3. OG links", "10115", "Berlin")),
        ("AT", "Gasse 12 Stiege 3 Tür 15 1060 Wien", ("Gasse 12 Stiege 3 Tür 15", "1060", "Wien")),
        ("FR", "12 bis rue de la Paix 75002 Paris CEDEX 02", ("12 bis rue de la Paix", "75002", "Paris CEDEX 02")),
        ("FR", "1 rue du 8 mai 1945 69002 Lyon", ("1 rue du 8 mai 1945", "69002", "Lyon")),
        ("FR", "12 rue de la Paix, 75002 Paris", ("12 rue de la Paix", "75002", "Paris")),
        ("GB", "12 Mill Lane, Headingley, Leeds, LS1 4AP, UK", ("12 Mill Lane, Headingley", "LS1 4AP", "Leeds")),
    ],
)
def test_an_address_in_europe(where: str, written: str, parts: tuple[str, ...] | None) -> None:
    found = parse_address(written, where)
    assert ((found.street, found.postcode, found.city) if found else None) == parts


@pytest.mark.parametrize(
    ("where", "written", "country"),
    [
        ("NL", "Grote Markt 1 bus 4 2000 Antwerpen", "BE"),
        ("NL", "Meir 24/3 B-2000 Antwerpen", "BE"),
        ("NL", "Kerkstraat 12, 1017 GC Amsterdam", ""),
        ("NL", "Hoofdweg 4 5600 Eindhoven", ""),
        ("FR", "12 rue Haute bte 3 75002 Paris", ""),
    ],
)
def test_a_letter_box_says_that_it_is_in_belgium(where: str, written: str, country: str) -> None:
    found = parse_address(written, where)
    assert (found.country if found else None) == country
