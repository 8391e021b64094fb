"""Dana Whitfield's list as the design draws it: 42 leads, 13 of them to jump on."""

from typing import NamedTuple

from demo.stories.story import Ending, NextStep


class Line(NamedTuple):
    """One lead: past levels as letters (o in time, l over, c over twice), then the share of the present step."""

    name: str
    pipeline: str
    city: str
    source: str
    past: str
    share: float
    dollars: int | None
    next_step: NextStep | None
    unread: tuple[str, int] | None = None
    theirs: bool = False
    ending: Ending | None = None


def _call(days: float, hour: float | None = None) -> NextStep:
    return NextStep("call", "Call", days, hour)


def _email(days: float, label: str = "Email") -> NextStep:
    return NextStep("email", label, days, 10)


def _text(days: float, hour: float | None = None, label: str = "Text") -> NextStep:
    return NextStep("text", label, days, hour)


def _visit(days: float, hour: float, label: str = "Visit") -> NextStep:
    return NextStep("visit", label, days, hour)


# `past` is None for a lead without status.
NO_STATUS = "?"

LINES = [
    Line("Marisol Vega", "Re-roof", "Riverview", "Web form", NO_STATUS, 10, None, None),
    Line("Terrence Boyd", "Repair", "Plant City", "Angi", NO_STATUS, 1.8, None, None, ("sms", 1)),
    Line("Oakmont HOA · Bldg C", "Commercial", "Brandon", "Referral", NO_STATUS, 1.4, None, None, ("email", 2)),
    Line("Deborah Lindqvist", "Re-roof", "Valrico", "Web form", "coo", 3.17, 21_700, None, ("whatsapp", 3)),
    Line("Hector Salinas", "Re-roof", "Tampa", "Google Ads", "ooooo", 2.7, 18_400, _call(-2)),
    Line(
        "Ines & Paul Kovač",
        "Insurance",
        "Lutz",
        "Storm canvass",
        "ooololo",
        2.45,
        31_250,
        _email(-4, "Email adjuster"),
        ("email", 1),
    ),
    Line("Gulf Pointe Dental", "Commercial", "Clearwater", "Referral", "ooooc", 2.1, 88_900, _call(-1)),
    Line("Andre Whitlock", "Repair", "Seffner", "Phone", "oo", 1.6, 1_450, _text(0.05)),
    Line("Luz Okafor", "Care plan", "Temple Terrace", "Past customer", "o", 1.36, 480, _email(1)),
    Line(
        "Bayside Storage",
        "Commercial",
        "Gibsonton",
        "Google Ads",
        "oooo",
        1.36,
        142_000,
        NextStep("quote", "Send take-off", 0.1),
        ("email", 1),
    ),
    Line("Wanda Pruitt", "Re-roof", "Sun City", "Angi", "o", 1.29, 15_900, _call(0.08)),
    Line("Cole Hammond", "Re-roof", "Apollo Beach", "Facebook", "oooooo", 1.25, 23_100, None),
    Line("Priya Raman", "Insurance", "Wesley Chapel", "Google Ads", "oooll", 1.26, 27_600, _call(0.15)),
    Line("Greta Nyström", "Re-roof", "Odessa", "Yard sign", "ooloo", 0.88, 19_850, _call(0.2)),
    Line("Marcus Teller", "Repair", "Brandon", "Phone", "", 0.87, 900, _call(0.01)),
    Line("Ruth Abernathy", "Insurance", "Dade City", "Storm canvass", "oo", 0.82, 24_300, _text(0.2), ("sms", 1)),
    Line(
        "Joon-ho Park",
        "Re-roof",
        "Tampa",
        "Google Ads",
        "olco",
        0.85,
        17_300,
        NextStep("quote", "Finish estimate", 0.25),
    ),
    Line("Samir Haddad", "Re-roof", "Land O’ Lakes", "Referral", "oo", 0.81, 26_800, _visit(1, 9)),
    Line("St. Brigid Parish", "Commercial", "Ybor City", "Referral", "oo", 0.81, 64_200, _visit(1, 13, "Walk")),
    Line(
        "Tamsin Fairchild",
        "Insurance",
        "Carrollwood",
        "Google Ads",
        "ooooooooo",
        0.85,
        29_400,
        NextStep("call", "Call carrier", 1, 11),
        theirs=True,
    ),
    Line("Cecily Thorne", "Re-roof", "Odessa", "Google Ads", "llolooloolo", 0.85, 22_800, _call(0.22)),
    Line("Bettina Moss", "Re-roof", "Riverview", "Web form", "oo", 0.31, 20_500, _visit(2, 8.5)),
    Line("Eduardo Lima", "Re-roof", "Westchase", "Google Ads", "ooooo", 0.25, 22_150, _call(2, 10), ("email", 1)),
    Line("Nora Castellanos", "Insurance", "Brandon", "Storm canvass", "oolooo", 0.3, 33_800, _email(3)),
    Line("Kofi Mensah", "Repair", "Seffner", "Angi", "loo", 0.19, 1_150, _visit(1, 9, "Schedule")),
    Line(
        "Harbor View Condos",
        "Commercial",
        "Apollo Beach",
        "Referral",
        "oolooo",
        0.36,
        118_500,
        _email(3, "Email board"),
        theirs=True,
    ),
    Line("Leila Farsi", "Re-roof", "New Tampa", "Facebook", "oooolo", 0.37, 18_750, _call(3, 14), theirs=True),
    Line("Dominic Reyes", "Re-roof", "Plant City", "Yard sign", "olloooo", 0.23, 16_200, _visit(1, 8, "Pull permit")),
    Line(
        "Shauna Keene",
        "Insurance",
        "Lithia",
        "Google Ads",
        "oooolloooo",
        0.28,
        28_900,
        NextStep("quote", "Order materials", 1, 9),
    ),
    Line("Vikram Anand", "Re-roof", "Lutz", "Past customer", "looooolo", 0.42, 24_900, _call(2, 9)),
    Line("Patrice Dubois", "Insurance", "Tampa", "Referral", "oooloooooooo", 0.43, 35_600, _visit(2, 10, "Delivery")),
    Line("Elena Marchetti", "Re-roof", "Valrico", "Web form", "olooooooo", 0.37, 19_100, _visit(6, 7, "Crew in")),
    Line("Glen Ostrander", "Repair", "Zephyrhills", "Phone", "ollo", 0.28, 1_300, _visit(1, 7.5, "Crew in")),
    Line("Keystone Auto", "Commercial", "Tampa", "Google Ads", "cooooooooo", 0.27, 76_400, _text(2, 9, "Text update")),
    Line(
        "Amara Okonkwo",
        "Re-roof",
        "Brandon",
        "Referral",
        "oooooooooo",
        0.36,
        21_400,
        _text(0.18, None, "Text update"),
        ("whatsapp", 1),
    ),
    Line(
        "Walt Jernigan",
        "Insurance",
        "Ruskin",
        "Storm canvass",
        "oooocooolooooo",
        0.42,
        30_100,
        _visit(1, 10, "Inspector"),
    ),
    Line(
        "Rafael Quintero",
        "Insurance",
        "Seffner",
        "Web form",
        "olcoooloooloocoo",
        0.45,
        26_700,
        _email(3, "Email carrier"),
        theirs=True,
    ),
    Line(
        "Mabel Thornton",
        "Re-roof",
        "Sun City",
        "Past customer",
        "ooooloololooo",
        0.24,
        17_900,
        _text(3, 10, "Thank-you text"),
        theirs=True,
    ),
    Line(
        "Ned Faraday",
        "Re-roof",
        "Temple Terrace",
        "Facebook",
        "oloooo",
        0.6,
        18_600,
        None,
        ending=Ending("paused", "Back from travel first", 4, 20),
    ),
    Line(
        "Opal Whitney",
        "Repair",
        "Brandon",
        "Past customer",
        "oolooo",
        0.1,
        1_250,
        _text(1, 10, "Thank-you text"),
        ending=Ending("done", "", 1),
    ),
    Line(
        "Yara Solberg",
        "Re-roof",
        "Wesley Chapel",
        "Angi",
        "ooooo",
        0.55,
        20_900,
        None,
        ending=Ending("lost", "Price", 2),
    ),
    Line(
        "Dillon Craig",
        "Repair",
        "Riverview",
        "Google Ads",
        "o",
        0.75,
        850,
        None,
        ending=Ending("lost", "Too far out", 3),
    ),
]
