"""Job stories of Chargeline: chargers at homes, offices and apartment buildings, in Dutch and sometimes in English."""

from random import Random

from demo.chargeline import played
from demo.chargeline.names import Dutch
from demo.chargeline.setup import BUSINESS_BRAND, PLAN, SWITCHBOARD
from demo.stories.generated import StoryMaker, Trade, two_years
from demo.stories.story import Contact, Place, Story

REPS = ("Sanne de Vries", "Bram Visser", "Lotte Janssens", "Emma O’Connor")
SERVICE = ("Daan Peeters",)

NOTES = (
    "Meterkast heeft nog één vrije groep, 3x25 ampère. Foto’s zijn binnen.",
    "Wil laadpaal op eigen oprit, kabelroute door de kruipruimte: 14 meter.",
    "Leaseauto komt over drie weken, wil graag daarvoor laden.",
    "Bestuur vergadert eens per kwartaal; stukken twee weken vooraf aanleveren.",
    "Netbeheerder vraagt acht weken voor verzwaring naar 3x35 ampère.",
    "Bellen na 17.00 uur, overdag niet bereikbaar.",
    "Vergelijkt met twee andere installateurs, let vooral op garantie.",
    "Zonnepanelen op het dak: wil slim laden op overschot.",
    "Prefers English. Expat, renting; the landlord has to agree in writing.",
    "Poort op slot, code bij de buren van nummer 12.",
)


def _trade(names: Dutch, random: Random) -> Trade:
    def customer(pipeline: str, firm: bool) -> tuple[str, Contact, Place]:
        belgian = random.random() < 0.2
        city = random.choice(names.belgian if belgian else names.dutch)
        english = not belgian and ((pipeline == "Zakelijk laden" and random.random() < 0.4) or random.random() < 0.04)
        if belgian:
            brand = "Chargeline België"
        elif pipeline == "Storing en reparatie":
            brand = SWITCHBOARD
        elif english and firm:
            brand = BUSINESS_BRAND
        elif pipeline == "Laadpunt thuis" and random.random() < 0.4:
            brand = "Thuislaadpunt"
        else:
            brand = "Chargeline"
        company = ""
        if firm:
            company = random.choice(names.estates if pipeline.startswith("Appartementen") else names.firms)
        contact = names.contact(company=company, city=city, language="en" if english else "nl")
        return brand, contact, names.place(city)

    return Trade(
        work={
            "Laadpunt thuis": (50, 1_100, 3_200, False),
            "Zakelijk laden": (14, 8_000, 95_000, True),
            "Appartementen (VvE)": (11, 22_000, 160_000, True),
            "Storing en reparatie": (16, 90, 850, False),
            "Laadabonnement": (9, 120, 480, False),
        },
        next_steps=[
            ("call", "Bellen"),
            ("call", "Terugbellen"),
            ("email", "Mailen"),
            ("whatsapp", "Appen"),
            ("visit", "Schouw"),
            ("quote", "Offerte nabellen"),
        ],
        lost=["Prijs", "Te lang wachten", "Koos een ander", "Geen reactie", "ALV stemde tegen", "Verhuisd"],
        dropped=["Buiten ons gebied", "Dubbel", "Spam", "Geen eigen parkeerplaats"],
        held=["Wacht op netbeheerder", "Auto nog niet geleverd", "Wacht op ALV", "Met vakantie"],
        notes=NOTES,
        campaigns={"Google Ads": "Laadpaal thuis 2", "Vergelijker": "Vergelijker zomer"},
        costs={"Google Ads": 48, "Vergelijker": 35, "Energieleverancier": 25},
        channels=["email", "whatsapp", "sms", "phone"],
        customer=customer,
        claim=lambda pipeline: None,
    )


def stories() -> list[Story]:
    """Return every story of the organization, the same at each call."""
    random = Random("chargeline")  # noqa: S311 (made-up data, the same every time)
    names = Dutch(random)
    maker = StoryMaker(PLAN, _trade(names, random), random)
    told: list[Story] = []
    for rep in REPS:
        told += maker.open_leads(rep, SERVICE)
        told += [maker.ended(rep, random.uniform(0.3, 6.5)) for _ in range(5)]
    told += [maker.unclaimed() for _ in range(5)]
    told += [maker.ended(random.choice(REPS), days) for days in two_years(random, 310)]
    first = told[0]
    place = names.place("Utrecht")
    first.contact, first.place, first.title = played.CONTACT, place, played.NAME
    return told + played.stories()
