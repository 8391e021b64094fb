"""The customer a visitor plays has more work with Chargeline: a charge point going up now, a repair of long ago."""

from demo.stories.story import Contact, Ending, Place, Stay, Story

NAME, ADDRESS = "Marieke Hofman", "customer@chargeline.example"
CONTACT = Contact(NAME, ADDRESS, ("+31300145678",), "", "nl")
_TO_THE_WORK = (
    *("Nieuw", "Gesproken", "Foto’s gevraagd", "Opname gedaan", "Offerte maken", "Offerte verstuurd", "Akkoord"),
    *("Materiaal besteld", "Ingepland"),
)


def stories() -> list[Story]:
    """Return the stories of their other places; the first place's is a rep's own lead."""
    return [
        Story(
            contact=CONTACT,
            place=Place("Wulpstraat 14", "3581 AB", "Utrecht", "", "NL"),
            pipeline="Laadpunt thuis",
            stays=[*(Stay(step, 0.5) for step in _TO_THE_WORK), Stay("Geïnstalleerd", 0.6)],
            source="Doorverwezen",
            brand="Chargeline",
            title=f"{NAME} · Wulpstraat",
            owner="Daan Peeters",
            rep="Bram Visser",
            value=189_000,
        ),
        Story(
            contact=CONTACT,
            place=Place("Kanaalweg 3", "3526 KL", "Utrecht", "", "NL"),
            pipeline="Storing en reparatie",
            stays=[
                Stay(step, 0.4) for step in ("Melding", "Gesproken", "Prijs gemeld", "Akkoord", "Ingepland", "Hersteld")
            ],
            source="Website",
            brand="Chargeline",
            title=f"{NAME} · Kanaalweg",
            owner="Bram Visser",
            rep="Bram Visser",
            value=24_000,
            ending=Ending("done", days_ago=400),
        ),
    ]
