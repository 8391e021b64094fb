"""Own fields that hold a number, a choice, yes or no, a link: typed, on a new lead, as a column, and found by."""

import pytest
from django.test import Client

from crm.jobs.fields.values import parse_value, value_words
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from tests.cast import Cast
from tests.markup import flat


def field(kind: str, name: str = "Roof", options: tuple[str, ...] = ("Shingle", "Metal")) -> OwnField:
    return OwnField.add(name, kind=kind, options=list(options), by=None)


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "shown"),
    [
        ("number", "12,5", "12.5", "12.5"),
        ("number", "1,234", "1234", "1,234"),
        ("number", "-3", "-3", "-3"),
        ("choice", "shingle", "Shingle", "Shingle"),
        ("yes_no", "ja", "yes", "Yes"),
        ("yes_no", "N", "no", "No"),
        ("link", "example.com/roof", "https://example.com/roof", "example.com/roof"),
        ("link", "", "", ""),
    ],
)
def test_what_is_typed_is_read_by_the_kind(cast: Cast, kind: str, typed: str, stored: str, shown: str) -> None:
    with use_tenant(cast.house.tenant):
        own = field(kind)
        assert parse_value(own, typed) == stored
        assert value_words(own, stored, Reader.of(cast.house.rita, clock.now())) == shown


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "many"),
        ("number", "1e999"),
        ("number", "1.2.3"),
        ("choice", "Thatch"),
        ("yes_no", "perhaps"),
        ("link", "javascript:alert(1)"),
        ("link", "no address"),
        ("text", "x" * 201),
    ],
)
def test_what_it_does_not_hold_is_refused(cast: Cast, kind: str, typed: str) -> None:
    with use_tenant(cast.house.tenant), pytest.raises(Refused):
        parse_value(field(kind), typed)


@pytest.mark.parametrize("options", [(), ("Metal", "metal"), ("x" * 61,), tuple(map(str, range(51)))])
def test_a_list_has_a_few_choices_each_once(cast: Cast, options: tuple[str, ...]) -> None:
    with use_tenant(cast.house.tenant), pytest.raises(Refused):
        field("choice", options=options)


def test_a_new_lead_has_them_the_list_shows_them_and_finds_by_them(cast: Cast, client: Client) -> None:
    house, slug = cast.house, cast.house.tenant.slug
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        roof, stories = field("choice"), field("number", "Stories")
    form = client.get(f"/{slug}/leads/open/").context["form"]
    given = {"form": form["form"].value(), "name": "Nell New", "pipeline": form["pipeline"].value()}
    wrong = client.post(f"/{slug}/leads/open/", given | {f"own-{stories.pk}": "two"})
    assert (wrong.status_code, "That is not a number." in wrong.text) == (422, True)
    own = {f"own-{roof.pk}": "Metal", f"own-{stories.pk}": "2"}
    assert client.post(f"/{slug}/leads/open/", given | own).status_code == 302
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Nell New").own_fields == {roof.key: "Metal", stories.key: "2"}
    page = client.get(f"/{slug}/leads/", {"columns": f"own-{roof.pk},next", "where": f"own_choice:is:{roof.key}-Metal"})
    rows = flat(page.text)
    assert rows.count('<tr class="lead"') == 1
    assert ">Metal<" in rows
    assert "Roof: Metal" in rows, "the chip says it"


def test_a_choice_that_is_gone_stays_with_the_lead(cast: Cast, client: Client) -> None:
    house = cast.house
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        roof = field("choice")
        Job.objects.filter(pk=house.job.pk).update(own_fields={roof.key: "Shingle"})
        roof.edit("Roof", options=["Metal"], by=None)
    page = f"/{house.tenant.slug}/jobs/{house.job.number}/correct/"
    part = f"own-{roof.pk}"
    shown = client.get(page, {"part": part})
    assert 'value="Shingle" selected' in shown.text
    client.post(page, {"part": part, "version": shown.context["version"], part: "Shingle"})
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=house.job.pk).own_fields == {roof.key: "Shingle"}
