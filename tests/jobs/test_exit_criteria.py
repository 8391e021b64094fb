"""A step asks for what a lead must have before it goes on: one judgement for one lead, many, rules; not for imports."""

import re
from typing import Any

import pytest
from django.test import Client

from crm.jobs.bulk.bulk_actions import Move
from crm.jobs.bulk.effects import COLUMNS, BulkEffect
from crm.jobs.bulk.verbs import move_all
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.pipelines.exit_criteria import Heed, Unmet, gaps
from crm.jobs.pipelines.key_fields import key_fields
from crm.jobs.quality import checks
from crm.jobs.quality.accuracy import accuracy, missing_by_step
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.markup import flat
from tests.queries import data_queries


@pytest.fixture
def house(cast: Cast) -> House:
    """ "New" wants a value, and warns of a missing next step."""
    with use_tenant(cast.house.tenant):
        asked = {"value": "block", "next_step": "warn", "gone": "block"}
        cast.house.stage("New").guide("Call within the hour.", ["value", "reach"], asked, by=cast.house.ada)
    return cast.house


def moved(job: Job) -> dict[str, object]:
    event = Event.objects.of_job(job.pk).filter(kind="job.moved").latest("pk")
    return {"despite": event.data.get("despite"), "to": event.data["to"]}


def test_what_blocks_blocks_and_a_warning_is_gone_past_once_and_noted(house: House) -> None:
    with use_tenant(house.tenant):
        job, reached = house.job, house.stage("Reached")
        with pytest.raises(Unmet, match="No value") as unmet:
            job.move_to(reached, by=house.rita)
        assert [(gap.field.key, gap.blocks) for gap in unmet.value.gaps] == [("value", True), ("next_step", False)]
        with pytest.raises(Unmet):
            job.move_to(reached, by=house.rita, heed=Heed.BLOCKS)
        Job.objects.filter(pk=job.pk).update(value=100_00)
        with pytest.raises(Unmet, match="No next step") as unmet:
            job.move_to(reached, by=house.rita)
        assert not unmet.value.blocks
        job.move_to(reached, by=house.rita, heed=Heed.BLOCKS)
        assert moved(job) == {"despite": ["next_step"], "to": reached.pk}
        house.stage("Reached").guide("", [], {"email": "block", "appointment": "block"}, by=house.ada)
        job.move_to(house.stage("New"), by=house.rita)
        assert moved(job)["despite"] is None, "going back asks for nothing"


def test_many_are_judged_as_one_and_an_import_is_not(house: House) -> None:
    with use_tenant(house.tenant):
        new, sent = house.stage("New"), house.stage("Quote sent")
        rich = open_job(title="Rich", stage=new, by=None)
        Job.objects.filter(pk=rich.pk).update(value=1)
        imported = open_job(title="Imported", stage=new, by=None)
        rows = Job.objects.filter(stage=new).order_by("pk").values_list(*COLUMNS, named=True)
        effect = BulkEffect.of(Move(stage=sent).verdicts(list(rows)))
        assert effect.changes.total() == 1
        assert effect.blocked == {"No value": 2}
        assert effect.despite == {"No next step": 1}
        assert any("No value" in sentence for sentence in effect.staying())
        jobs = Job.lock_all(Job.objects.filter(pk__in=[house.job.pk, rich.pk]))
        assert move_all([(job, sent) for job in jobs], by=house.mona) == [rich]
        assert moved(rich)["despite"] == ["next_step"]
        imported.move_to(sent, by=house.ada, heed=Heed.NONE)
        assert moved(imported) == {"despite": None, "to": sent.pk}


def test_judging_asks_once_however_many_and_nothing_where_nothing_is_asked(house: House) -> None:
    with use_tenant(house.tenant):
        new, reached, sent = (house.stage(name) for name in ("New", "Reached", "Quote sent"))
        jobs = [open_job(title=f"Lead {number}", stage=new, by=None) for number in range(5)]
        key_fields()
        with data_queries() as asked:
            assert len(gaps([(job, reached) for job in jobs], Job.objects)) == 5
        assert len(asked) == 1
        for job in jobs:
            job.stage_id = reached.pk
        with data_queries() as asked:
            assert gaps([(job, sent) for job in jobs], Job.objects) == {}
        assert not asked


def test_a_step_keeps_five_key_fields_at_most_and_a_copy_keeps_its_criteria(house: House) -> None:
    with use_tenant(house.tenant):
        new = house.stage("New")
        with pytest.raises(Refused, match="five"):
            new.guide("", ["value", "reach", "place", "source", "owner", "next_step"], {}, by=house.ada)
        new.refresh_from_db()
        assert (new.key_fields, new.exit_criteria["value"]) == (["value", "reach"], "block")
        copy = type(new.pipeline).add("Copy", like=new.pipeline, by=house.ada)
        assert copy.stages.get(name="New").exit_criteria == new.exit_criteria


def test_the_form_says_what_is_missing_fills_it_in_and_goes_on(client: Client, post: Any, house: House) -> None:
    with use_tenant(house.tenant):
        job, reached = house.job, house.stage("Reached")
    asked = post("move", stage=reached.pk, on="lead")
    page = asked.content.decode()
    assert (asked.status_code, asked["HX-Retarget"]) == (422, "#dialog")
    assert "No value" in page
    assert "No next step" in page
    assert 'name="value"' in page
    assert "Move it anyway" not in page, "a value is needed"
    wrong = post("fill", stage=reached.pk, on="lead", fill="1", value="a lot").content.decode()
    assert 'value="a lot"' in wrong
    assert 'aria-invalid="true"' in wrong
    # What is filled in stays, and the warning is left: it takes a click of its own.
    left = post("fill", stage=reached.pk, on="lead", fill="1", value="1200").content.decode()
    assert "Move it anyway" in left
    client.force_login(house.rita.user)
    plain = client.post(
        f"/{house.tenant.slug}/jobs/{job.number}/move/", {"stage": reached.pk, "stay": current_stay(house)}
    )
    assert plain.status_code == 422
    assert "<html" in plain.content.decode(), "a page of its own without scripts"
    assert post("move", stage=reached.pk, on="lead", despite="1").status_code == 200
    with use_tenant(house.tenant):
        job.refresh_from_db()
        assert (job.stage_id, job.value) == (reached.pk, 120_000)
        assert moved(job)["despite"] == ["next_step"]
        assert Event.objects.of_job(job.pk).filter(kind="job.corrected").count() == 1
    assert "despite: No next step" in client.get(f"/{house.tenant.slug}/leads/{job.number}/").content.decode()


def current_stay(house: House) -> str:
    with use_tenant(house.tenant):
        return str(Job.objects.get(pk=house.job.pk).stay)


def test_the_step_is_set_up_on_its_page_and_seen_on_its_leads_and_in_the_quality(client: Client, house: House) -> None:
    with use_tenant(house.tenant):
        new = house.stage("New")
        url = f"/{house.tenant.slug}/settings/pipelines/{new.pipeline.uid}/steps/{new.pk}/"
        open_job(title="Second", stage=new, by=None)
    client.force_login(house.ada.user)
    page = client.get(url).content.decode()
    assert "Call within the hour." in page
    assert re.search(r'missing=value">\s*2', page), "how many would be held back"
    version = re.search(r'name="version" value="([^"]+)"', page)[1]
    sent = {"guidance": "Call\n today", "key": ["place"], "exit-email": "block", "exit-value": "warn"}
    assert client.post(f"{url}guide/", sent).status_code == 409
    crowded = {**sent, "version": version, "key": ["place", "value", "reach", "owner", "source", "email"]}
    refused = client.post(f"{url}guide/", crowded)
    assert (refused.status_code, "No more than five key fields" in refused.content.decode()) == (422, True)
    assert client.post(f"{url}guide/", {**sent, "version": version}).status_code == 302
    with use_tenant(house.tenant):
        new.refresh_from_db()
        assert (new.guidance, new.key_fields) == ("Call\ntoday", ["place"])
        assert new.exit_criteria == {"email": "block", "value": "warn"}
    lead = client.get(f"/{house.tenant.slug}/leads/{house.job.number}/").content.decode()
    assert "Call<br>today" in lead
    # Reach and a source as every lead; the address, an email and a value as its step asks.
    assert "3 of 5 fields filled in" in flat(lead)
    with use_tenant(house.tenant):
        checks.check(list(Job.objects.all()))
        figure = accuracy()
        assert (figure.open, figure.flawed, figure.percent, figure.reached) == (2, 2, 0.0, False)
        assert [(gap.key, gap.missing, gap.standing) for gap in missing_by_step(house.mona)] == [
            ("value", 2, 2),
            ("email", 1, 2),
            ("place", 1, 2),
        ]
    client.force_login(house.mona.user)
    assert "missing=value" in client.get(f"/{house.tenant.slug}/reports/data-quality/").content.decode()
