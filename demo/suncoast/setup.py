"""Setup of Suncoast Roofing, Tampa: five pipelines, office hours with a lunch break, and round-the-clock storm work."""

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
from demo.suncoast.customer_texts import TEXTS

OFFICE_DAY = [[480, 720], [780, 1020]]
WORKDAY = 8 * HOUR

RE_ROOF = PipelinePlan(
    "Re-roof",
    HOUR,
    [
        StepPlan(0, "New", HOUR),
        StepPlan(0, "Reached", DAY, 2 * DAY),
        StepPlan(1, "Visit booked", 3 * DAY, 3 * DAY),
        StepPlan(1, "Inspected", DAY),
        StepPlan(2, "Estimating", 2 * WORKDAY, working=True),
        StepPlan(2, "Quote sent", 3 * DAY, 5 * DAY),
        StepPlan(3, "Follow-up", 5 * DAY, 5 * DAY),
        StepPlan(3, "Signed", 2 * DAY),
        StepPlan(4, "Permit", 7 * DAY),
        StepPlan(4, "Scheduled", 10 * DAY),
        StepPlan(4, "On the roof", 3 * DAY),
        StepPlan(5, "Invoiced", 3 * DAY, 7 * DAY),
        StepPlan(5, "Paid", DAY),
        StepPlan(5, "Review asked", 7 * DAY, 7 * DAY),
    ],
    drawing="roof",
)
INSURANCE = PipelinePlan(
    "Insurance",
    HOUR,
    [
        StepPlan(0, "New", HOUR),
        StepPlan(0, "Reached", DAY, 2 * DAY),
        StepPlan(0, "Claim filed", 3 * DAY),
        StepPlan(1, "Visit booked", 3 * DAY, 3 * DAY),
        StepPlan(1, "Inspected", DAY),
        StepPlan(1, "Adjuster met", 7 * DAY, 7 * DAY),
        StepPlan(2, "Scope agreed", 5 * DAY, 7 * DAY),
        StepPlan(2, "Supplement", 7 * DAY, 10 * DAY),
        StepPlan(2, "Quote sent", 3 * DAY, 5 * DAY),
        StepPlan(3, "Insurer approval", 10 * DAY, 10 * DAY),
        StepPlan(3, "Signed", 3 * DAY),
        StepPlan(4, "Permit", 7 * DAY),
        StepPlan(4, "Materials", 5 * DAY),
        StepPlan(4, "On the roof", 4 * DAY),
        StepPlan(4, "Final inspection", 3 * DAY),
        StepPlan(5, "Deductible in", 3 * DAY, 7 * DAY),
        StepPlan(5, "Depreciation", 14 * DAY, 14 * DAY),
        StepPlan(5, "Review asked", 7 * DAY, 7 * DAY),
    ],
    drawing="roof",
)
COMMERCIAL = PipelinePlan(
    "Commercial",
    4 * HOUR,
    [
        StepPlan(0, "RFP in", 4 * HOUR),
        StepPlan(0, "Reached", 2 * DAY, 5 * DAY),
        StepPlan(1, "Site walk", 5 * DAY, 7 * DAY),
        StepPlan(1, "Core samples", 5 * DAY),
        StepPlan(2, "Take-off", 5 * WORKDAY, working=True),
        StepPlan(2, "Bid sent", 10 * DAY, 14 * DAY),
        StepPlan(3, "Shortlist", 14 * DAY, 14 * DAY),
        StepPlan(3, "Contract", 7 * DAY, 10 * DAY),
        StepPlan(4, "Permit", 14 * DAY),
        StepPlan(4, "Scheduled", 21 * DAY),
        StepPlan(4, "On the roof", 20 * DAY),
        StepPlan(5, "Invoiced", 14 * DAY, 30 * DAY),
        StepPlan(5, "Warranty filed", 7 * DAY),
    ],
    drawing="roof",
)
REPAIR = PipelinePlan(
    "Repair",
    HOUR,
    [
        StepPlan(0, "New", HOUR),
        StepPlan(0, "Reached", WORKDAY, working=True),
        StepPlan(2, "Price sent", DAY, 3 * DAY),
        StepPlan(3, "Approved", 2 * DAY),
        StepPlan(4, "Scheduled", 3 * DAY),
        StepPlan(4, "Repaired", WORKDAY, working=True),
        StepPlan(5, "Paid", 2 * DAY, 5 * DAY),
    ],
)
CARE_PLAN = PipelinePlan(
    "Care plan",
    WORKDAY,
    [
        StepPlan(0, "New", DAY),
        StepPlan(2, "Plan offered", 3 * DAY, 7 * DAY),
        StepPlan(3, "Signed up", 2 * DAY),
        StepPlan(4, "Yearly visit", 30 * DAY),
    ],
)

STORM = "Suncoast Storm Response"

PLAN = OrganizationPlan(
    slug="suncoast",
    name="Suncoast Roofing",
    country="US",
    zone="America/New_York",
    language="en",
    currency="USD",
    hue=258,
    phases=["Contact", "Inspect", "Quote", "Decide", "Job", "Paid"],
    calendars=[
        CalendarPlan(
            "Office",
            "America/New_York",
            [OFFICE_DAY] * 5 + [[], []],
            "US",
            "FL",
            [(12, 24, "Christmas Eve"), (12, 31, "Inventory"), (6, 1, "Hurricane drill")],
        ),
        CalendarPlan("Storm line, 24/7", "America/New_York", [[[0, 1440]]] * 7),
        CalendarPlan("Care team", "America/New_York", [[[420, 690], [720, 930]]] * 5 + [[[480, 720]], []], "US", "FL"),
    ],
    brands=[
        BrandPlan("Suncoast Roofing", "US", "en", 258, "hello@suncoast.example", "+18135550100", "Office"),
        BrandPlan(STORM, "US", "en", 30, "storm@suncoast.example", "+18135550101", "Storm line, 24/7"),
        BrandPlan("Suncoast Care", "US", "en", 150, "care@suncoast.example", "+18135550102", "Care team"),
    ],
    pipelines=[RE_ROOF, INSURANCE, COMMERCIAL, REPAIR, CARE_PLAN],
    special_targets=[
        *(SpecialTarget(name, None, 15 * MINUTE, priority=1) for name in ("Re-roof", "Insurance", "Repair")),
        *(SpecialTarget(name, "New", 15 * MINUTE, priority=1) for name in ("Re-roof", "Insurance", "Repair")),
        SpecialTarget("Repair", "New", 30 * MINUTE, brand=STORM),
        SpecialTarget("Repair", "New", 10 * MINUTE, brand=STORM, priority=1),
        SpecialTarget("Repair", "Reached", 4 * HOUR, brand=STORM),
        SpecialTarget("Insurance", "New", 30 * MINUTE, brand=STORM),
        SpecialTarget("Re-roof", "Quote sent", 5 * DAY, priority=4, working=False),
    ],
    sources=[
        "Web form",
        "Google Ads",
        "Referral",
        "Angi",
        "Facebook",
        "Yard sign",
        "Storm canvass",
        "Phone",
        "Past customer",
    ],
    staff={
        "rep": ("Dana Whitfield", "rep"),
        "manager": ("Marcus Hale", "manager"),
        "admin": ("Renee Castellano", "admin"),
        "service": ("Sofia Brandt", "service"),
        "tyler.brooks": ("Tyler Brooks", "rep"),
        "keisha.monroe": ("Keisha Monroe", "rep"),
        "luis.ferrer": ("Luis Ferrer", "rep"),
        "hank.dorsey": ("Hank Dorsey", "service"),
    },
    teams={"Storm response": ("tyler.brooks", "luis.ferrer"), "Care": ("service", "hank.dorsey")},
    customer_texts=TEXTS,
)
