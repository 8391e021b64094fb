"""What the demo's sources cost and brought: spend by month and per lead, visits with their words, losses."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job, JobState, Source
from crm.jobs.models.losses import Ends, LostCase, LostReason
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.days import DAY
from crm.platform.organization.configuration import directory
from leads.models import Basis, Lead, Spend, Touch, TouchKind
from leads.sources.setup import campaigns

MONTHS = 14
# What is spent in a month, in whole units of the currency, by a word of the source's name; the rest costs nothing.
BY_MONTH = {"google": 2_300, "facebook": 640, "storm": 850, "web": 420, "beurs": 300}
PER_LEAD = {"angi": 102, "vergelijker": 38}
# Words that somebody typed into an advertisement and nobody told us of.
UNKNOWN = {
    "suncoast": (("google", "gads_reroof_tpa"), ("fb-ig", ""), ("nextdoor", "spring_deal")),
    "chargeline": (("google", "gads_laadpaal_utr"), ("vergelijkr", "zomer_laden"), ("buurtapp", "")),
}
# The reason, by its code, that each story's words mean.
CODES = {
    "price": ("Price", "Prijs"),
    "schedule": ("Too far out", "Te lang wachten"),
    "competitor": ("Chose another roofer", "Koos een ander"),
    "silent": ("No answer", "Geen reactie"),
    "other": ("Claim denied", "Sold the house", "ALV stemde tegen", "Verhuisd"),
}
RIVALS = {"suncoast": ("Gulf Roofers", "Bay Roofing", "Tampa Top"), "chargeline": ("LaadExpert", "VoltThuis")}


def create_sources(slug: str, now: datetime) -> None:
    """Create the spend, the visits and the reasons of a demo organization."""
    chance = Random(f"sources {slug}")  # noqa: S311 (made-up data, the same every time)
    Spend.objects.bulk_create(_spend(now.date(), chance))
    _create_touches(slug, chance)
    LostCase.objects.bulk_create(_cases(slug, chance))
    _create_estimates(chance)


def _spend(today: date, chance: Random) -> Iterator[Spend]:
    currency, month = directory().default_brand.currency, today.replace(day=1)
    its = {row.source_id: row for row in campaigns().live}
    for _month in range(MONTHS):
        for source in pipeline_setup().sources.values():
            for basis, prices in ((Basis.MONTH, BY_MONTH), (Basis.LEAD, PER_LEAD)):
                price = next((price for name, price in prices.items() if name in source.name.casefold()), 0)
                if price:
                    whole = price if basis == Basis.LEAD else round(price * chance.uniform(0.8, 1.2), -1)
                    amount, of = int(whole) * 100, its.get(source.pk)
                    yield Spend(source=source, campaign=of, month=month, basis=basis, amount=amount, currency=currency)
        month = (month - DAY).replace(day=1)


def _create_touches(slug: str, chance: Random) -> None:
    """Give leads of advertisements their visits; a few have words that match nothing, and so no source."""
    touches, without = [], []
    leads = Lead.objects.filter(campaign__isnull=False).select_related("job").order_by("pk")
    names = {pk: row.name for pk, row in campaigns().all.items()}
    others: list[Source] = [row for row in pipeline_setup().sources.values() if row.is_live]
    for lead in leads:
        source = pipeline_setup().sources[lead.job.source_id] if lead.job.source_id else None
        said = (source.name.lower() if source else "", names[lead.campaign_id or 0].lower())
        unknown = chance.random() < 0.05
        if unknown:
            said, source = chance.choice(UNKNOWN.get(slug, UNKNOWN["suncoast"])), None
            without.append(lead.pk)
        touch = Touch(lead=lead, kind=TouchKind.FIRST, at=lead.job.came_in_at, medium="cpc", is_unmatched=unknown)
        touch.utm_source, touch.utm_campaign = said
        touch.source, touch.campaign_id = source, None if unknown else lead.campaign_id
        touches.append(touch)
        if lead.won_at and chance.random() < 0.2:
            again = lead.job.came_in_at + (lead.won_at - lead.job.came_in_at) / 2
            other = chance.choice(others)
            touches.append(
                Touch(lead=lead, kind=TouchKind.CONVERSION, at=again, source=other, utm_source=other.name.lower())
            )
    Touch.objects.bulk_create(touches)
    Job.objects.filter(pk__in=without).update(source=None)
    Lead.objects.filter(pk__in=without).update(campaign=None, cost=None)


def _cases(slug: str, chance: Random) -> Iterator[LostCase]:
    """Say of lost leads why, by the reason their words begin with; the rest keep their words alone."""
    by_code = {top.code: (top, parts) for top, parts in lost_reasons().live_groups(Ends.LOST)}
    tops = {words: by_code[code] for code, said in CODES.items() for words in said}
    nothing: tuple[LostReason | None, list[LostReason]] = (None, [])
    for job in Job.objects.filter(state=JobState.LOST).order_by("pk"):
        top, parts = tops.get(job.ended_reason.partition(" · ")[0], nothing)
        if top is None or job.ended_at is None:
            continue
        case = LostCase(job=job, ended_at=job.ended_at, reason=top)
        case.part = chance.choice(parts) if parts and chance.random() < 0.7 else None
        if top.asks == "gap" and job.value:
            case.gap = round(job.value * chance.uniform(0.04, 0.2), -2)
        elif top.asks == "days":
            case.wanted = job.ended_at.date() + timedelta(days=chance.randint(3, 16))
            case.offered = case.wanted + timedelta(days=chance.randint(5, 24))
        elif top.asks == "rival":
            case.rival = chance.choice(RIVALS.get(slug, RIVALS["suncoast"]))
        elif top.asks == "words":
            case.note = job.ended_reason[:60]
        yield case


def _create_estimates(chance: Random) -> None:
    """Note of sold leads what was quoted; of those that are done what it came to."""
    rows = list(Lead.objects.filter(won_at__isnull=False, job__value__isnull=False).select_related("job"))
    for lead in rows:
        lead.quoted_value, lead.quoted_days = lead.job.value, chance.randint(1, 9)
        if lead.job.state == JobState.DONE:
            drift = chance.triangular(0.92, 1.35, 1.02)
            lead.actual_value = round((lead.job.value or 0) * drift, -2)
            lead.actual_days = max(1, round(lead.quoted_days * chance.triangular(0.8, 1.7, 1.05)))
    Lead.objects.bulk_update(rows, Lead.ESTIMATES, batch_size=1000)
