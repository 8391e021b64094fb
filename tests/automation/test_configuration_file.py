"""Triggers and priority points in the configuration file: names instead of ids, also in another organization."""

from django.utils import translation

from crm.automation.definition import Definition, DoStep
from crm.automation.models import Mode, PriorityPoint, Rule
from crm.jobs.models import Pipeline, Stage
from crm.platform.configuration.transfer import export_configuration, import_configuration
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def _add_quote_rule(cast: Cast) -> None:
    """A trigger with a step and a pipeline, which have other ids elsewhere."""
    stage = cast.house.stage("Quote sent")
    definition = Definition(
        "job",
        "job.entered",
        options={"step": str(stage.pk)},
        where=f"pipeline={stage.pipeline.uid}",
        steps=(DoStep("job.prioritize", {"priority": "2", "raise_only": ""}),),
    )
    Rule.add("Metal quotes", definition, by=None, mode=Mode.ON)


def test_a_trigger_is_written_with_names(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        _add_quote_rule(cast)
        text = export_configuration()
        assert "step: Quote sent" in text
        assert "value: Standard" in text
        assert "priority: High" in text


def test_a_trigger_means_the_same_in_another_organization(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        _add_quote_rule(cast)
        text = export_configuration()
    with use_tenant(cast.other.tenant):
        result = import_configuration(text, by=None, partly=True)
        assert not [str(one) for one in result.problems if one.section == "triggers"]
        rule = Rule.objects.get(name="Metal quotes")
        assert rule.mode == Mode.ON
        assert rule.version is not None
        definition = Definition.from_json(rule.version.definition)
        assert definition.where == f"pipeline={Pipeline.objects.get(name='Standard').uid}"
        assert definition.options["step"] in {str(pk) for pk in _stage_ids()}


def _stage_ids() -> set[int]:
    return set(Stage.objects.filter(name="Quote sent").values_list("pk", flat=True))


def test_a_condition_that_no_longer_works_is_refused(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        definition = Definition(
            "job", "job.opened", where="pipeline=gone", steps=(DoStep("job.prioritize", {"priority": "2"}),)
        )
        Rule.add("Broken", definition, by=None)
        text = export_configuration()
    with use_tenant(cast.other.tenant):
        problems = [one for one in import_configuration(text, by=None).problems if one.section == "triggers"]
        assert [one.name for one in problems] == ["Broken › definition › if"]
        assert not Rule.objects.filter(name="Broken").exists()


def test_points_keep_their_conditions(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        PriorityPoint.add("late", "where=level:is:over", 2, by=None)
        text = export_configuration()
    with use_tenant(cast.other.tenant):
        import_configuration(text, by=None, partly=True)
        assert PriorityPoint.objects.get(words="late").points == 2


def test_labels_of_the_product_mean_the_same_in_another_language(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        PriorityPoint.add("waiting", "waiting=1", 2, by=None)
        text = export_configuration()
    with use_tenant(cast.other.tenant), translation.override("nl"):
        result = import_configuration(text, by=None, partly=True)
        assert not [str(one) for one in result.problems if one.section == "priority_points"]
        assert "value: waiting for our reply" in export_configuration()


def test_a_condition_and_an_hour_that_do_not_exist_are_refused(cast: Cast) -> None:
    trigger = "throughline_configuration: 1\ntriggers:\n  T:\n    definition: {record: job, when: job.opened, %s}\n"
    with use_tenant(cast.house.tenant):
        for part, words in (
            ("if: [{field: color, test: is, value: red}]", "There is no field “color” here."),
            ("if: [{field: priority, test: near, value: high}]", "“near” is not one of: is, not."),
            ("at_hour: noon", "Enter a whole number from 0 to 23."),
            ("weekdays: [monday]", "Enter a whole number from 0 to 6."),
        ):
            [problem] = import_configuration(trigger % part, by=None).problems
            assert (problem.line, problem.words) == (4, words)
