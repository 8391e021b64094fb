"""Dana Whitfield's leads as in the design: 42 leads, 13 of them without status or late."""

from typing import NamedTuple

from demo.stories.story import Ending, NextStep


class Lead(NamedTuple):
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

LEADS = [
    Lead("Marisol Vega", "Re-roof", "Riverview", "Web form", NO_STATUS, 10, None, None),
    Lead("Terrence Boyd", "Repair", "Plant City", "Angi", NO_STATUS, 1.8, None, None, ("sms", 1)),
    Lead("Oakmont HOA · Bldg C", "Commercial", "Brandon", "Referral", NO_STATUS, 1.4, None, None, ("email", 2)),
    Lead("Deborah Lindqvist", "Re-roof", "Valrico", "Web form", "coo", 3.17, 21_700, None, ("whatsapp", 3)),
    Lead("Hector Salinas", "Re-roof", "Tampa", "Google Ads", "ooooo", 2.7, 18_400, _call(-2)),
    Lead(
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
    Lead("Gulf Pointe Dental", "Commercial", "Clearwater", "Referral", "ooooc", 2.1, 88_900, _call(-1)),
    Lead("Andre Whitlock", "Repair", "Seffner", "Phone", "oo", 1.6, 1_450, _text(0.05)),
    Lead("Luz Okafor", "Care plan", "Temple Terrace", "Past customer", "o", 1.36, 480, _email(1)),
    Lead(
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
    Lead("Wanda Pruitt", "Re-roof", "Sun City", "Angi", "o", 1.29, 15_900, _call(0.08)),
    Lead("Cole Hammond", "Re-roof", "Apollo Beach", "Facebook", "oooooo", 1.25, 23_100, None),
    Lead("Priya Raman", "Insurance", "Wesley Chapel", "Google Ads", "oooll", 1.26, 27_600, _call(0.15)),
    Lead("Greta Nyström", "Re-roof", "Odessa", "Yard sign", "ooloo", 0.88, 19_850, _call(0.2)),
    Lead("Marcus Teller", "Repair", "Brandon", "Phone", "", 0.87, 900, _call(0.01)),
    Lead("Ruth Abernathy", "Insurance", "Dade City", "Storm canvass", "oo", 0.82, 24_300, _text(0.2), ("sms", 1)),
    Lead(
        "Joon-ho Park",
        "Re-roof",
        "Tampa",
        "Google Ads",
        "olco",
        0.85,
        17_300,
        NextStep("quote", "Finish estimate", 0.25),
    ),
    Lead("Samir Haddad", "Re-roof", "Land O’ Lakes", "Referral", "oo", 0.81, 26_800, _visit(1, 9)),
    Lead("St. Brigid Parish", "Commercial", "Ybor City", "Referral", "oo", 0.81, 64_200, _visit(1, 13, "Walk")),
    Lead(
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
    Lead("Cecily Thorne", "Re-roof", "Odessa", "Google Ads", "llolooloolo", 0.85, 22_800, _call(0.22)),
    Lead("Bettina Moss", "Re-roof", "Riverview", "Web form", "oo", 0.31, 20_500, _visit(2, 8.5)),
    Lead("Eduardo Lima", "Re-roof", "Westchase", "Google Ads", "ooooo", 0.25, 22_150, _call(2, 10), ("email", 1)),
    Lead("Nora Castellanos", "Insurance", "Brandon", "Storm canvass", "oolooo", 0.3, 33_800, _email(3)),
    Lead("Kofi Mensah", "Repair", "Seffner", "Angi", "loo", 0.19, 1_150, _visit(1, 9, "Schedule")),
    Lead(
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
    Lead("Leila Farsi", "Re-roof", "New Tampa", "Facebook", "oooolo", 0.37, 18_750, _call(3, 14), theirs=True),
    Lead("Dominic Reyes", "Re-roof", "Plant City", "Yard sign", "olloooo", 0.23, 16_200, _visit(1, 8, "Pull permit")),
    Lead(
        "Shauna Keene",
        "Insurance",
        "Lithia",
        "Google Ads",
        "oooolloooo",
        0.28,
        28_900,
        NextStep("quote", "Order materials", 1, 9),
    ),
    Lead("Vikram Anand", "Re-roof", "Lutz", "Past customer", "looooolo", 0.42, 24_900, _call(2, 9)),
    Lead("Patrice Dubois", "Insurance", "Tampa", "Referral", "oooloooooooo", 0.43, 35_600, _visit(2, 10, "Delivery")),
    Lead("Elena Marchetti", "Re-roof", "Valrico", "Web form", "olooooooo", 0.37, 19_100, _visit(6, 7, "Crew in")),
    Lead("Glen Ostrander", "Repair", "Zephyrhills", "Phone", "ollo", 0.28, 1_300, _visit(1, 7.5, "Crew in")),
    Lead("Keystone Auto", "Commercial", "Tampa", "Google Ads", "cooooooooo", 0.27, 76_400, _text(2, 9, "Text update")),
    Lead(
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
    Lead(
        "Walt Jernigan",
        "Insurance",
        "Ruskin",
        "Storm canvass",
        "oooocooolooooo",
        0.42,
        30_100,
        _visit(1, 10, "Inspector"),
    ),
    Lead(
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
    Lead(
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
    Lead(
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
    Lead(
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
    Lead(
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
    Lead(
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
