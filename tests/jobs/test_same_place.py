"""Whether two addresses may be one place of work: the rule as tables of cases (docs/rules.md#k18)."""

import pytest

from crm.jobs.creation.same_place import JobPlace, places_agree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Oak Ave", "12 Oak Avenue, Tampa"),
        ("12 Oak Ave", "12 OAK AVE TAMPA FL 33611"),
        ("12 Oak Ave", "12 Oak"),
        ("12 Oak Ave Apt 4", "12 Oak Ave, Unit 4"),
        ("12 Oak Ave Apt 4", "12 Oak Ave #4"),
        ("12 North Oak Ave", "12 N. Oak Ave"),
        ("12 Oak Ave", "Villa Rosa, 12 Oak Ave"),
        ("Kerkstraat 1A", "Kerkstr. 1 a"),
        ("Lindenstraße 3", "Lindenstr. 3"),
        ("Kerkstraat 12", "12 Kerkstraat"),
        ("Rue Haute 1 bte 2", "Rue Haute 1/2"),
        ("Flat 3, 134 Station Road", "134 Station Rd, Flat 3"),
        ("1204-122 Gerrard Street", "122 Gerrard St, Unit 1204"),
        ("Bât. A, 106 boulevard Carnot", "106 boulevard Carnot, Bâtiment A"),
        ("44 avenue Jaurès, appt 12", "44 avenue Jaurès, appartement 12"),
        ("Avenida de la Paz 161, 3º A", "Avenida de la Paz, 161, 3ºA"),
        ("C/ Mayor, 49", "Calle Mayor 49"),
        ("Calle del Olmo, 32", "c. del Olmo 32"),
        ("Avenida Góngora, 177", "Avda. Góngora 177"),
        ("ul. Lipowa 116/4", "Lipowa 116 lok. 4"),
        ("4488 1st Ave", "4488 First Avenue"),
        ("Lot 14 Blk 3 Fox Hollow", "Lot 14, Block 3, Fox Hollow"),
        ("12 Oak Ave Bldg C Unit 9", "12 Oak Ave, Building C, #9"),
        ("Kade 2 huis", "Kade 2-hs"),
        ("Bänschstr. 9", "Baenschstrasse 9"),
        ("12½ Oak Trail", "12 1/2 Oak Trl"),
        ("12 Oak Ave Bldg 2", "12 Oak Ave, Building 2"),
        ("", "12 Oak Ave"),
    ],
)
def test_one_place_is_written_in_many_ways(one: str, other: str) -> None:
    assert places_agree(JobPlace(one), JobPlace(other))
    assert places_agree(JobPlace(other, "33611", "Tampa"), JobPlace(one, "33611", "Tampa"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Oak Ave", "14 Oak Ave"),
        ("12 Oak Ave Apt 4", "12 Oak Ave Apt 5"),
        ("77 Elm Ave", "77 Elm Ave Unit B"),
        ("77 Elm Ave", "77 Elm Ave, 2nd Floor"),
        ("77 Elm Ave", "77 Elm Ave Rear"),
        ("77 Elm Ave", "77 N Elm Ave"),
        ("77 N Elm Ave", "77 S Elm Ave"),
        ("5th Ave 12", "5th Ave 12 W"),
        ("Flat 3, 134 Station Road", "Flat 3A, 134 Station Road"),
        ("Flat 3, 134 Station Road", "134 Station Road"),
        ("Flat 3, 134 Station Road", "3, 134 Station Lane"),
        ("1204-122 Gerrard Street", "1205-122 Gerrard Street"),
        ("1204-122 Gerrard Street", "122 Gerrard Street, Unit 1205"),
        ("Bât. A, 106 boulevard Carnot", "Bât. B, 106 boulevard Carnot"),
        ("Lot 14 Blk 3 Fox Hollow", "Lot 14 Blk 4 Fox Hollow"),
        ("12 Oak Ave Bldg C Unit 9", "12 Oak Ave Bldg 9 Unit C"),
        ("4488 1st Ave", "4488 21st Ave"),
        ("3-5 Wharf Lane", "5 Wharf Lane"),
        ("Kade 1", "Kade 1 A"),
        ("Kade 1", "Kade 1B"),
        ("Kade 1A", "Kade 1B"),
        ("Kade 1", "Kade 1 bis"),
        ("Kade 2", "Kade 2 hs"),
        ("Kade 2", "Kade 2-I"),
        ("Kade 2-I", "Kade 2-II"),
        ("Kade 1 bus 2", "Kade 2 bus 1"),
        ("Kerkstraat 12", "Oude Kerkstraat 12"),
        ("Rue Haute 1", "Rue Haute 1 bte 1"),
        ("Rue Haute 1", "Rue Haute 1/3"),
        ("Lindenallee 3", "Lindenallee 3-5"),
        ("Lindenallee 3", "Lindenallee 3 Hinterhaus"),
        ("Lindenallee 3", "Lindenallee 3½"),
    ],
)
def test_what_tells_two_places_apart_is_never_less_said(one: str, other: str) -> None:
    assert not places_agree(JobPlace(one), JobPlace(other))
    assert not places_agree(JobPlace(other, "33611", "Tampa"), JobPlace(one, "33611", "Tampa"))


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (JobPlace("Hoofdstraat 1", "", "Ede"), JobPlace("Hoofdstraat 1", "", "Epe"), False),
        (JobPlace("Hoofdstraat 1", "", "Ede"), JobPlace("Hoofdstraat 1", "6711 AB", ""), True),
        (JobPlace("Hoofdstraat 1", "6711AB", "Ede"), JobPlace("Hoofdstraat 1", "6711 ab", "Ede (Gld)"), True),
        # One code is one place, however the town is called.
        (JobPlace("Spui 1", "2511 BL", "Den Haag"), JobPlace("Spui 1", "2511BL", "'s-Gravenhage"), True),
        (JobPlace("12 Oak Ave", "33611", "Tampa"), JobPlace("12 Oak Ave", "33611-1234", "Tampa"), True),
        (JobPlace("12 Oak Ave", "33611", "Tampa"), JobPlace("12 Oak Ave", "33612", "Tampa"), False),
        (JobPlace("12 Oak Ave", "", "St. Petersburg"), JobPlace("12 Oak Ave", "", "Saint Petersburg"), True),
        (JobPlace("Spui 1", "", "Frankfurt"), JobPlace("Spui 1", "", "Frankfurt am Main"), True),
        (JobPlace("1 Main St", "", "Ft. Myers"), JobPlace("1 Main St", "", "Fort Myers"), True),
        (JobPlace("1 Main St", "", "Springfield", "IL"), JobPlace("1 Main St", "", "Springfield", "Missouri"), False),
        (JobPlace("1 Main St", "", "Springfield", "IL"), JobPlace("1 Main St", "", "Springfield", "Illinois"), True),
        (JobPlace("Hof 1", "", "Köln"), JobPlace("Hof 1", "", "Koeln"), True),
        (JobPlace(city="Tampa"), JobPlace(city="Orlando"), False),
        (JobPlace(city="Tampa"), JobPlace("12 Oak Ave", "33611", "Tampa"), True),
        (JobPlace(), JobPlace("12 Oak Ave", "33611", "Tampa"), True),
    ],
)
def test_towns_and_codes(one: JobPlace, other: JobPlace, agree: bool) -> None:
    assert places_agree(one, other) is agree
    assert places_agree(other, one) is agree
