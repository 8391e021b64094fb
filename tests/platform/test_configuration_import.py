"""Importing a configuration: what changes, what is refused with its line, pruning, and what it must not touch."""

import pytest
import yaml

from crm.jobs.models import Pipeline, Stage, Tag
from crm.jobs.models.losses import LostReason
from crm.kernel.refusal import Refused
from crm.platform.configuration.transfer import export_configuration, import_configuration
from crm.platform.events.event import Event
from crm.platform.models import BusinessCalendar
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

HEAD = "throughline_configuration: 1\n"
TWO_TAGS = HEAD + "tags:\n  Storm:\n    tint: bad\n  Metal:\n    tint: plain\n"
PIPELINE = """pipelines:
  Solar:
    type: work
    steps:
      Asked:
        phase: Contact
        customers:
          en:
            title: Your request is in
            text: We call you.
      Sold:
        phase: Job
    targets:
    - step: Asked
      ours: 4h
"""


def test_an_import_adds_changes_and_records_events(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Tag.add("storm", tint="plain", by=None)
        result = import_configuration(TWO_TAGS, by=cast.house.ada)
        assert [str(one) for one in result.problems] == []
        assert dict(Tag.objects.values_list("name", "tint")) == {"storm": "bad", "Metal": "plain"}
        kinds = Event.objects.filter(actor=cast.house.ada).values_list("kind", flat=True)
        assert set(kinds) >= {"tag.edited", "tag.added"}


def test_a_second_import_changes_nothing(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        import_configuration(HEAD + PIPELINE, by=None)
        before = Event.objects.count()
        assert not import_configuration(HEAD + PIPELINE, by=None).changes_something
        assert Event.objects.count() == before


def test_a_dry_run_tells_the_difference_field_by_field(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Tag.add("Storm", tint="plain", by=None)
        result = import_configuration(TWO_TAGS, by=None, dry_run=True)
        [section] = result.sections
        assert [(one.name, one.kind.value) for one in section.entries] == [("Metal", "added"), ("Storm", "changed")]
        change = section.entries[1].fields[0]
        assert (change.path, change.before, change.after) == ("tint", "plain", "bad")
        assert not Tag.objects.filter(name="Metal").exists()


def test_steps_and_targets_of_a_pipeline_are_imported(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        result = import_configuration(HEAD + PIPELINE, by=None)
        assert [str(one) for one in result.problems] == []
        pipeline = Pipeline.objects.get(name="Solar")
        assert [step.name for step in pipeline.stages.order_by("position")] == ["Asked", "Sold"]
        assert pipeline.targets.get().ours == 4 * 3600


def test_two_steps_of_one_name_are_refused(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        text = HEAD + PIPELINE.replace("Sold:", "ASKED:")
        [problem] = import_configuration(text, by=None).problems
        assert (problem.line, problem.name) == (5, "Solar › steps")
        assert problem.words.startswith("“ASKED” and “Asked” are the same name")


def test_a_problem_names_its_line_and_nothing_is_changed(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        text = HEAD + "tags:\n  Metal:\n    tint: pink\n  Wood:\n    tint: good\n"
        result = import_configuration(text, by=None)
        assert [(one.line, one.name) for one in result.problems] == [(4, "Metal › tint")]
        assert not Tag.objects.filter(name="Wood").exists()
        assert import_configuration(text, by=None, partly=True).is_applied
        assert Tag.objects.filter(name="Wood").exists()


def test_a_target_is_on_working_hours_or_not(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        text = HEAD + PIPELINE.replace("ours: 4h", "ours: 4h\n      working_hours: maybe")
        [problem] = import_configuration(text, by=None).problems
        assert (problem.line, problem.name) == (15, "Solar › targets › 1")
        assert (problem.line, problem.words) == (15, "“maybe” is neither true nor false.")


def test_the_difference_of_a_list_names_what_differs_in_it(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        import_configuration(HEAD + PIPELINE, by=None)
        other = import_configuration(HEAD + PIPELINE.replace("ours: 4h", "ours: 9h"), by=None, dry_run=True)
        more = import_configuration(HEAD + PIPELINE + "    - step: Sold\n      ours: 8h\n", by=None)
    [change] = other.sections[0].entries[0].fields
    assert (change.path, change.before, change.after) == ("targets › 1 › ours", "4h", "9h")
    [change] = more.sections[0].entries[0].fields
    assert (change.before, [one["step"] for one in change.after]) == ([], ["Sold"])


def test_only_pruning_archives_and_nothing_is_deleted(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Tag.add("Old", by=None)
        import_configuration(TWO_TAGS, by=None)
        assert Tag.objects.get(name="Old").archived_at is None
        import_configuration(TWO_TAGS, by=None, prune=True)
        assert Tag.objects.get(name="Old").archived_at is not None


def test_pruning_refuses_what_is_in_use_with_the_sentence_of_the_page(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        content = yaml.safe_load(export_configuration())
        pipeline = next(iter(content["pipelines"].values()))
        pipeline["steps"] = {name: step for name, step in pipeline["steps"].items() if name != "New"}
        pipeline["targets"] = [one for one in pipeline["targets"] if one["step"] != "New"]
        text = HEAD + yaml.safe_dump({"pipelines": content["pipelines"]}, sort_keys=False)
        result = import_configuration(text, by=None, prune=True)
        [problem] = result.problems
        assert problem.name.endswith(" › steps › New")
        assert problem.words == "It has open leads. Choose first which step they go to, or that they stay."
        assert Stage.objects.get(name="New").archived_at is None


def test_an_archived_entry_is_restored(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Tag.add("Metal", by=None).archive(by=None)
        import_configuration(TWO_TAGS, by=None)
        assert Tag.objects.get(name="Metal").archived_at is None


def test_a_section_that_the_file_lacks_stays(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        before = export_configuration()
        import_configuration(HEAD + "tags: {}\n", by=None, prune=True)
        assert export_configuration() == before


def test_working_hours_are_read_as_spans(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        text = HEAD + "calendars:\n  Office:\n    week:\n      monday:\n      - 08:00-12:00\n      - 13:00-17:00\n"
        result = import_configuration(text + "    closed_on:\n      2026-12-24: Christmas Eve\n", by=None)
        assert [str(one) for one in result.problems] == []
        calendar = BusinessCalendar.objects.get(name="Office")
        assert calendar.week[0] == [[480, 720], [780, 1020]]
        assert [day.name for day in calendar.closing_days.all()] == ["Christmas Eve"]


def test_sub_reasons_keep_their_order(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        text = HEAD + "lost_reasons:\n  lost / Price:\n    reasons:\n    - Too dear\n    - Over their budget\n"
        import_configuration(text, by=None)
        rows = LostReason.objects.filter(parent__name="Price", archived_at=None).order_by("position")
        assert [row.name for row in rows][:2] == ["Too dear", "Over their budget"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tags: {}\n", "names no version"),
        ("throughline_configuration: 9\n", "format 9 is not known"),
        (HEAD + "tags:\n  A: {}\n  A: {}\n", "Line 4: “A” appears twice."),
        (HEAD + "tags: &a {}\nsources: *a\n", "refers to itself"),
        (HEAD + "tags:\n\tA: {}\n", "Line 3 is not valid YAML: found character"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(cast: Cast, text: str, words: str) -> None:
    with use_tenant(cast.house.tenant), pytest.raises(Refused, match=words):
        import_configuration(text, by=None)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("no_such: {}\n", 2, "There is no section “no_such”."),
        ("tags:\n  A:\n    color: red\n", 3, "There is no field “color” here."),
        ("tags: [a]\n", 2, "Write names with values here."),
        ("tags:\n  A:\n    tint: pink\n", 4, "“pink” is not one of: plain, brand, good, note, warn, bad, violet."),
        ("phases:\n  Contact:\n    is_sold: maybe\n", 4, "“maybe” is neither true nor false."),
        ("pipelines:\n  P:\n    default: 'no'\n", 4, "“no” is neither true nor false."),
        ("tags:\n  A: {}\n  a: {}\n", 2, "“a” and “A” are the same name: capitals make no difference."),
        ("brands:\n  New:\n    calendar: Nowhere\n", 4, "“Nowhere” does not exist here."),
    ],
)
def test_what_does_not_fit_is_a_problem_of_its_line(cast: Cast, text: str, line: int, words: str) -> None:
    with use_tenant(cast.house.tenant):
        [problem] = import_configuration(HEAD + text, by=None).problems
        assert (problem.line, problem.words) == (line, words)
