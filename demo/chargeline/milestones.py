"""What Chargeline’s customers read of the work of a charge point: its milestones, coming and done, by language."""

from demo.organization import Milestones

MILESTONES: Milestones = (
    (
        "Materiaal besteld",
        {
            "nl": ("We bestellen je laadpunt", "Je laadpunt is besteld"),
            "en": ("We order your charge point", "Your charge point is on order"),
        },
        10,
        0,
        False,
    ),
    ("Groep gereserveerd", {}, 0, 0, True),
    (
        "Kabel gelegd",
        {
            "nl": ("We leggen de kabel", "De kabel ligt"),
            "en": ("We lay the cable", "The cable is in"),
        },
        30,
        0,
        False,
    ),
    (
        "Meterkast aangepast",
        {
            "nl": ("We passen de meterkast aan", "De meterkast is aangepast"),
            "en": ("We adapt the meter cupboard", "The meter cupboard is ready"),
        },
        26,
        1,
        False,
    ),
    (
        "Laadpunt gemonteerd",
        {
            "nl": ("We monteren je laadpunt", "Je laadpunt is gemonteerd"),
            "en": ("We mount your charge point", "Your charge point is mounted"),
        },
        24,
        2,
        False,
    ),
    (
        "Keuring",
        {
            "nl": ("De installatie wordt gekeurd", "De installatie is gekeurd"),
            "en": ("The installation is tested", "The installation has passed its test"),
        },
        10,
        2,
        False,
    ),
)
