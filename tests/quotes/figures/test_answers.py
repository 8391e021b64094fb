"""Figures of answers: against quotes counted by hand, each number's list, and who sees what."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event, Member
from crm.platform.tenancy.context import use_tenant
from crm.web.charts.figure_table import FigureCell
from leads.lead_list import LEADS
from leads.models import Lead
from quotes.figures.accuracy import accuracy_lines
from quotes.figures.answers import answer_lines, option_lines, price_gaps, quotes_decided_between
from quotes.figures.said_price import note_said_price
from quotes.models import Quote
from quotes.quote_list.quote_list import QUOTES
from service.models import Project
from tests.cast import House
from tests.queries import data_queries
from tests.quotes.conftest import NOW
from tests.quotes.offers import add_line, choice_of, signature_of, write_quote
from tests.quotes.test_pages import client_of, url
from tests.reports.test_sums_by_index import columns_of

DAY = timedelta(days=1)


@pytest.fixture
def answered(house: House, monday: Any) -> None:
    """Two accepted after one and three days, one at its lowest price; one declined, one expired, one withdrawn."""
    for days, option, price in ((1, "Better", 160_000), (3, "Good", None)):
        quote = sent_quote(house)
        if price:
            quote.note_other_price(price, by=house.rita)
        with clock.at(NOW + days * DAY):
            quote.accept(choice_of(quote, option=option), signature_of(house.cora))
    declined, expired, withdrawn = (sent_quote(house) for _nth in range(3))
    with clock.at(NOW + 2 * DAY):
        declined.note_other_price(100_000, by=house.rita)
        declined.decline("price", by=house.rita)
        expired.end("expired")
        withdrawn.withdraw(by=house.rita)


def sent_quote(house: House) -> Quote:
    quote = write_quote(house)
    quote.send(by=house.rita)
    return quote


def decided() -> Any:
    return quotes_decided_between(Quote.objects.all(), NOW, NOW + 7 * DAY)


def test_they_agree_with_quotes_counted_by_hand(house: House, answered: None) -> None:
    everything, lines = answer_lines(decided(), "member")
    assert (everything.decided, everything.accepted, everything.declined, everything.expired) == (4, 2, 1, 1)
    assert (everything.percent, everything.median) == (50, pytest.approx(2 * 86_400))
    assert everything.p90 == pytest.approx(2.8 * 86_400)
    assert everything.margin == pytest.approx(0.5)
    assert [(line.value, line.decided) for line in lines] == [(house.rita.pk, 4)]


def test_options_count_where_they_could_be_accepted(house: House, answered: None) -> None:
    plain = Quote.create(house.job, by=house.rita, title="Repair")
    add_line(plain, house, "Repair", 20_000)
    plain.send(by=house.rita)
    plain.decline("price", by=house.rita)
    counts = {str(line.value): (line.decided, line.accepted) for line in option_lines(decided())}
    assert counts == {"lowest": (4, 1), "highest": (4, 1), "only": (1, 0)}


def test_gaps_count_quotes_with_another_price(answered: None) -> None:
    gaps = price_gaps(decided())
    assert (gaps.decided, gaps.known) == (4, 2)
    lines = {line.value: (line.decided, line.accepted) for line in gaps.lines}
    assert lines == {"below": (0, 0), "5": (0, 0), "10": (1, 1), "20": (0, 0), "more": (1, 0)}


def test_a_period_ends_before_its_next_day(answered: None) -> None:
    first = quotes_decided_between(Quote.objects.all(), NOW, NOW + DAY)
    assert first.count() == 0
    assert quotes_decided_between(Quote.objects.all(), NOW + DAY, NOW + 2 * DAY).count() == 1


def page(house: House, member: Member, **query: str) -> Any:
    period = {"from": "2026-05-01", "to": "2026-05-31"}
    with clock.at(NOW + 8 * DAY):
        return client_of(member).get(f"/{house.tenant.slug}/reports/quotes/", period | query)


def list_count(house: House, url: str, member: Any) -> int:
    """How many rows the list of a number has."""
    rows = LEADS
    if "/quotes/" in url:
        rows = QUOTES
    with use_tenant(house.tenant), clock.at(NOW + 8 * DAY):
        filters = rows.read(QueryDict(url.partition("?")[2]), member)
        assert not filters.dropped, url
        return int(rows.apply(filters, member).count())


def linked_cells(response: Any) -> list[FigureCell]:
    return [
        cell for table in response.context["tables"] for _name, _about, row in table.rows for cell in row if cell.url
    ]


@pytest.fixture
def finished(house: House, monday: Any) -> None:
    """Cora's job is done: $1,700 and 4 days were said, it came to $2,000 and 4 days."""
    with clock.at(NOW + 4 * DAY):
        Job.objects.get(pk=house.job.pk).finish(by=house.rita)
    numbers = {"quoted_value": 170_000, "actual_value": 200_000, "quoted_days": 4, "actual_days": 4}
    Lead.objects.get(pk=house.job.pk).estimate(by=house.rita, **numbers)


@pytest.mark.parametrize("by", ["pipeline", "member", "brand"])
def test_each_number_opens_its_list(house: House, answered: None, finished: None, by: str) -> None:
    response = page(house, house.mona, by=by)
    counted = [cell for cell in linked_cells(response) if cell.text.isdigit()]
    assert len(counted) > 20
    for cell in counted:
        assert list_count(house, cell.url, house.mona) == int(cell.text), cell
    shares = [cell for cell in linked_cells(response) if cell.note]
    assert shares
    for cell in shares:
        assert list_count(house, cell.url, house.mona) == int(cell.note.split()[0]), cell


def test_accuracy_is_of_finished_jobs(house: House, finished: None) -> None:
    everything, (line,) = accuracy_lines(Job.objects.all(), NOW, NOW + 7 * DAY, "brand")
    assert (everything.done, everything.price_known, everything.price_over, everything.price_near) == (1, 1, 1, 0)
    assert (everything.days_known, everything.days_near, everything.days_over) == (1, 1, 0)
    assert everything.price_drift == pytest.approx(30 / 170)
    assert (line.value, line.days_drift) == (house.job.brand_id, 0)


@pytest.mark.parametrize(
    ("actual", "drift"), [(110_000, "near"), (110_001, "over"), (90_000, "near"), (89_999, "under")]
)
def test_ten_percent_is_near(house: House, finished: None, actual: int, drift: str) -> None:
    Lead.objects.get(pk=house.job.pk).estimate(by=None, quoted_value=100_000, actual_value=actual)
    everything, _lines = accuracy_lines(Job.objects.all(), NOW, NOW + 7 * DAY, "brand")
    counts = {name: getattr(everything, f"price_{name}") for name in ("near", "over", "under")}
    assert counts == {"near": 0, "over": 0, "under": 0} | {drift: 1}


def test_what_was_accepted_was_said(sent: Quote, house: House) -> None:
    sent.accept(choice_of(sent), signature_of(house.cora))
    second = sent_quote(house)
    second.accept(choice_of(second, option="Good"), signature_of(house.cora))
    for _again in range(2):
        note_said_price(list(Event.objects.filter(kind="quote.accepted")))
    assert Lead.objects.get(pk=house.job.pk).quoted_value == 170_000 + 120_000
    assert Event.objects.filter(kind="lead.estimated").count() == 1


def test_an_accepted_quote_shows_what_it_is_going_to_be(sent: Quote, house: House) -> None:
    client = client_of(house.rita)
    assert "Said and going to be" not in client.get(url(house, sent)).content.decode()
    sent.accept(choice_of(sent), signature_of(house.cora))
    Project.start(house.job, None, by=house.sam, starts_on=NOW.date())
    Lead.objects.get(pk=house.job.pk).estimate(by=None, quoted_value=170_000, actual_value=190_000, quoted_days=1)
    text = client.get(url(house, sent)).content.decode()
    assert "Said and going to be" in text
    assert '<span class="age late">+12%</span>' in text
    assert "1 d" in text


def test_a_rep_sees_no_margin(house: House, answered: None) -> None:
    assert "Margin" in page(house, house.mona).content.decode()
    assert "Margin" not in page(house, house.rita).content.decode()
    assert "Margin" not in page(house, house.rita, format="csv").content.decode()


def test_a_rep_counts_what_they_see(house: House, answered: None) -> None:
    Job.objects.get(pk=house.job.pk).assign_to(house.mona, by=house.mona)
    assert page(house, house.rita).context["tables"] == []


def test_service_finds_no_page(house: House) -> None:
    assert page(house, house.sam).status_code in (403, 404)


def test_the_file_has_each_number(house: House, answered: None, finished: None) -> None:
    text = page(house, house.mona, format="csv").content.decode()
    assert "Answers,All,Decided,4" in text
    assert "Win rate by option,Lowest price,Was accepted,1" in text
    assert "Quote accuracy,All,Jobs done,1" in text


def test_it_takes_as_many_statements_for_more_quotes(house: House, answered: None) -> None:
    page(house, house.mona)
    with data_queries() as before:
        page(house, house.mona)
    for _nth in range(3):
        quote = sent_quote(house)
        quote.decline("price", by=house.rita)
    with data_queries() as after:
        page(house, house.mona)
    assert len(after) == len(before)


def test_sums_of_quotes_stand_in_an_index(house: House, answered: None) -> None:
    with data_queries() as statements:
        rows = decided()
        answer_lines(rows, "brand")
        option_lines(rows)
        price_gaps(rows)
    asked = {column for sql in statements for column in re.findall(r'"quotes_quote"\."(\w+)"', sql)}
    assert len(asked) > 8
    assert asked <= columns_of("quote_by_decision")
