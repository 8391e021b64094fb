"""Setup of Chargeline, Utrecht: chargers under five brands in the Netherlands and Belgium, in Dutch and English."""

from demo.chargeline.customer_texts import TEXTS
from demo.organization import (
    DAY,
    HOUR,
    MINUTE,
    BrandPlan,
    CalendarPlan,
    OrganizationPlan,
    PipelinePlan,
    SpecialTarget,
    StepPlan,
)

OFFICE_DAY = [[510, 750], [780, 1020]]
WORKDAY = 8 * HOUR

HOME = PipelinePlan(
    "Laadpunt thuis",
    15 * MINUTE,
    [
        StepPlan(0, "Nieuw", 15 * MINUTE),
        StepPlan(0, "Gesproken", DAY, 3 * DAY),
        StepPlan(1, "Foto’s gevraagd", 2 * DAY, 5 * DAY),
        StepPlan(1, "Opname gedaan", DAY),
        StepPlan(2, "Offerte maken", WORKDAY, working=True),
        StepPlan(2, "Offerte verstuurd", 3 * DAY, 7 * DAY),
        StepPlan(3, "Herinnerd", 5 * DAY, 7 * DAY),
        StepPlan(3, "Akkoord", 2 * DAY),
        StepPlan(4, "Materiaal besteld", 5 * DAY),
        StepPlan(4, "Ingepland", 10 * DAY),
        StepPlan(4, "Geïnstalleerd", 2 * DAY),
        StepPlan(5, "Gefactureerd", 7 * DAY, 14 * DAY),
        StepPlan(5, "Betaald", 2 * DAY),
        StepPlan(5, "Review gevraagd", 7 * DAY, 14 * DAY),
    ],
)
BUSINESS = PipelinePlan(
    "Zakelijk laden",
    2 * HOUR,
    [
        StepPlan(0, "Aanvraag", 2 * HOUR),
        StepPlan(0, "Intake", 2 * DAY, 5 * DAY),
        StepPlan(1, "Locatiebezoek", 5 * DAY, 7 * DAY),
        StepPlan(1, "Netcapaciteit", 10 * DAY),
        StepPlan(2, "Ontwerp", 5 * WORKDAY, working=True),
        StepPlan(2, "Calculatie", 3 * WORKDAY, working=True),
        StepPlan(2, "Offerte verstuurd", 7 * DAY, 14 * DAY),
        StepPlan(3, "Onderhandeling", 10 * DAY, 14 * DAY),
        StepPlan(3, "Akkoord", 5 * DAY),
        StepPlan(4, "Netbeheerder", 30 * DAY),
        StepPlan(4, "Materiaal", 14 * DAY),
        StepPlan(4, "Montage", 7 * DAY),
        StepPlan(4, "Oplevering", 3 * DAY),
        StepPlan(5, "Gefactureerd", 14 * DAY, 30 * DAY),
        StepPlan(5, "Betaald", 3 * DAY),
    ],
)
APARTMENTS = PipelinePlan(
    "Appartementen (VvE)",
    4 * HOUR,
    [
        StepPlan(0, "Nieuw", 4 * HOUR),
        StepPlan(0, "Bestuur gesproken", 5 * DAY, 14 * DAY),
        StepPlan(0, "Stukken binnen", 7 * DAY, 14 * DAY),
        StepPlan(1, "Schouw", 7 * DAY),
        StepPlan(1, "Brandveiligheid", 7 * DAY),
        StepPlan(1, "Netcapaciteit", 10 * DAY),
        StepPlan(2, "Ontwerp", 5 * WORKDAY, working=True),
        StepPlan(2, "Offerte verstuurd", 7 * DAY, 21 * DAY),
        StepPlan(2, "Toelichting bestuur", 10 * DAY, 14 * DAY),
        StepPlan(3, "ALV gepland", 30 * DAY, 45 * DAY),
        StepPlan(3, "ALV akkoord", 7 * DAY),
        StepPlan(4, "Netverzwaring", 45 * DAY),
        StepPlan(4, "Materiaal", 14 * DAY),
        StepPlan(4, "Montage", 10 * DAY),
        StepPlan(4, "Keuring", 5 * DAY),
        StepPlan(4, "Oplevering", 3 * DAY),
        StepPlan(5, "Gefactureerd", 14 * DAY, 30 * DAY),
        StepPlan(5, "Betaald", 3 * DAY),
    ],
)
REPAIR = PipelinePlan(
    "Storing en reparatie",
    HOUR,
    [
        StepPlan(0, "Melding", HOUR),
        StepPlan(0, "Gesproken", 4 * HOUR),
        StepPlan(2, "Prijs gemeld", DAY, 3 * DAY),
        StepPlan(3, "Akkoord", DAY),
        StepPlan(4, "Ingepland", 3 * DAY),
        StepPlan(4, "Hersteld", WORKDAY, working=True),
        StepPlan(5, "Gefactureerd", 3 * DAY, 14 * DAY),
        StepPlan(5, "Betaald", 2 * DAY),
    ],
)
SUBSCRIPTION = PipelinePlan(
    "Laadabonnement",
    WORKDAY,
    [
        StepPlan(0, "Nieuw", DAY),
        StepPlan(2, "Aangeboden", 5 * DAY, 7 * DAY),
        StepPlan(3, "Getekend", 2 * DAY),
        StepPlan(4, "Actief gezet", 3 * DAY),
    ],
)

SWITCHBOARD, BUSINESS_BRAND = "Meterkast Direct", "Chargeline Business"

PLAN = OrganizationPlan(
    slug="chargeline",
    name="Chargeline",
    country="NL",
    zone="Europe/Amsterdam",
    language="nl",
    currency="EUR",
    hue=165,
    phases=["Contact", "Opname", "Offerte", "Besluit", "Werk", "Betaald"],
    calendars=[
        CalendarPlan(
            "Kantoor Utrecht",
            "Europe/Amsterdam",
            [OFFICE_DAY] * 5 + [[], []],
            "NL",
            "",
            [(12, 24, "Kerstavond"), (12, 31, "Inventarisatie")],
        ),
        CalendarPlan(
            "Kantoor Gent",
            "Europe/Brussels",
            [[[540, 720], [780, 1050]]] * 5 + [[], []],
            "BE",
            "",
            [(7, 20, "Brugdag"), (12, 24, "Kerstavond")],
        ),
        CalendarPlan("Klantenservice", "Europe/Amsterdam", [[[480, 1260]]] * 5 + [[[540, 1020]], []], "NL"),
        CalendarPlan("Storingsdienst, dag en nacht", "Europe/Amsterdam", [[[0, 1440]]] * 7),
    ],
    brands=[
        BrandPlan("Chargeline", "NL", "nl", 165, "info@chargeline.example", "+31300012300", "Kantoor Utrecht"),
        BrandPlan("Chargeline België", "BE", "nl", 20, "info@be.chargeline.example", "+3250001230", "Kantoor Gent"),
        BrandPlan("Thuislaadpunt", "NL", "nl", 95, "info@thuis.chargeline.example", "+31300012301", "Klantenservice"),
        BrandPlan(
            SWITCHBOARD,
            "NL",
            "nl",
            300,
            "storing@chargeline.example",
            "+31300012302",
            "Storingsdienst, dag en nacht",
        ),
        BrandPlan(BUSINESS_BRAND, "NL", "en", 230, "business@chargeline.example", "+31300012303", "Kantoor Utrecht"),
    ],
    pipelines=[HOME, BUSINESS, APARTMENTS, REPAIR, SUBSCRIPTION],
    special_targets=[
        *(
            SpecialTarget("Laadpunt thuis", step, seconds, priority=priority, working=priority < 3)
            for step in (None, "Nieuw")
            for priority, seconds in ((2, 4 * HOUR), (4, 2 * DAY))
        ),
        SpecialTarget("Storing en reparatie", "Melding", 15 * MINUTE, brand=SWITCHBOARD),
        SpecialTarget("Storing en reparatie", "Melding", 5 * MINUTE, brand=SWITCHBOARD, priority=1),
        SpecialTarget("Storing en reparatie", "Ingepland", DAY, brand=SWITCHBOARD, working=False),
        SpecialTarget("Zakelijk laden", "Aanvraag", HOUR, brand=BUSINESS_BRAND, priority=1),
    ],
    sources=[
        "Website",
        "Google Ads",
        "Dealer",
        "Leasemaatschappij",
        "Energieleverancier",
        "Telefoon",
        "Doorverwezen",
        "Vergelijker",
    ],
    staff={
        "rep": ("Sanne de Vries", "rep"),
        "manager": ("Joris van den Berg", "manager"),
        "admin": ("Fatima El Amrani", "admin"),
        "service": ("Daan Peeters", "service"),
        "bram.visser": ("Bram Visser", "rep"),
        "lotte.janssens": ("Lotte Janssens", "rep"),
        "emma.oconnor": ("Emma O’Connor", "rep"),
    },
    teams={"Binnendienst": ("rep", "bram.visser"), "België": ("lotte.janssens",)},
    customer_texts=TEXTS,
)
