"""Settings of quotes: terms by brand, limits by role, templates."""

import pytest
from django.test import Client

from quotes.models import DiscountLimit, QuoteTemplate, QuoteTerms
from tests.cast import House

TERMS = {
    "tax_mode": "included",
    "tax_rounding": "line",
    "valid_days": "14",
    "answer_days": "5",
    "deposit_ppm": "40",
    "margin_floor_ppm": "28.5",
    "approval_hours": "8",
    "review_when": "above",
    "review_above": "10,000.50",
    "review_by": "admin",
    "review_hours": "6",
    "terms": "Rain days are added.",
}


def version_on(client: Client, page: str) -> str:
    return str(client.get(page).context["version"])


@pytest.fixture
def mona(house: House) -> Client:
    client = Client()
    client.force_login(house.mona.user)
    return client


def test_terms_of_a_brand_are_set(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/terms/"
    assert mona.get(page).status_code == 200
    answer = mona.post(f"{page}{house.job.brand_id}/", TERMS | {"version": version_on(mona, page)})
    assert answer.status_code == 302
    saved = QuoteTerms.objects.get()
    assert (saved.tax_mode, saved.valid_days, saved.deposit_ppm) == ("included", 14, 400_000)
    assert saved.margin_floor_ppm == 285_000
    assert (saved.review_when, saved.review_above, saved.review_role, saved.review_hours) == (
        *("above", 1_000_050, "admin", 6),
    )


def test_a_member_reviews_contracts(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/terms/"
    for reviewer, status in ((f"m{house.ada.pk}", 302), (f"m{house.rita.pk}", 422), ("rep", 422)):
        form = TERMS | {"version": version_on(mona, page), "review_by": reviewer}
        assert mona.post(f"{page}{house.job.brand_id}/", form).status_code == status
    assert QuoteTerms.objects.get().review_member_id == house.ada.pk
    assert "selected>Ada" in mona.get(page).content.decode().replace("\n", "")


@pytest.mark.parametrize(("name", "typed"), [("valid_days", "0"), ("deposit_ppm", "101"), ("tax_mode", "other")])
def test_terms_that_are_impossible_are_refused(house: House, mona: Client, name: str, typed: str) -> None:
    page = f"/{house.tenant.slug}/quotes/terms/"
    form = TERMS | {"version": version_on(mona, page), name: typed}
    assert mona.post(f"{page}{house.job.brand_id}/", form).status_code == 422
    assert not QuoteTerms.objects.exists()


def test_limits_are_set_by_role(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/terms/"
    limits = {"rep": "7.5", "manager": "20", "admin": "100", "service": "", "version": version_on(mona, page)}
    mona.post(f"{page}limits/", limits)
    assert dict(DiscountLimit.objects.values_list("role", "most_ppm")) == {"rep": 75_000, "manager": 200_000}


def test_the_second_of_two_editors_is_told(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/terms/"
    url = f"{page}limits/"
    limits = {"rep": "1", "manager": "2", "admin": "3", "version": version_on(mona, page)}
    mona.post(url, limits)
    assert mona.post(url, limits | {"rep": "9"}).status_code == 409


def test_a_template_is_renamed_and_archived(house: House, mona: Client) -> None:
    page = f"/{house.tenant.slug}/quotes/templates/"
    mona.post(f"{page}add/", {"name": "Re-roof", "version": version_on(mona, page)})
    row = QuoteTemplate.objects.get()
    form = {"name": "Re-roof, shingles", "pipeline": str(house.job.pipeline_id)}
    mona.post(f"{page}{row.pk}/edit/", form | {"version": version_on(mona, page)})
    mona.post(f"{page}{row.pk}/archive/", {"version": version_on(mona, page)})
    row.refresh_from_db()
    assert (row.name, row.pipeline_id) == ("Re-roof, shingles", house.job.pipeline_id)
    assert row.archived_at is not None
    assert "Re-roof, shingles" in mona.get(page).content.decode()


def test_reps_set_nothing_up(house: House) -> None:
    client = Client()
    client.force_login(house.rita.user)
    for page in ("terms", "templates"):
        assert client.get(f"/{house.tenant.slug}/quotes/{page}/").status_code == 404
