"""QuoteVersion: what is offered: texts, terms, options and lines. Once sent, the database refuses to change it."""

import hashlib
import json
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

from crm.kernel import clock
from crm.kernel.amounts import MILLION
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from quotes.sums import Discount, LineSums, SumLine, SumRules, TaxMode, TaxRounding, choose_lines, least_lines, sum_up

if TYPE_CHECKING:
    from quotes.models.quote_line import QuoteLine
    from quotes.models.quote_option import QuoteOption

LONGEST_INTRO = 4_000
LONGEST_TERMS = 20_000


class QuoteVersion(TenantModel):
    """A version of a quote, numbered from 1. A draft until `sent_at`; then only its introduction can be blanked."""

    quote = TenantForeignKey("quotes.Quote", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Of a draft: null takes the days of the brand's terms, counted when it is sent.
    valid_until = models.DateField(null=True, blank=True)
    # What the customer reads first, and what they agree to.
    intro = models.TextField(max_length=LONGEST_INTRO, blank=True)
    terms = models.TextField(max_length=LONGEST_TERMS, blank=True)
    # What is new in it, for us: "without ridge skylight".
    note = models.CharField(max_length=120, blank=True)
    tax_mode = models.CharField(max_length=8, choices=TaxMode, default=TaxMode.ADDED)
    tax_rounding = models.CharField(max_length=5, choices=TaxRounding, default=TaxRounding.TOTAL)
    # Why there is no tax, as the customer reads it: "VAT reverse-charged".
    tax_note = models.CharField(max_length=200, blank=True)
    deposit_ppm = models.PositiveIntegerField(default=0)
    discount_amount = models.BigIntegerField(default=0)
    discount_ppm = models.PositiveIntegerField(default=0)
    # Of its proposed option with all lines ticked, kept when it is sent.
    total = models.BigIntegerField(null=True, blank=True)
    # Of everything the customer is shown.
    shown_hash = models.CharField(max_length=64, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "quote", "number"], name="quote_version_is_once"),
            models.CheckConstraint(
                condition=Q(deposit_ppm__lte=MILLION, discount_ppm__lte=MILLION, discount_amount__gte=0),
                name="quote_version_has_shares_of_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(discount_amount=0) | Q(discount_ppm=0), name="quote_version_has_one_discount"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | ~Q(shown_hash="") & Q(valid_until__isnull=False, total__isnull=False),
                name="quote_version_is_whole_once_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.quote_id}"

    @property
    def is_draft(self) -> bool:
        return self.sent_at is None

    @property
    def discount(self) -> Discount:
        return Discount(self.discount_amount, self.discount_ppm)

    @property
    def rules(self) -> SumRules:
        return SumRules(self.tax_mode, self.tax_rounding, self.deposit_ppm, self.discount)

    def read_options(self) -> "list[QuoteOption]":
        """Return its options in their order; none if it has one price."""
        return list(self.options.order_by("position", "pk"))

    def read_lines(self) -> "list[QuoteLine]":
        """Return its lines in their order, of all options."""
        return list(self.lines.order_by("position", "pk"))


class VersionContent:
    """The options and lines of a version, read once, and the sums of what a customer can choose of them."""

    def __init__(self, version: QuoteVersion) -> None:
        self.version = version
        self.options = version.read_options()
        self.lines = version.read_lines()
        self._sum_lines = [line.as_sum_line() for line in self.lines]

    @property
    def proposed(self) -> "QuoteOption | None":
        """The option we propose: the one that is marked, else the first; None without options."""
        marked = [option for option in self.options if option.is_proposed]
        return next(iter([*marked, *self.options]), None)

    @property
    def proposed_id(self) -> int | None:
        proposed = self.proposed
        if proposed:
            return int(proposed.pk)
        return None

    def sums(self, option_id: int | None, unticked: Collection[int] = ()) -> LineSums:
        """Return the sums of an option without the lines that are unticked, by their ids."""
        return sum_up(choose_lines(self._sum_lines, option_id, unticked), self.version.rules)

    def least(self, option_id: int | None) -> LineSums:
        """Return the sums of an option without all optional lines."""
        return sum_up(least_lines(self._sum_lines, option_id), self.version.rules)

    def sums_of(self, lines: list[SumLine]) -> LineSums:
        """Return the sums of some of its lines."""
        return sum_up(lines, self.version.rules)

    def lines_of(self, option_id: int | None) -> "list[QuoteLine]":
        """Return the lines of an option, with those that are in all of them."""
        return [line for line in self.lines if line.option_id in (None, option_id)]

    def shown_values(self, valid_until: date | None) -> dict[str, Any]:
        """Return everything the customer is shown, as JSON values. Costs and our notes are no part of it."""
        version = self.version
        quote = version.quote
        names = {option.pk: option.position for option in self.options}
        return {
            "quote": quote.number,
            "version": version.number,
            "currency": quote.currency,
            "brand": quote.brand_id,
            "title": quote.title,
            "intro": version.intro,
            "terms": version.terms,
            "valid_until": valid_until.isoformat() if valid_until else None,
            "tax": [version.tax_mode, version.tax_rounding, version.tax_note],
            "deposit": version.deposit_ppm,
            "discount": [version.discount_amount, version.discount_ppm],
            "options": [[option.name, option.description, option.is_proposed] for option in self.options],
            "lines": [line.shown_values(names) for line in self.lines],
        }

    def content_hash(self, valid_until: date | None = None) -> str:
        """Return the SHA-256 of what the customer is shown."""
        return hash_values(self.shown_values(valid_until or self.version.valid_until))

    def choice_hash(self, option_id: int | None, unticked: Collection[int]) -> str:
        """Return the SHA-256 of a choice: what was shown, the option, the lines taken off, and the total of it."""
        taken_off = sorted(line.position for line in self.lines if line.is_optional and line.pk in unticked)
        option = next((one.position for one in self.options if one.pk == option_id), None)
        total = self.sums(option_id, unticked).total
        return hash_values([self.version.shown_hash, option, taken_off, total])


def hash_values(values: Any) -> str:
    """Return the SHA-256 of JSON values, in one spelling."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
