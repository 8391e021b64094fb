"""The forecast counts what open quotes say in the place of typed values, and opens their leads."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from quotes.models import Quote
from reports.dashboard.forecast import forecast
from reports.dashboard.open_leads import OpenLeadFigures, present
from reports.dashboard.records import decided_days
from reports.dashboard.scope import Scope
from reports.figures.measures import CAME
from reports.figures.reading import FigureRequest, KeptFigures
from tests.cast import Cast, House
from tests.quotes.offers import choice_of, signature_of, write_quote


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(clock.now()):
        Job.objects.filter(pk=cast.house.job.pk).update(value=90_000)
        yield cast.house


def send(house: House) -> Quote:
    quote = write_quote(house)
    quote.send(by=house.rita)
    return quote


def scope_of(house: House, member: Any = None) -> Scope:
    return Scope.read(QueryDict(), member or house.mona, house.tenant.slug)


def worth(now: OpenLeadFigures, currency: str = "USD") -> tuple[int, float]:
    parts = [one for (_stage, of), one in now.weights.items() if of == currency]
    return sum(one[0] for one in parts), sum(one[1] for one in parts)


def test_a_lead_without_a_quote_counts_what_was_typed(house: House) -> None:
    write_quote(house)
    assert worth(present(scope_of(house))) == (1, 90_000), "a draft says nothing yet"


def test_an_open_quote_counts_in_the_place_of_it(house: House) -> None:
    send(house)
    now = present(scope_of(house))
    assert worth(now) == (1, 170_000)
    [weight] = now.weights.values()
    assert weight[2] == 170_000**2


def test_what_the_customer_chose_counts(house: House) -> None:
    quote = send(house)
    choice = choice_of(quote, "Gutters", option="Good")
    quote.choose(house.cora, choice.option_id, choice.unticked)
    assert worth(present(scope_of(house))) == (1, 100_000)


def test_of_two_quotes_the_one_sent_last_counts(house: House) -> None:
    send(house)
    second = send(house)
    Quote.objects.filter(pk=second.pk).update(net=250_000, sent_at=clock.now())
    Quote.objects.exclude(pk=second.pk).update(sent_at="2026-01-01T00:00:00Z")
    assert worth(present(scope_of(house))) == (1, 250_000)


def test_a_quote_that_was_answered_does_not_count(house: House) -> None:
    quote = send(house)
    quote.accept(choice_of(quote), signature_of(house.cora))
    assert worth(present(scope_of(house))) == (1, 170_000), "what was accepted is the value of the lead"


def test_a_quote_in_another_currency_counts_there(house: House) -> None:
    Quote.objects.filter(pk=send(house).pk).update(currency="EUR")
    now = present(scope_of(house))
    assert worth(now) == (0, 0)
    assert worth(now, "EUR") == (1, 170_000)


def test_others_leads_do_not_count_for_a_rep(house: House) -> None:
    send(house)
    Job.objects.filter(pk=house.job.pk).update(member=house.mona)
    assert present(scope_of(house, house.rita)).quoted == {}


def test_the_number_of_quotes_opens_their_leads(house: House) -> None:
    send(house)
    scope = scope_of(house)
    kept = KeptFigures(FigureRequest(decided_days(), {CAME}))
    [currency] = forecast(scope, kept, present(scope))
    [line] = currency.lines
    assert (line.quoted.count, line.quoted_worth, line.worth) == (1, "$1.7K", "$1.7K")
    filters = LEADS.read(QueryDict(line.quoted.url.partition("?")[2]), house.mona)
    assert not filters.dropped
    assert LEADS.apply(filters, house.mona).count() == 1


def test_the_file_has_what_open_quotes_are_worth(house: House) -> None:
    send(house)
    client = Client()
    client.force_login(house.mona.user)
    rows = client.get(f"/{house.tenant.slug}/reports/", {"format": "csv"}).content.decode()
    assert ", USD,By an open quote,1" in rows.replace('"', "")
    assert ", USD,Worth by open quotes,$1.7K" in rows.replace('"', "")
