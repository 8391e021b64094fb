"""Quotes as lists and panels show them: plain values, loaded for a page at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.clock.arithmetic import Level
from crm.jobs.models import Job
from crm.kernel import durations, formats
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from quotes.models import Quote, QuoteState

BADGES = {
    QuoteState.ACCEPTED: "is-good",
    QuoteState.DECLINED: "is-bad",
    QuoteState.EXPIRED: "is-warn",
    QuoteState.SENT: "is-brand",
}


@dataclass(frozen=True)
class QuoteRow:
    """A quote as a row shows it."""

    quote: Quote
    job_title: str
    total: str
    state: str
    badge: str
    # How long it waits for the customer, and the class of how late that is; blank if it doesn't wait.
    age: str
    css: str
    # What the customer did last, in words.
    customer: str
    rep: str
    brand: str
    sent: str
    valid: str


def build_rows(quotes: Sequence[Quote], reader: Reader) -> list[QuoteRow]:
    """Return the rows of quotes. One query, for the titles of their leads."""
    jobs = {row[0]: row[1:] for row in _job_values(quotes)}
    return [_build_row(quote, *jobs[quote.job_id], reader) for quote in quotes]


def _job_values(quotes: Sequence[Quote]) -> list[tuple[int, str, int | None]]:
    ids = {quote.job_id for quote in quotes}
    return list(Job.objects.filter(pk__in=ids).order_by().values_list("pk", "title", "member_id"))


def _build_row(quote: Quote, title: str, member_id: int | None, reader: Reader) -> QuoteRow:
    organization = directory()
    member = organization.members.get(member_id or 0)
    return QuoteRow(
        quote=quote,
        job_title=title,
        total=formats.money(quote.total, quote.currency, reader.country, reader.language),
        state=state_words(quote),
        badge="is-warn" if quote.is_in_review else BADGES.get(QuoteState(quote.state), ""),
        age=age_of(quote, reader),
        css=level_css(quote, reader),
        customer=describe_customer(quote, reader),
        rep=member.name if member else "",
        brand=organization.brands[quote.brand_id].name,
        sent=reader.day(quote.sent_at) if quote.sent_at else "",
        valid=reader.date(quote.valid_until) if quote.valid_until else "",
    )


def state_words(quote: Quote) -> str:
    """Return the state of a quote as lists and its page name it."""
    if quote.is_in_review:
        return _("Signed, waits for review")
    return str(QuoteState(quote.state).label)


def age_of(quote: Quote, reader: Reader) -> str:
    """Return how long the quote waits for the customer: "8d 2h"; blank if it doesn't."""
    if not quote.is_waiting or quote.sent_at is None:
        return ""
    return durations.short_duration((reader.now - quote.sent_at).total_seconds(), language=reader.language)


def level_css(quote: Quote, reader: Reader) -> str:
    """Return the class of how late the answer is; blank for a quote that doesn't wait."""
    level = quote.level_at(reader.now)
    if level in (Level.NONE, Level.ENDED):
        return ""
    return level.css


def describe_customer(quote: Quote, reader: Reader) -> str:
    """Return what the customer did last: asked, opened it, or nothing yet."""
    if quote.state == QuoteState.DECLINED and quote.decline_reason:
        return str(quote.get_decline_reason_display())
    if not quote.is_waiting:
        return ""
    if quote.asked_at:
        return _("Asked %(when)s") % {"when": reader.near(quote.asked_at)}
    if quote.seen_at:
        return _("Opened %(when)s") % {"when": reader.near(quote.seen_at)}
    return _("Not opened yet")
