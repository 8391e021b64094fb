"""The types of follow-ups a tenant has of its own: made in the settings, usable wherever a type is."""

import re
from typing import Any

import pytest
from django.utils import translation

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Pipeline
from crm.jobs.next_step.kinds import step_name
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups import export
from followups.models import FollowUp, FollowUpKind, TenantKind
from followups.models.kind_setup import kinds
from followups.next_step.adoption import adopt_next_steps
from followups.quick_entry.parse import parse_line
from leads.importing.values.vocabulary import step_kind
from tests.cast import Cast, House
from tests.followups.conftest import NOON

ASKED = {"icon": "eye", "minutes": 45}


@pytest.fixture
def inspection(house: House) -> str:
    """The code of the house's own type."""
    with use_tenant(house.tenant):
        return TenantKind.add("Roof inspection", name_nl="Dakinspectie", by=house.ada, **ASKED).code


def version(page: str) -> str:
    return re.search(r'name="version" value="([^"]+)"', page)[1]  # type: ignore[index]


def live() -> list[str]:
    return [kind.label for kind in kinds().live]


def test_an_own_type_speaks_both_languages_and_stays_in_its_tenant(cast: Cast, inspection: str) -> None:
    with use_tenant(cast.house.tenant):
        assert kinds().of(inspection).label == "Roof inspection"
        with translation.override("nl"):
            assert kinds().of(inspection).label == "Dakinspectie"
            assert kinds().of("call").label == "Bellen", "a built-in one speaks by itself"
    with use_tenant(cast.other.tenant):
        assert inspection not in kinds().all
        with pytest.raises(ValueError, match="no type"):
            FollowUp.plan(kind=inspection, subject="Theirs", due_at=None, by=cast.otto)
        assert step_kind("Roof inspection") == "visit"


@pytest.mark.parametrize("name", ["call", "BELLEN", "roof  INSPECTION", "dakinspectie", "", "x" * 41])
def test_a_name_is_ones_own(house: House, inspection: str, name: str) -> None:
    with use_tenant(house.tenant):
        with pytest.raises(Refused):
            TenantKind.add(name, name_nl="", by=house.ada, **ASKED)
        with pytest.raises(Refused):
            TenantKind.add("Chimney", name_nl="", by=house.ada, **ASKED | {"icon": "skull"})
        with pytest.raises(Refused):
            TenantKind.add("Chimney", name_nl="", by=house.ada, **ASKED | {"minutes": 0})
        assert TenantKind.add("Chimney", name_nl="", by=house.ada, **ASKED).is_own


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("roof inspection tue 3pm", "Roof inspection"),
        ("Dakinspectie di 15:00", "Dakinspectie"),
        ("call about the roof inspection tue 3pm", "Call about the roof inspection"),
        ("tue 3pm: ROOF INSPECTION, bring ladder", "ROOF INSPECTION, bring ladder"),
    ],
)
def test_its_name_works_as_a_word(house: House, inspection: str, text: str, subject: str) -> None:
    with use_tenant(house.tenant):
        read = parse_line(text, NOON, own=kinds().words, hidden=kinds().hidden)
    assert (read.kind, read.subject, read.at.weekday(), read.at.hour) == (inspection, subject, 1, 15)


def test_a_name_that_speaks_of_days_is_no_date() -> None:
    own = {"Sunday visit": "own-1", "30 day check": "own-2"}
    for text, code in (("sunday visit tue 3pm", "own-1"), ("30 day check tue 3pm", "own-2")):
        read = parse_line(text, NOON, own=own)
        assert (read.kind, read.at.weekday(), read.at.hour) == (code, 1, 15)


def test_a_hidden_type_is_not_offered_nor_read_and_what_is_planned_keeps_it(house: House, planned: Any) -> None:
    old = planned("Visa papers", kind="visa")
    with use_tenant(house.tenant):
        TenantKind.of("visa").archive(by=house.ada)  # type: ignore[union-attr]
        TenantKind.of("visa").archive(by=house.ada)  # type: ignore[union-attr]
        assert "Visa status" not in live()
        assert parse_line("visa tue 3pm", NOON, hidden=kinds().hidden).kind == FollowUpKind.TASK
        assert kinds().of(FollowUp.objects.get(pk=old.pk).kind).label == "Visa status"
        assert Event.objects.filter(kind="kind.archived").count() == 1
        with pytest.raises(Refused, match="stays"):
            TenantKind.of("task").archive(by=house.ada)  # type: ignore[union-attr]
        with pytest.raises(Refused, match="keeps its name"):
            TenantKind.of("call").edit("Ring", name_nl="", by=house.ada, **ASKED)  # type: ignore[union-attr]


def test_planned_filtered_and_shown_as_it(house: House, as_member: Any, inspection: str) -> None:
    rita, ada = as_member("rita"), as_member("ada")
    assert f'<option value="{inspection}">Roof inspection</option>' in rita.get("followups/new/")
    assert "<b>Roof inspection</b> · Tue" in rita.get("followups/understand/?text=roof+inspection+tue+3pm")
    rita.post("followups/new/", {"job": house.job.number, "text": "roof inspection tue 3pm"})
    rita.post("followups/new/", {"kind": inspection, "day": "2026-12-01", "clock": "09:00"})
    with use_tenant(house.tenant):
        of_job, alone = FollowUp.objects.order_by("pk")
        job = Job.objects.get(pk=house.job.pk)
        assert (of_job.kind, alone.kind, alone.subject) == (inspection, inspection, "Roof inspection")
        assert (job.next_step_kind, job.next_step_label) == (inspection, "Roof inspection")
        assert (step_name(inspection), step_kind("Do the roof inspection")) == ("Roof inspection", inspection)
    assert "#i-eye" in rita.get("leads/"), "the row of the lead has its icon"
    page = rita.get(f"followups/?kind={inspection}")
    assert "Roof inspection" in page
    assert "about 45 minutes" in rita.get(f"followups/{of_job.uid}/")
    assert "planned a follow-up: Roof inspection" in rita.get(f"leads/{house.job.number}/")
    with use_tenant(house.tenant):
        TenantKind.of(inspection).archive(by=house.ada)  # type: ignore[union-attr]
    assert f'value="{inspection}"' not in ada.get("followups/new/")
    page = rita.get(f"followups/?kind={inspection}")
    assert "#i-eye" in page, "an old link, and old follow-ups, keep it"
    assert f'value="{inspection}"' not in rita.get("followups/")
    rita.post("followups/new/", {"kind": inspection, "day": "2026-12-01", "clock": "09:00", "subject": "Late"})
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(subject="Late").kind == FollowUpKind.TASK


def test_the_next_step_of_many_is_of_it_and_comes_back_from_a_file(
    house: House, as_member: Any, inspection: str
) -> None:
    mona = as_member("mona")
    form = {"numbers": str(house.job.number), "picked": str(house.job.number), "text": "roof inspection tue 3pm"}
    answer = mona.client.post(f"{mona.prefix}followups/new/many/", form | {"apply": "1"})
    assert answer.status_code == 302, answer.content.decode()[:800]
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().kind == inspection == Job.objects.get(pk=house.job.pk).next_step_kind
        (row,) = export.read_rows([FollowUp.objects.get().pk], house.mona)
        assert row[1] == "Roof inspection"
        # As an import writes it: `followups` makes a follow-up of what stands on the job.
        job = open_job(title="Hector Salinas", by=None)
        job.plan_next(kind=step_kind("Roof inspection"), label="", at=None, by=None)
        assert adopt_next_steps([job.pk]) == 1
        made = FollowUp.objects.get(job=job)
        assert (made.kind, made.subject) == (inspection, "Roof inspection")


def test_the_settings_page_does_it_all(house: House, as_member: Any) -> None:
    ada = as_member("ada")
    page = ada.get("followups/types/")
    assert "Visa status" in page
    form = {"name": "Roof <inspection>", "name_nl": "Dakinspectie", "icon": "eye", "minutes": "45"}
    ada.post("followups/types/add/", form | {"version": version(page)})
    page = ada.get("followups/types/")
    assert "Roof &lt;inspection&gt;" in page
    with use_tenant(house.tenant):
        code = next(kind.code for kind in kinds().live if kind.is_own)
        assert live()[-1] == "Roof <inspection>"
    ada.post(f"followups/types/{code}/move/", {"direction": "up", "version": version(page)})
    page = ada.get("followups/types/")
    ada.post("followups/types/visa/move/", {"before": "call", "version": version(page)})
    page = ada.get("followups/types/")
    ada.post("followups/types/visa/move/", {"direction": "up", "version": version(page)})
    with use_tenant(house.tenant):
        assert (live()[0], live()[-2:]) == ("Visa status", ["Roof <inspection>", "Task"]), "up from the top: it stays"
    ada.post(f"followups/types/{code}/edit/", form | {"name": "Inspection", "minutes": "60", "version": version(page)})
    page = ada.get("followups/types/")
    ada.post("followups/types/visa/archive/", {"version": version(page)})
    page = ada.get("followups/types/")
    assert 'action="/suncoast-test/followups/types/visa/restore/"' in page
    ada.post("followups/types/visa/restore/", {"version": version(page)})
    with use_tenant(house.tenant):
        own = kinds().of(code)
        assert (own.name, own.minutes, live()[0]) == ("Inspection", 60, "Visa status")
        told = Event.objects.filter(kind__startswith="kind.").order_by("pk").values_list("kind", flat=True)
        assert list(told) == [f"kind.{act}" for act in "added moved moved edited archived restored".split()]
    # Of two editors one wins; and what was typed stands there again.
    ada.post(f"followups/types/{code}/archive/", {"version": version(page)}, status=409)
    page = ada.get("followups/types/")
    refused = ada.post("followups/types/add/", form | {"name": "Call", "version": version(page)}, status=422, htmx=True)
    assert "“Call” already exists." in refused.content.decode()
    assert 'value="Dakinspectie"' in refused.content.decode()
    as_member("mona").get("followups/types/", status=404)


def test_what_is_offered_fits_the_type_of_the_pipeline(house: House, as_member: Any) -> None:
    """No visa status for a roofer; what is chosen all the same, by a word or an old link, is planned."""
    ada, rita = as_member("ada"), as_member("rita")
    offered = '<option value="visa">'
    assert offered not in rita.get(f"followups/new/?job={house.job.number}")
    assert offered not in rita.get("followups/new/")
    with use_tenant(house.tenant):
        pipeline = pipeline_setup().pipelines[house.job.pipeline_id]
    url = f"settings/pipelines/{pipeline.uid}/"
    page = ada.get(url)
    ada.post(f"{url}type/", {"type": "cases", "version": version(page)})
    assert offered in rita.get(f"followups/new/?job={house.job.number}")
    assert offered in rita.get("followups/new/")
    answer = ada.post(f"{url}type/", {"type": "fun", "version": version(ada.get(url))}, status=422)
    assert "Choose a type." in answer.content.decode()
    rita.post("followups/new/", {"text": "visa papers tue 3pm"})
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().kind == FollowUpKind.VISA
        assert Pipeline.add("Copied", like=Pipeline.objects.get(pk=pipeline.pk), by=house.ada).type == "cases"
