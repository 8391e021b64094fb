"""Read a version of a quote as QuotePaper: what the customer is shown, or what they accepted."""

from collections.abc import Collection
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.kernel import formats
from crm.kernel.formats import get_locale
from quotes.models import Quote, QuoteAcceptance, QuoteLine, QuoteOption, QuoteVersion, VersionContent
from quotes.paper.certificate import certificate_of
from quotes.paper.content import PaperLine, PaperOption, PaperSum, QuotePaper
from quotes.paper.look import language_of, page_look
from quotes.sums import LineSums, RateSum, TaxMode


def quote_paper(version: QuoteVersion) -> QuotePaper:
    """Return a version as the customer is shown it, each option with all its lines."""
    quote = version.quote
    language = language_of(quote.brand, quote.person)
    with override(language):
        return QuoteReader(version, language).read()


def accepted_paper(acceptance: QuoteAcceptance) -> QuotePaper:
    """Return what was accepted: the version with the choice in it, and the certificate of the signature."""
    quote = acceptance.quote
    language = language_of(quote.brand, quote.person)
    with override(language):
        return QuoteReader(acceptance.version, language, acceptance).read()


class QuoteReader:
    """Reads a version for print, in the active language."""

    def __init__(self, version: QuoteVersion, language: str, acceptance: QuoteAcceptance | None = None) -> None:
        self.version = version
        self.quote: Quote = version.quote
        self.content = VersionContent(version)
        self.language = language
        self.acceptance = acceptance
        self.country = self.quote.brand.country

    def read(self) -> QuotePaper:
        quote = self.quote
        title = _("Quote %(code)s") % {"code": quote.code}
        if self.version.number > 1:
            title = _("Quote %(code)s, version %(number)s") % {"code": quote.code, "number": self.version.number}
        certificate = None
        if self.acceptance:
            certificate = certificate_of(self.acceptance)
        return QuotePaper(
            look=page_look(quote.brand),
            language=self.language,
            title=title,
            subtitle=quote.title,
            facts=tuple(self._facts()),
            intro=self.version.intro,
            options=tuple(self._options()),
            notes=tuple(self._notes()),
            terms=self.version.terms,
            certificate=certificate,
        )

    def _facts(self) -> list[tuple[str, str]]:
        quote = self.quote
        day = quote.today()
        if self.version.sent_at:
            day = self.version.sent_at.astimezone(quote.zone).date()
        facts = [(_("Date"), formats.full_day(day, self.country))]
        if self.version.valid_until:
            facts.append((_("Valid until"), formats.full_day(self.version.valid_until, self.country)))
        if quote.person:
            facts.append((_("For"), quote.person.name))
        if quote.job.site:
            facts.append((_("Where"), quote.job.site.one_line))
        if quote.job.member:
            facts.append((_("Your contact"), quote.job.member.name))
        return facts

    def _options(self) -> list[PaperOption]:
        if not self.content.options:
            return [self._option(None)]
        return [self._option(option) for option in self.content.options]

    def _option(self, option: QuoteOption | None) -> PaperOption:
        option_id = option.pk if option else None
        unticked = self._lines_taken_off(option_id)
        sums = self.content.sums(option_id, unticked)
        lines = tuple(self._line(line, unticked) for line in self.content.lines_of(option_id))
        if option is None:
            return PaperOption("", "", "", lines, tuple(self._sums(sums)))
        return PaperOption(option.name, self._mark(option), option.description, lines, tuple(self._sums(sums)))

    def _lines_taken_off(self, option_id: int | None) -> Collection[int]:
        """Return the lines taken off; of an option that was not chosen, none."""
        if self.acceptance and self.acceptance.option_id == option_id:
            return frozenset(self.acceptance.unticked)
        return frozenset()

    def _mark(self, option: QuoteOption) -> str:
        if self.acceptance is None:
            return _("our proposal") if option.is_proposed else ""
        if self.acceptance.option_id == option.pk:
            return _("accepted")
        return _("not chosen")

    def _line(self, line: QuoteLine, unticked: Collection[int]) -> PaperLine:
        amount = self._money(line.as_sum_line().gross)
        details = [line.details]
        if line.pk in unticked:
            details.append(_("Optional, not taken"))
            amount = "–"
        elif line.is_optional:
            details.append(_("Optional"))
        quantity = format_decimal(Decimal(line.quantity).scaleb(-3), locale=get_locale(self.language, self.country))
        return PaperLine(
            name=line.name,
            details="\n".join(filter(None, details)),
            quantity=f"{quantity} {line.unit}".strip(),
            price=self._money(line.unit_price),
            amount=amount,
        )

    def _sums(self, sums: LineSums) -> list[PaperSum]:
        is_included = self.version.tax_mode == TaxMode.INCLUDED
        rows = []
        if sums.discount:
            rows = [
                PaperSum(_("Before discount"), self._money(sums.gross)),
                PaperSum(_("Discount"), self._money(-sums.discount)),
            ]
        total = PaperSum(_("Total"), self._money(sums.total), is_strong=True)
        if is_included:
            rows += [total, *(self._tax_sum(rate, _("of which %(tax)s")) for rate in sums.taxes if rate.tax)]
        else:
            if sums.tax or sums.discount:
                rows.append(PaperSum(_("Without tax"), self._money(sums.net)))
            rows += [*(self._tax_sum(rate, "%(tax)s") for rate in sums.taxes if rate.tax), total]
        if sums.deposit:
            rows.append(PaperSum(_("Deposit when you accept"), self._money(sums.deposit)))
        return rows

    def _tax_sum(self, rate: RateSum, words: str) -> PaperSum:
        names = [line.tax_name for line in self.content.lines if line.tax_rate_ppm == rate.rate and line.tax_name]
        percent = format_decimal(Decimal(rate.rate).scaleb(-4), locale=get_locale(self.language, self.country))
        tax = f"{next(iter(names), _('Tax'))} {percent}%"
        return PaperSum(words % {"tax": tax}, self._money(rate.tax))

    def _notes(self) -> list[str]:
        return [self.version.tax_note] if self.version.tax_note else []

    def _money(self, minor: int) -> str:
        return formats.money(minor, self.quote.currency, self.country, self.language)
