"""The customer a visitor plays has more work with Suncoast: a roof that goes on now, and a repair done long ago."""

from demo.stories.story import Contact, Ending, Place, Stay, Story

NAME, ADDRESS = "Hector Salinas", "customer@suncoast.example"
CONTACT = Contact(NAME, ADDRESS, ("+18135550142",), "", "en")
HOME = Place("2207 Bayshore Ct", "33611", "Tampa", "FL", "US")
_TO_THE_ROOF = (
    *("New", "Reached", "Visit booked", "Inspected", "Estimating", "Quote sent", "Follow-up", "Signed", "Permit"),
    "Scheduled",
)


def stories() -> list[Story]:
    """Return the stories of their other places; the first place's is of Dana's list."""
    return [
        Story(
            contact=CONTACT,
            place=Place("118 Lithia Pines Dr", "33547", "Lithia", "FL", "US"),
            pipeline="Re-roof",
            stays=[*(Stay(step, 0.5) for step in _TO_THE_ROOF), Stay("On the roof", 0.6)],
            source="Referral",
            brand="Suncoast Roofing",
            title=f"{NAME} · Lithia Pines",
            owner="Sofia Brandt",
            rep="Luis Ferrer",
            value=1_890_000,
        ),
        Story(
            contact=CONTACT,
            place=Place("9 Marina Ct", "33602", "Tampa", "FL", "US"),
            pipeline="Repair",
            stays=[Stay(step, 0.4) for step in ("New", "Reached", "Price sent", "Approved", "Scheduled", "Repaired")],
            source="Past customer",
            brand="Suncoast Roofing",
            title=f"{NAME} · Marina Court",
            owner="Luis Ferrer",
            rep="Luis Ferrer",
            value=84_000,
            ending=Ending("done", days_ago=420),
        ),
    ]
