"""Job stories of Suncoast: Dana's leads from the design, her colleagues' leads, and two years of ended ones."""

from collections.abc import Callable
from random import Random

from demo.stories.generated import StoryMaker, Trade, two_years
from demo.stories.story import Contact, Place, Stay, Story
from demo.suncoast import dana, played
from demo.suncoast.names import American
from demo.suncoast.setup import PLAN, STORM

REPS = ("Tyler Brooks", "Keisha Monroe", "Luis Ferrer")
SERVICE = ("Sofia Brandt", "Hank Dorsey")
MIDDLE = {"o": 0.4, "l": 1.4, "c": 2.2}

CAMPAIGNS = {
    "Google Ads": "Re-roof Tampa, spring",
    "Facebook": "Before and after",
    "Storm canvass": "May hail",
    "Angi": "Angi leads",
}
COSTS = {"Google Ads": 164, "Angi": 92, "Facebook": 71, "Storm canvass": 40, "Yard sign": 12}
NOTES = (
    "Two layers to tear off, decking soft above the garage. Comparing with a neighbor’s price, so price matters more "
    "than date. Dog in the yard.",
    "Wants architectural shingles, charcoal. HOA must approve the color first.",
    "Leak over the kitchen since the last storm. Tarped for now.",
    "Prefers texts after 16:00, works nights.",
    "Asked whether we finance. Sent the two options.",
    "Gate code is with the neighbor at no. 14. Park on the street.",
    "Insurance paid once in 2019 for the same slope. Has the paperwork.",
    "Thinks the quote is fair, waits for the spouse to look at it.",
    "Solar on the south side: eight panels to take off and put back.",
    "Would like to keep the old skylight if it can be resealed.",
)


def _trade(names: American, random: Random) -> Trade:
    def customer(pipeline: str, firm: bool) -> tuple[str, Contact, Place]:
        place = names.place()
        brand = PLAN.brands[0].name
        if pipeline == "Care plan":
            brand = "Suncoast Care"
        elif pipeline in ("Repair", "Insurance") and random.random() < 0.3:
            brand = STORM
        return brand, names.contact(company=random.choice(names.firms) if firm else ""), place

    def claim(pipeline: str) -> tuple[str, str] | None:
        if pipeline != "Insurance":
            return None
        return random.choice(names.insurers), f"{random.choice('GPSB')}{random.randint(10**7, 10**8 - 1)}"

    return Trade(
        work={
            "Re-roof": (44, 12_000, 34_000, False),
            "Insurance": (22, 16_000, 42_000, False),
            "Commercial": (10, 38_000, 190_000, True),
            "Repair": (17, 450, 2_900, False),
            "Care plan": (7, 290, 890, False),
        },
        next_steps=[("call", "Call"), ("call", "Call"), ("email", "Email"), ("text", "Text"), ("visit", "Visit")],
        lost=["Price", "Too far out", "Chose another roofer", "No answer", "Claim denied", "Sold the house"],
        dropped=["Outside our area", "Not a roofing job", "Double", "Spam"],
        held=["Waiting for the insurance check", "Back from travel first", "HOA board meets", "Saving up"],
        notes=NOTES,
        campaigns=CAMPAIGNS,
        costs=COSTS,
        channels=["sms", "email", "whatsapp", "phone"],
        customer=customer,
        claim=claim,
    )


def stories() -> list[Story]:
    """Return every story of the organization, the same at each call."""
    random = Random("suncoast")  # noqa: S311 (made-up data, the same every time)
    names = American(random)
    maker = StoryMaker(PLAN, _trade(names, random), random)
    told = [_of_dana(lead, names, random) for lead in dana.LEADS]
    for rep in REPS:
        told += maker.open_leads(rep, SERVICE)
        told += [maker.ended(rep, random.uniform(0.3, 6.5)) for _ in range(6)]
    told += [maker.unclaimed() for _ in range(5)]
    told += [_ended(maker, days, random.choice) for days in two_years(random, 340)]
    return told + played.stories()


def _ended(maker: StoryMaker, days: float, choice: Callable[[tuple[str, ...]], str]) -> Story:
    return maker.ended(choice(("Dana Whitfield", *REPS)), days)


def _of_dana(lead: dana.Lead, names: American, random: Random) -> Story:
    """Make the story of a lead of the design, adding the details its list doesn't show."""
    steps = [step.name for pipeline in PLAN.pipelines if pipeline.name == lead.pipeline for step in pipeline.steps]
    if lead.past == dana.NO_STATUS:
        stays = [Stay(None, lead.share)]
    else:
        past = [Stay(name, MIDDLE[letter]) for name, letter in zip(steps, lead.past, strict=False)]
        stays = [*past, Stay(steps[len(lead.past)], lead.share, lead.theirs)]
    firm = lead.pipeline == "Commercial"
    contact = names.contact(name="" if firm else lead.name, company=lead.name if firm else "")
    place = names.place(lead.city)
    if lead.name == played.NAME:
        contact, place = played.CONTACT, played.HOME
    claim = None
    if lead.pipeline == "Insurance":
        claim = random.choice(names.insurers), f"G{random.randint(10**7, 10**8 - 1)}"
    cost = COSTS.get(lead.source)
    return Story(
        contact=contact,
        place=place,
        pipeline=lead.pipeline,
        stays=stays,
        source=lead.source,
        brand="Suncoast Care" if lead.pipeline == "Care plan" else PLAN.brands[0].name,
        title=lead.name,
        owner="Dana Whitfield",
        ending=lead.ending,
        value=lead.dollars * 100 if lead.dollars else None,
        cost=cost * 100 if cost else None,
        campaign=CAMPAIGNS.get(lead.source, ""),
        next_step=lead.next_step,
        unread=lead.unread,
        notes=[NOTES[0]] if lead.name == played.NAME else random.sample(NOTES[1:], random.choice([0, 1])),
        claim=claim,
    )
