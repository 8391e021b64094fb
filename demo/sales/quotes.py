"""Create the demo's quotes: one in every state, by the verbs, at the times at which they were written and answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from quotes.editor.line_values import add_content, template_content
from quotes.models import PriceItem, Quote, QuoteTemplate, QuoteTerms, QuoteView, ReviewWhen, VersionContent
from quotes.models.acceptance import CustomerSignature, OfferChoice
from quotes.sums import Discount, TaxMode

# Options by their items, then the items that are in all of them, with quantities in thousandths.
OFFERS: dict[str, dict[str, Any]] = {
    "suncoast": {
        "template": "Re-roof, shingles",
        "title": "Your new roof",
        "intro": "Untick what you don’t need, and you see the new price at once.",
        "terms": "Rain days are added to the schedule. Rotten boards are replaced after you say yes, $110 a sheet.",
        "tax_mode": TaxMode.ADDED,
        "options": [
            ("Good", "3-tab, 25 years", "SH-3T"),
            ("Better", "architectural, 30 years", "SH-AR"),
            ("Best", "designer, 50 years", "SH-DS"),
        ],
        "amount": 28_000,
        "items": {
            "TO-2": 28_000,
            "DK-OSB": 6_000,
            "UL-SYN": 28_000,
            "RV-1": 46_000,
            "FL-1": 1_000,
            "PM-1": 1_000,
            "GT-6": 140_000,
            "GT-LG": 140_000,
            "SK-F": 1_000,
        },
        "question": "Could you start in July instead?",
        "declined": "A neighbour pays less.",
        # Contracts above it are reviewed; one is, for two buildings.
        "review_above": 3_000_000,
        "large_title": "New roofs for both buildings",
        "approval": "Their third roof with us.",
        "consent": "I have read the quote and agree to sign it electronically.",
    },
    "chargeline": {
        "template": "Laadpunt thuis",
        "title": "Je laadpaal",
        "intro": "Vink uit wat je niet nodig hebt; je ziet meteen de nieuwe prijs.",
        "terms": "Meer dan 12 meter kabel rekenen we per meter, na overleg.",
        "tax_mode": TaxMode.ADDED,
        "options": [
            ("Basis", "11 kW met vaste kabel", "LP-11"),
            ("Sneller", "22 kW met stopcontact", "LP-22"),
        ],
        "amount": 1_000,
        "items": {
            "LB-1": 1_000,
            "GK-1": 1_000,
            "KB-6": 12_000,
            "MV-1": 1_000,
            "IN-1": 1_000,
            "AB-1": 1_000,
            "AB-2": 1_000,
        },
        "question": "Kan het ook zonder de boring onder de oprit?",
        "declined": "De buren betalen minder.",
        "approval": "Derde laadpaal in dezelfde straat.",
        "consent": "Ik heb de offerte gelezen en ga akkoord met elektronisch ondertekenen.",
    },
}


def create_quotes(slug: str, now: datetime) -> None:
    """Create a template and quotes in every state, inside the tenant, after its price book."""
    offer = OFFERS[slug]
    writer = QuoteWriter(offer, now)
    with override(directory().tenant.language):
        jobs = _open_jobs()
        sold = [job for job in jobs if job.is_sold][:2]
        others = [job for job in jobs if not job.is_sold]
        writer.set_terms()
        # Signed before the first parts of their plans were billed (demo/sales/billing.py).
        for days, job in zip((46, 45.5), sold, strict=False):
            writer.create_accepted(job, days)
        acts = [
            writer.create_viewed_and_revised,
            writer.create_asked,
            writer.create_viewed,
            writer.create_to_approve,
            writer.create_declined,
            writer.create_expired,
            writer.create_draft,
            writer.create_withdrawn,
        ]
        if "review_above" in offer:
            acts.append(writer.create_in_review)
        for act, job in zip(acts, others, strict=False):
            act(job)


def _open_jobs() -> list[Job]:
    """Return the open jobs of customers with a rep; those in a step about quotes first."""
    rows = Job.objects.open().filter(person__isnull=False, member__active=True, stage__isnull=False)
    jobs = list(rows.select_related("person", "site", "member", "stage").order_by("number")[:400])
    return sorted(jobs, key=lambda job: (not _is_about_quotes(job.stage.name), job.number))


def _is_about_quotes(step: str) -> bool:
    return any(word in step.casefold() for word in ("quote", "offerte"))


class QuoteWriter:
    """Writes and answers the quotes of one organization."""

    def __init__(self, offer: dict[str, Any], now: datetime) -> None:
        self.offer = offer
        self.now = now
        members = directory().members.values()
        self.boss = next(one for one in members if one.role in (Role.MANAGER, Role.ADMIN) and one.active)
        self.content: dict[str, Any] | None = None

    def set_terms(self) -> None:
        """Set what quotes begin with."""
        QuoteTerms.set_terms(
            directory().default_brand,
            tax_mode=self.offer["tax_mode"],
            terms=self.offer["terms"],
            margin_floor_ppm=280_000,
            by=None,
        )
        if above := self.offer.get("review_above"):
            QuoteTerms.set_terms(
                directory().default_brand,
                review_when=ReviewWhen.ABOVE,
                review_above=above,
                review_role=Role.ADMIN,
                by=None,
            )

    def write(self, job: Job, days: float) -> Quote:
        """Write a quote some days ago; the first becomes the template of the others."""
        with clock.at(self.now - timedelta(days=days)):
            quote = Quote.create(job, by=self.author(job), title=self.offer["title"])
            add_content(quote, self._content(), by=self.author(job))
            quote.set_texts(intro=self.offer["intro"], by=self.author(job))
            if not QuoteTemplate.objects.exists():
                content = template_content(VersionContent(quote.newest_version()))
                fields = {"title": self.offer["title"], "intro": self.offer["intro"], "content": content}
                QuoteTemplate.add(self.offer["template"], by=None, pipeline=job.pipeline, **fields)
        return quote

    def author(self, job: Job) -> Member:
        """Return who works on a job."""
        return directory().members[job.member_id or self.boss.pk]

    def _content(self) -> dict[str, Any]:
        if self.content is None:
            items = {item.code: item for item in PriceItem.objects.all()}
            options = [{"name": name, "description": words} for name, words, _code in self.offer["options"]]
            options[min(1, len(options) - 1)]["is_proposed"] = True
            lines = [
                _line_of(items[code], self.offer["amount"], place)
                for place, (_name, _words, code) in enumerate(self.offer["options"])
            ]
            lines += [_line_of(items[code], quantity, None) for code, quantity in self.offer["items"].items()]
            self.content = {"options": options, "lines": lines}
        return self.content

    @contextmanager
    def _job_as_it_is(self, job: Job) -> Iterator[None]:
        """Put the job's clock and last contact back after acts of the past: its story has told them already."""
        columns = [*Job.MESSAGE_COLUMNS, *Job.CLOCK_COLUMNS]
        before = {name: getattr(job, name) for name in columns}
        yield
        Job.objects.filter(pk=job.pk).update(**before)
        job.refresh_from_db()
        job._schedule_crossing()

    def send(self, job: Job, days: float) -> Quote:
        """Write a quote and send it a little later."""
        quote = self.write(job, days + 0.1)
        with clock.at(self.now - timedelta(days=days)):
            quote.send(by=self.boss)
        return quote

    def look(self, quote: Quote, days: float, device: str = "first", seconds: int = 120) -> None:
        """Have the customer look at a quote."""
        with clock.at(self.now - timedelta(days=days)):
            quote.note_view(
                device, person=quote.person, seconds=seconds, is_first_device=device == "first", gave_code=False
            )

    def choice(self, quote: Quote, *, without_last: bool = False) -> OfferChoice:
        """Return the proposed option, or that without the last optional line."""
        content = VersionContent(quote.shown_version())
        optional = [line.pk for line in content.lines if line.is_optional]
        unticked = frozenset(optional[-1:] if without_last else ())
        option_id = content.proposed_id
        return OfferChoice(content.version.number, option_id, unticked, content.choice_hash(option_id, unticked))

    def create_accepted(self, job: Job, days: float) -> None:
        """Send a quote that the customer signed."""
        with self._job_as_it_is(job):
            quote = self.send(job, days + 4)
            self.look(quote, days + 3)
            self.look(quote, days + 0.01, seconds=400)
            self.sign(quote, days)

    def sign(self, quote: Quote, days: float) -> None:
        """Have the customer accept the proposed option without its last optional line."""
        person = quote.person
        assert person is not None
        view = QuoteView.objects.get(version=quote.shown_version(), device="first")
        with clock.at(self.now - timedelta(days=days)):
            signature = CustomerSignature(
                person=person,
                name=person.name,
                method="typed",
                consent=self.offer["consent"],
                has_code=True,
                evidence={"ip": "203.0.113.24", "code_at": clock.now().isoformat(), "seconds": view.seconds},
            )
            quote.accept(self.choice(quote, without_last=True), signature)

    def create_in_review(self, job: Job) -> None:
        """Send a quote for twice as much, which the customer signed this morning: somebody has to review it."""
        with self._job_as_it_is(job):
            quote = self.write(job, 5)
            with clock.at(self.now - timedelta(days=4)):
                doubled = {line.pk: {"quantity": line.quantity * 2} for line in quote.newest_version().read_lines()}
                quote.change_lines(doubled, by=self.author(job))
                quote.set_texts(title=self.offer["large_title"], by=self.author(job))
                quote.send(by=self.boss)
            self.look(quote, 3)
            self.sign(quote, 0.1)

    def create_viewed_and_revised(self, job: Job) -> None:
        """A quote of ten days ago that looks forwarded, and a new version with a price that moved."""
        quote = self.send(job, 10.1)
        self.look(quote, 7)
        self.look(quote, 3, device="second", seconds=40)
        choice = self.choice(quote, without_last=True)
        assert job.person is not None
        with clock.at(self.now - timedelta(days=2)):
            quote.choose(job.person, choice.option_id, choice.unticked)
        self.look(quote, 0.1, seconds=240)
        with clock.at(self.now - timedelta(hours=1)):
            quote.revise(by=self.author(job))

    def create_asked(self, job: Job) -> None:
        """Send a quote about which the customer asks."""
        quote = self.send(job, 5)
        self.look(quote, 1)
        assert job.person is not None
        with self._job_as_it_is(job), clock.at(self.now - timedelta(hours=20)):
            quote.ask(job.person, self.offer["question"])

    def create_viewed(self, job: Job) -> None:
        """Send a quote that the customer has opened."""
        quote = self.send(job, 2)
        self.look(quote, 0.4, seconds=260)

    def create_declined(self, job: Job) -> None:
        """Send a quote that the customer declined."""
        quote = self.send(job, 14)
        self.look(quote, 13)
        with self._job_as_it_is(job), clock.at(self.now - timedelta(days=4)):
            quote.decline("price", note=self.offer["declined"], person=job.person)

    def create_expired(self, job: Job) -> None:
        """Send a quote that was never answered."""
        quote = self.send(job, 45)
        with clock.at(self.now - timedelta(days=14)):
            Quote.expire_all([quote.pk])

    def create_withdrawn(self, job: Job) -> None:
        """Send a quote and withdraw it."""
        quote = self.send(job, 20)
        with clock.at(self.now - timedelta(days=18)):
            quote.withdraw(by=self.boss)

    def create_draft(self, job: Job) -> None:
        """Write a quote of today."""
        self.write(job, 0.2)

    def create_to_approve(self, job: Job) -> None:
        """Write a quote whose discount waits for an approval."""
        author = self.author(job)
        quote = self.write(job, 0.3)
        with clock.at(self.now - timedelta(hours=2)):
            quote.set_discount(Discount(ppm=120_000), by=author)
            quote.request_approval(by=author, note=self.offer["approval"])


def _line_of(item: PriceItem, quantity: int, option: int | None) -> dict[str, Any]:
    return {
        "item": item.pk,
        "option": option,
        "name": item.name,
        "details": item.description,
        "unit": item.unit.name if item.unit else "",
        "unit_code": item.unit.code if item.unit else "C62",
        "quantity": quantity,
        "unit_price": 0,
        "unit_cost": None,
        "tax_class_id": item.tax_class_id,
        "is_optional": item.is_optional,
    }
