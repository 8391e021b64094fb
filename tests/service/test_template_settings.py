"""The settings of project templates: what the form reads and refuses, who sets them, and a second editor."""

from typing import Any

import pytest

from crm.jobs.appointments.setup import begin, offered_types
from crm.platform.models import Team
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from service.models import ProjectTemplate
from service.setup.views import version
from tests.cast import Cast, House
from tests.followups.conftest import Browser

TEMPLATES = "service/templates/"
ROW = {"m-name": "All of it", "m-weight": "1", "m-day": "0", "m-sees": "customer"}


def send(who: Browser, path: str, status: int = 302, **typed: Any) -> Any:
    with use_tenant(required_tenant_id()):
        mark = version()
    form = {"version": mark, "name": "Repair", "days": "2", **ROW, **typed}
    return who.post(f"{TEMPLATES}{path}", form, status=status)


def test_a_template_is_added_with_all_it_has(house: House, mona: Browser) -> None:
    begin()
    crew, type_ = Team.create("Crew A", by=None), offered_types()[0]
    more = {"team": crew.pk, "contact": house.sam.pk, "photos": "3", "checklist": "Keys\n\n Dog ", "papers": "Plan: 3"}
    send(mona, "add/", pipeline=house.job.pipeline_id, **{"a-type": type_.pk, "a-day": "1"}, **more)
    row = ProjectTemplate.objects.get(name="Repair")
    assert (row.team, row.contact, row.pipeline_id, row.days) == (crew, house.sam, house.job.pipeline_id, 2)
    assert (row.photos, row.checklist, row.papers) == (3, ["Keys", "Dog"], [{"title": "Plan", "days": 3}])
    assert row.appointments == [{"type": type_.pk, "day": 1}]
    assert [(one["name"], one["weight"], one["internal"]) for one in row.milestones] == [("All of it", 1, False)]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": " "},
        {"name": "re-ROOF"},
        {"days": "0"},
        {"days": "a year"},
        {"photos": "501"},
        {"m-name": ""},
        {"m-weight": "0"},
        {"m-weight": "101"},
        {"m-day": "366"},
        {"papers": "Plan: 400"},
    ],
)
def test_a_template_that_means_nothing_is_refused(mona: Browser, typed: dict[str, str]) -> None:
    send(mona, "add/", 422, **typed)
    assert ProjectTemplate.objects.count() == 1


@pytest.mark.parametrize("typed", [{"pipeline": "999999"}, {"team": "x"}, {"contact": "-1"}, {"a-type": "999999"}])
def test_what_a_form_names_that_is_not_there_is_left_out(mona: Browser, typed: dict[str, str]) -> None:
    send(mona, "add/", **typed)
    row = ProjectTemplate.objects.get(name="Repair")
    assert (row.pipeline, row.team, row.contact, row.appointments) == (None, None, None, [])


def test_a_template_is_changed(mona: Browser) -> None:
    row = ProjectTemplate.objects.get()
    send(mona, f"{row.pk}/edit/", name="Re-roof, slate", days="5")
    row.refresh_from_db()
    assert (row.name, row.days) == ("Re-roof, slate", 5)


def test_a_template_is_archived_and_restored(mona: Browser) -> None:
    row = ProjectTemplate.objects.get()
    for verb, is_archived in (("archive", True), ("restore", False)):
        send(mona, f"{row.pk}/{verb}/")
        row.refresh_from_db()
        assert (row.archived_at is not None) is is_archived


def test_a_second_editor_is_told(mona: Browser) -> None:
    row = ProjectTemplate.objects.get()
    send(mona, f"{row.pk}/edit/", 409, version="before", name="Mine")
    assert ProjectTemplate.objects.get().name == "Re-roof"


def test_neither_service_nor_sales_sets_them_up(sam: Browser, rita: Browser) -> None:
    row = ProjectTemplate.objects.get()
    for who in (sam, rita):
        who.get(TEMPLATES, status=404)
        for path in ("add/", f"{row.pk}/edit/", f"{row.pk}/archive/"):
            send(who, path, 404)


def test_another_tenants_template_is_not_found(cast: Cast, house: House) -> None:
    row = ProjectTemplate.objects.get()
    send(Browser(cast.other, cast.otto), f"{row.pk}/edit/", 404, name="Ours")
    assert ProjectTemplate.objects.get().name == "Re-roof"
