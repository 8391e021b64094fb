"""What an admin does to pipelines, phases, steps and sources: done once, told once, refused in words."""

import pytest
from django.conf import settings

from crm.jobs.models import Job, Phase, Pipeline, Source, Stage, StageTarget
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import CustomerText
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Tenant
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


def standard() -> Pipeline:
    return pipeline_setup().default_pipeline


def names(pipeline: Pipeline | None = None) -> list[str]:
    return [stage.name for stage in pipeline_setup().steps((pipeline or standard()).pk)]


def by_phase() -> dict[str, list[str]]:
    shape = pipeline_setup().shapes[standard().pk]
    return {phase.name: [s.name for s in steps] for phase, steps in zip(pipeline_setup().phases, shape, strict=True)}


def kinds(prefix: str) -> list[str]:
    return list(Event.objects.filter(kind__startswith=prefix).order_by("pk").values_list("kind", flat=True))


def rows_of_jobs() -> list[dict]:
    return list(Job.objects.order_by("pk").values())


def test_a_step_moves_within_its_phase_and_into_another_and_no_job_is_written(house: House) -> None:
    with use_tenant(house.tenant):
        house.job.move_to(house.stage("Reached"), by=house.rita)
        before = rows_of_jobs()
        phases = {phase.name: phase for phase in pipeline_setup().phases}
        house.stage("Reached").move(phases["Contact"], before=house.stage("New"), by=house.ada)
        assert names()[:3] == ["Reached", "New", "Visit booked"]
        house.stage("Reached").move(phases["Contact"], before=house.stage("New"), by=house.ada)
        house.stage("New").move(phases["Decide"], before=house.stage("Follow-up"), by=house.ada)
        assert by_phase()["Contact"] == ["Reached"]
        assert by_phase()["Decide"] == ["New", "Follow-up"]
        house.stage("New").move(phases["Contact"], before=None, by=house.ada)
        assert by_phase()["Contact"] == ["Reached", "New"]
        assert kinds("stage.") == ["stage.moved"] * 3, "the second time there was nothing to do"
        assert rows_of_jobs() == before


def test_steps_are_added_and_renamed_and_names_are_once(house: House) -> None:
    with use_tenant(house.tenant):
        contact = pipeline_setup().phases[0]
        stage = Stage.add(standard(), contact, "  Called   back ", by=house.ada)
        assert names()[:3] == ["New", "Reached", "Called back"]
        for name in ("CALLED back", "", " \0 ", "x" * 61):
            with pytest.raises(Refused):
                Stage.add(standard(), contact, name, by=house.ada)
            with pytest.raises(Refused):
                house.stage("New").rename(name, by=house.ada)
        stage.rename("Rang", by=house.ada)
        stage.rename("Rang", by=house.ada)
        assert kinds("stage.") == ["stage.added", "stage.renamed"]
        assert Event.objects.get(kind="stage.renamed").data == {"from": "Called back", "to": "Rang"}


def test_a_pipeline_keeps_a_step(house: House) -> None:
    with use_tenant(house.tenant):
        steps = pipeline_setup().steps(standard().pk)
        for stage in steps[:-1]:
            stage.archive(into=None, stay=True, by=house.ada)
        with pytest.raises(Refused, match="at least one step"):
            steps[-1].archive(into=None, by=house.ada)
        steps[0].archive(into=None, stay=True, by=house.ada)
        steps[0].restore(by=house.ada)
        assert names() == ["New", "Invoiced"]
        assert kinds("stage.") == ["stage.archived"] * 6 + ["stage.restored"]


def test_leads_go_to_no_other_pipeline_and_no_archived_step(house: House) -> None:
    with use_tenant(house.tenant):
        other = Pipeline.add("Care plan", by=house.ada)
        elsewhere = pipeline_setup().steps(other.pk)[0]
        house.stage("Invoiced").archive(into=None, by=house.ada)
        gone = Stage.objects.get(name="Invoiced")
        for into in (elsewhere, gone):
            with pytest.raises(Refused, match="another step"):
                house.stage("New").archive(into=into, by=house.ada)
        with pytest.raises(Refused, match="no longer exists"):
            house.job.move_to(gone, by=house.rita)
        assert "New" in names()


@pytest.mark.usefixtures("fifteen_minutes")
def test_a_pipeline_is_made_with_a_step_a_phase_or_like_another(house: House) -> None:
    with use_tenant(house.tenant):
        StageTarget.set(standard(), TargetCase(house.stage("New").pk, None, 1), Terms(300, None, False), by=house.ada)
        house.stage("Reached").archive(into=None, by=house.ada)
        plain = Pipeline.add("Care plan", by=house.ada)
        assert names(plain) == ["Contact", "Inspect", "Quote", "Decide", "Job", "Paid"]
        like = Pipeline.add("Insurance", like=standard(), by=house.ada)
        assert names(like) == [name for name in names() if name != "Reached"]
        new = pipeline_setup().steps(like.pk)[0]
        assert pipeline_setup().allowance(like.pk, new.pk, house.job.brand_id, 1).seconds == 300
        assert pipeline_setup().allowance(like.pk, new.pk, house.job.brand_id, 3).seconds == 900
        with pytest.raises(Refused, match="already"):
            Pipeline.add("insurance", by=house.ada)


def test_the_default_pipeline_is_one_and_is_not_archived(house: House) -> None:
    with use_tenant(house.tenant):
        first, second = standard(), Pipeline.add("Care plan", by=house.ada)
        with pytest.raises(Refused, match="default"):
            first.archive(by=house.ada)
        second.archive(by=house.ada)
        second.archive(by=house.ada)
        with pytest.raises(Refused, match="Restore"):
            second.make_default(by=house.ada)
        second.restore(by=house.ada)
        second.make_default(by=house.ada)
        second.make_default(by=house.ada)
        assert standard() == second
        first.archive(by=house.ada)
        assert names(first)[0] == "New", "its bars go on being drawn"
        told = ["pipeline.archived", "pipeline.restored", "pipeline.made_default", "pipeline.archived"]
        assert kinds("pipeline.") == ["pipeline.added", *told]


def test_pipelines_are_listed_in_the_order_given(house: House) -> None:
    with use_tenant(house.tenant):
        first, second = standard(), Pipeline.add("Care plan", by=house.ada)
        second.move(before=first, by=house.ada)
        assert list(pipeline_setup().pipelines) == [second.pk, first.pk]
        first.rename("Re-roof", by=house.ada)
        assert [row.name for row in pipeline_setup().pipelines.values()] == ["Care plan", "Re-roof"]


def test_phases_are_three_to_eight(house: House) -> None:
    with use_tenant(house.tenant):
        for name in ("Seven", "Eight"):
            Phase.add(name, by=house.ada)
        with pytest.raises(Refused, match="No more than eight phases"):
            Phase.add("Nine", by=house.ada)
        with pytest.raises(Refused, match="another phase"):
            pipeline_setup().phases[0].remove(into=pipeline_setup().phases[0], by=house.ada)
        for phase in list(pipeline_setup().phases)[3:]:
            phase.remove(into=pipeline_setup().phases[0], by=house.ada)
        with pytest.raises(Refused, match="At least three phases"):
            pipeline_setup().phases[2].remove(into=pipeline_setup().phases[0], by=house.ada)
        assert [phase.position for phase in pipeline_setup().phases] == [0, 1, 2]


def test_a_phase_that_goes_leaves_its_steps_to_another_in_order(house: House) -> None:
    with use_tenant(house.tenant):
        house.stage("Visit booked").archive(into=None, by=house.ada)
        before = rows_of_jobs()
        phases = {phase.name: phase for phase in pipeline_setup().phases}
        phases["Contact"].remove(into=phases["Inspect"], by=house.ada)
        phases["Paid"].remove(into=phases["Job"], by=house.ada)
        assert by_phase()["Inspect"] == ["New", "Reached"]
        assert by_phase()["Job"] == ["Scheduled", "Invoiced"]
        Stage.objects.get(name="Visit booked").restore(by=house.ada)
        assert by_phase()["Inspect"] == ["New", "Reached", "Visit booked"]
        assert rows_of_jobs() == before
        assert Event.objects.filter(kind="phase.removed").count() == 2


def test_phases_change_places_and_names(house: House) -> None:
    with use_tenant(house.tenant):
        first, second = pipeline_setup().phases[:2]
        second.move(before=first, by=house.ada)
        assert [phase.name for phase in pipeline_setup().phases][:2] == ["Inspect", "Contact"]
        assert names()[0] == "Visit booked"
        first.rename("Call", by=house.ada)
        with pytest.raises(Refused, match="already"):
            first.rename("quote", by=house.ada)
        assert kinds("phase.") == ["phase.moved", "phase.renamed"]


def test_sources_are_archived_and_come_back(house: House) -> None:
    with use_tenant(house.tenant):
        radio = Source.add("Radio", by=house.ada)
        with pytest.raises(Refused):
            Source.add("radio", by=house.ada)
        radio.rename("Radio 4", by=house.ada)
        for _ in range(2):
            radio.archive(by=house.ada)
        radio.restore(by=house.ada)
        assert kinds("source.") == ["source.added", "source.renamed", "source.archived", "source.restored"]


def test_every_edit_is_seen_by_every_process(house: House) -> None:
    def version() -> int:
        return Tenant.objects.values_list("config_version", flat=True).get(pk=house.tenant.pk)

    with use_tenant(house.tenant):
        phases = pipeline_setup().phases
        acts = [
            lambda: phases[1].move(before=phases[0], by=house.ada),
            lambda: house.stage("New").move(phases[2], before=None, by=house.ada),
            lambda: house.stage("New").archive(into=house.stage("Reached"), by=house.ada),
            lambda: StageTarget.set(standard(), TargetCase(None), Terms(None, None, True), by=house.ada),
            lambda: Pipeline.add("Care plan", by=house.ada),
            lambda: Pipeline.objects.get(name="Care plan").make_default(by=house.ada),
            lambda: Phase.objects.get(name="Paid").remove(into=phases[0], by=house.ada),
        ]
        for act in acts:
            before = version()
            act()
            assert version() > before


def test_customers_read_of_a_step_in_their_language_and_a_copy_says_the_same(house: House) -> None:
    with use_tenant(house.tenant):
        step = house.stage("Reached")
        assert step.customer_text(["en"]) is None, "customers do not read of it before somebody says so"
        told = {"en": CustomerText(" Your  call ", "We spoke."), "nl": CustomerText("", " ")}
        step.tell_customers(told, by=house.ada)
        step.tell_customers(told, by=house.ada)
        assert kinds("stage.") == ["stage.told_customers"]
        assert step.customer_text(["nl", "de"]) == ("Your call", "We spoke."), "in any language before in none"
        for title, text in (("", "No title."), ("x" * 61, ""), ("Long", "x" * 241)):
            with pytest.raises(Refused):
                step.tell_customers({"en": CustomerText(title, text)}, by=house.ada)
        copy = Pipeline.add("Copy", like=standard(), by=house.ada)
        assert [s.customer_texts for s in copy.stages.all()] == [s.customer_texts for s in standard().stages.all()]
        step.tell_customers({}, by=house.ada)
        assert not step.is_told


def test_a_new_organization_says_something_to_customers_in_every_language(house: House) -> None:
    with use_tenant(house.tenant):
        told = [stage for stage in pipeline_setup().steps(standard().pk) if stage.is_told]
        assert [stage.name for stage in told] == ["New", "Visit booked", "Quote sent", "Scheduled", "Invoiced"]
        assert {*told[0].customer_texts} == {code for code, _name in settings.LANGUAGES}
