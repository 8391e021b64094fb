"""Quotes of leads that are decided: sent, answered, and compared with other prices, for the figures of quotes.

Written by the verbs, at the times they were used. Their subscribers are not asked: nobody is told now.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils.translation import override

from crm.jobs.models import Job, JobState
from crm.kernel import clock
from crm.platform.models import Undispatched
from crm.platform.organization.configuration import directory
from demo.leads.sources import RIVALS
from demo.sales.quotes import OFFERS, QuoteWriter
from leads.models import Lead
from quotes.models import PriceItem, Quote, QuoteState, VersionContent
from quotes.models.acceptance import CustomerSignature, OfferChoice
from quotes.prices.book import price_on

# Leads that ended within these days, and the most of each outcome.
DAYS = 85
MOST = {JobState.DONE: 26, JobState.LOST: 18}
# How often each option is accepted, in the order of the offer.
TAKEN = (3, 5, 2)


def create_answers(slug: str, now: datetime) -> None:
    """Create the quotes of leads that ended, inside the tenant, after its other quotes."""
    before = Undispatched.objects.filter(tenant=directory().tenant).order_by("-pk").values_list("pk", flat=True).first()
    writer = AnswerWriter(slug, now)
    with override(directory().tenant.language):
        for job in _ended_jobs(JobState.DONE, now):
            writer.create_done(job)
        for place, job in enumerate(_ended_jobs(JobState.LOST, now)):
            writer.create_lost(job, is_declined=place % 4 > 0)
    Undispatched.objects.filter(tenant=directory().tenant, pk__gt=before or 0).delete()


def _ended_jobs(state: str, now: datetime) -> list[Job]:
    rows = Job.objects.filter(state=state, ended_at__gt=now - timedelta(days=DAYS), value__gt=100_000, quotes=None)
    rows = rows.filter(person__isnull=False, member__isnull=False)
    return list(rows.select_related("person", "site", "member", "brand").order_by("number")[: MOST[JobState(state)]])


class AnswerWriter(QuoteWriter):
    """Writes quotes of the amounts that their leads were worth, and answers them."""

    def __init__(self, slug: str, now: datetime) -> None:
        super().__init__(OFFERS[slug], now)
        self.rivals = RIVALS[slug]
        self.chance = Random(f"answers {slug}")  # noqa: S311 (made-up data, the same every time)
        self.base = 0
        self.plain = deepcopy(self._content())
        items = PriceItem.objects.in_bulk(line["item"] for line in self.plain["lines"])
        for line in self.plain["lines"]:
            # Of quotes older than the price book, which begins in January.
            price = price_on(items[line["item"]], directory().today(), directory().default_brand.currency)
            assert price is not None
            line |= {"unit_price": price.price, "unit_cost": price.cost}

    def create_done(self, job: Job) -> None:
        """Write a quote that was accepted before the work was done, and what the job came to."""
        ended = self._days_ago(job)
        accepted = min(ended + self.chance.randint(4, 20), DAYS)
        quote = self._send_worth(job, accepted + self.chance.choice((0.3, 1, 2, 3, 5, 9)))
        with self._job_as_it_is(job), clock.at(self.now - timedelta(days=accepted)):
            if self.chance.random() < 0.5:
                self._compare(quote, self.chance.choice((0.9, 0.96, 0.98, 1.02, 1.06)))
            quote.accept(self._taken(quote), self._signature(job))
            review = quote.last_review()
            if review:
                quote.approve_contract(by=review.reviewers()[0])
        total = quote.total
        lead = Lead.objects.get(pk=job.pk)
        drift = self.chance.triangular(0.93, 1.3, 1.02)
        lead.estimate(by=None, quoted_value=total, actual_value=round(total * drift / 100) * 100)

    def create_lost(self, job: Job, *, is_declined: bool) -> None:
        """Write a quote that was declined when the lead was lost, often for another price; or that expired."""
        ended = self._days_ago(job)
        quote = self._send_worth(job, ended + self.chance.randint(3, 24))
        with self._job_as_it_is(job), clock.at(self.now - timedelta(days=ended)):
            if not is_declined:
                quote.end(QuoteState.EXPIRED)
                quote.record("quote.expired", None)
                return
            reason = self.chance.choice(("price", "price", "other_company", "schedule", "not_now"))
            if reason in ("price", "other_company"):
                self._compare(quote, self.chance.choice((0.72, 0.84, 0.88, 0.92, 0.94)))
            quote.decline(reason, by=self.author(job))

    def _days_ago(self, job: Job) -> float:
        assert job.ended_at is not None
        return max(0.1, (self.now - job.ended_at).total_seconds() / 86_400)

    def _send_worth(self, job: Job, days: float) -> Quote:
        """Send a quote of about what the lead is worth, so many days ago."""
        self.content = deepcopy(self.plain)
        if self.base:
            for line in self.content["lines"]:
                scaled = line["quantity"] * int(job.value or self.base) // self.base
                line["quantity"] = max(1, round(scaled / 1000)) * 1000
        quote = self.write(job, days + 0.1)
        if not self.base:
            self.base = quote.total
        quote.refresh_from_db()
        with self._job_as_it_is(job), clock.at(self.now - timedelta(days=days)):
            quote.send(by=self.boss)
        return quote

    def _compare(self, quote: Quote, share: float) -> None:
        quote.note_other_price(
            round(quote.total * share / 1000) * 1000, self.chance.choice(self.rivals), by=quote.created_by
        )

    def _taken(self, quote: Quote) -> OfferChoice:
        content = VersionContent(quote.shown_version())
        ids = [option.pk for option in content.options]
        option = self.chance.choices(ids, TAKEN[: len(ids)])[0]
        return OfferChoice(content.version.number, option, frozenset(), content.choice_hash(option, frozenset()))

    def _signature(self, job: Job) -> CustomerSignature:
        values: dict[str, Any] = {"method": "typed", "consent": self.offer["consent"], "has_code": True}
        assert job.person is not None
        return CustomerSignature(person=job.person, name=job.person.name, **values)
