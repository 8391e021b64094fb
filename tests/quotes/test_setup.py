"""Settings of quotes: terms by brand, limits by role, templates."""

import pytest
from django.test import Client

from quotes.models import QuoteTemplate
from quotes.models.quote_terms import limit_of, terms_of
from quotes.setup import templates, terms
from tests.cast import House

TERMS = {
    "tax_mode": "included",
    "tax_rounding": "line",
    "valid_days": "14",
    "answer_days": "5",
    "deposit_ppm": "40",
    "margin_floor_ppm": "28.5",
    "approval_hours": "8",
    "terms": "Rain days are added.",
}


@pytest.fixture
def mona(house: House) -> Client:
    client = Client()
    client.force_login(house.mona.user)
    return client


def test_terms_of_a_brand_are_set(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/terms/"
    assert mona.get(page).status_code == 200
    answer = mona.post(f"{page}{house.job.brand_id}/", TERMS | {"version": terms.version()})
    assert answer.status_code == 302
    saved = terms_of(house.job.brand_id)
    assert (saved.tax_mode, saved.valid_days, saved.deposit_ppm) == ("included", 14, 400_000)
    assert saved.margin_floor_ppm == 285_000


@pytest.mark.parametrize(("name", "typed"), [("valid_days", "0"), ("deposit_ppm", "101"), ("tax_mode", "other")])
def test_terms_that_are_impossible_are_refused(house: House, mona: Client, name: str, typed: str) -> None:
    url = f"/{house.tenant.slug}/quotes/terms/{house.job.brand_id}/"
    assert mona.post(url, TERMS | {"version": terms.version(), name: typed}).status_code == 422
    assert terms_of(house.job.brand_id).valid_days == 30


def test_limits_are_set_by_role(house: House, mona: Client) -> None:
    limits = {"rep": "7.5", "manager": "20", "admin": "100", "service": "", "version": terms.version()}
    mona.post(f"/{house.tenant.slug}/quotes/terms/limits/", limits)
    assert (limit_of("rep"), limit_of("manager"), limit_of("service")) == (75_000, 200_000, 0)


def test_the_second_of_two_editors_is_told(house: House, mona: Client) -> None:
    url = f"/{house.tenant.slug}/quotes/terms/limits/"
    limits = {"rep": "1", "manager": "2", "admin": "3", "version": terms.version()}
    mona.post(url, limits)
    assert mona.post(url, limits | {"rep": "9"}).status_code == 409


def test_a_template_is_renamed_and_archived(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/templates/"
    mona.post(f"{page}add/", {"name": "Re-roof", "version": templates.version()})
    row = QuoteTemplate.objects.get()
    form = {"name": "Re-roof, shingles", "pipeline": str(house.job.pipeline_id), "version": templates.version()}
    mona.post(f"{page}{row.pk}/edit/", form)
    mona.post(f"{page}{row.pk}/archive/", {"version": templates.version()})
    row.refresh_from_db()
    assert (row.name, row.pipeline_id) == ("Re-roof, shingles", house.job.pipeline_id)
    assert row.archived_at is not None
    assert "Re-roof, shingles" in mona.get(page).content.decode()


def test_reps_set_nothing_up(house: House) -> None:
    client = Client()
    client.force_login(house.rita.user)
    for page in ("terms", "templates"):
        assert client.get(f"/{house.tenant.slug}/quotes/{page}/").status_code == 404
