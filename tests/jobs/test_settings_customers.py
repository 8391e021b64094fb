"""The settings pages beside the pipeline's own: the sources of leads, and what customers read of a step."""

import pytest
from django.test import Client

from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.jobs.test_settings_pipelines import PIPELINES, SETTINGS, post, stage, version, words


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


@pytest.fixture
def ada(client: Client, house: House) -> Client:
    client.force_login(house.ada.user)
    return client


@pytest.fixture
def url(house: House) -> str:
    """The address of the default pipeline."""
    with use_tenant(house.tenant):
        return f"{PIPELINES}{pipeline_setup().default_pipeline.uid}/"


def test_sources_by_the_page(ada: Client, house: House) -> None:
    page = f"{SETTINGS}sources/"
    post(ada, page, "add/", name="Radio")
    with use_tenant(house.tenant):
        pk = Source.objects.get(name="Radio").pk
    post(ada, page, f"{pk}/rename/", name="Radio 4")
    post(ada, page, "add/", name="Radio waves")
    with use_tenant(house.tenant):
        other = Source.objects.get(name="Radio waves").pk
    merged = words(post(ada, page, f"{other}/merge/", into=pk))
    assert f'action="{page}{other}/take-apart/"' in merged
    assert "Undo the merge of “Radio waves”" in merged
    assert f'action="{page}{pk}/merge/"' in words(post(ada, page, f"{other}/take-apart/"))
    post(ada, page, f"{pk}/archive/")
    with use_tenant(house.tenant):
        assert Source.objects.get(pk=pk).archived_at
    assert "“Radio 4” was restored." in words(post(ada, page, f"{pk}/restore/"))


def test_what_customers_read_of_a_step_is_said_on_its_page(ada: Client, house: House, url: str) -> None:
    page, step = f"{url}customers/", stage(house, "Reached")
    assert "not shown" in words(ada.get(page))
    told = post(ada, page, f"{step.pk}/", title_en="We spoke", text_en="A visit follows.")
    assert "Customers now see “We spoke”." in words(told)
    assert stage(house, "Reached").customer_texts == {"en": ["We spoke", "A visit follows."]}
    assert "Customers see this: A roof." in words(post(ada, page, "draw/", drawing="roof"))
    assert post(ada, page, "draw/", drawing="boat").status_code == 422  # type: ignore[attr-defined]
    refused = post(ada, page, f"{step.pk}/", title_en="", text_en="A visit follows.")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    old = version(ada, page)
    post(ada, page, f"{step.pk}/", title_en="", text_en="")
    assert ada.post(f"{page}{step.pk}/", {"version": old, "title_en": "Late"}).status_code == 409
    assert not stage(house, "Reached").is_told
