"""Every condition, trigger and action that an app registers is shown, changed and saved in the trigger editor."""

from collections.abc import Iterator
from html import unescape
from re import findall

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override

from crm.automation.editor.conditions import RuleConditions
from crm.automation.editor.rule_draft import RuleDraft
from crm.automation.registry.actions import RuleAction, actions_of
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.triggers import Trigger, all_triggers
from crm.automation.setup import organization_member
from crm.jobs.models.fields import OwnField
from crm.jobs.models.fields.own_field import OwnFieldRecord
from crm.kernel import clock
from crm.platform import features
from crm.platform.tenancy.context import use_tenant
from crm.web.lists.conditions.builder import ALL_TRUE, Row
from crm.web.lists.conditions.filters import AMOUNT, CHOICE, DATE, DAYS, TESTS, TEXT, Filter
from crm.web.lists.conditions.query import MOST_CONDITIONS, Filters
from crm.web.lists.conditions.viewer import Viewer
from tests.automation.test_editor import form, signed_in, url
from tests.automation.test_engine import MONDAY
from tests.cast import Cast, House

SAMPLES = {AMOUNT: "12", DAYS: "3", DATE: "2026-03-02"}


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        for record in OwnFieldRecord.values:
            OwnField.add(f"Day of {record}", kind="date", record=record, by=None)
        yield cast.house


@pytest.fixture
def ada(house: House) -> Client:
    return signed_in(house.ada)


def condition_rows(kind: RecordKind) -> list[tuple[str, str, str]]:
    """Each condition of a kind of record under each of its tests, with a value that fits."""
    viewer = Viewer(organization_member())
    offered = [one for one in kind.filterset.known().values() if not one.alone and one.offers(viewer.member)]
    return [(one.name, test, sample_value(one, test, viewer)) for one in offered for test in one.tests]


def sample_value(condition: Filter, test: str, viewer: Viewer) -> str:
    choices = [str(choice.value) for choice in condition.choices(viewer.member) if choice.value]
    takes = TESTS[test].takes
    return choices[0] if takes == CHOICE and choices else SAMPLES.get(takes, "roof")


def numbered(rows: list[tuple[str, str, str]]) -> dict[str, str]:
    """Rows of conditions as the form of the builder sends them."""
    fields: dict[str, str] = {}
    for place, (name, test, value) in enumerate(rows):
        fields |= {f"f{place}": name, f"o{place}": test, f"v{place}": value, f"g{place}": ""}
    return fields


def plain_trigger(key: str) -> Trigger:
    """The trigger of a kind of record that has least to be chosen."""
    mine = [entry for entry in all_triggers() if entry.record == key]
    return min(mine, key=lambda entry: len(entry.options().fields))


def problems(page: str) -> list[str]:
    return [unescape(words) for words in findall(r'class="error"[^>]*>([^<]+)', page)]


@pytest.mark.parametrize("key", [kind.key for kind in features.of(RecordKind)])
def test_every_condition_is_shown_changed_and_saved(house: House, ada: Client, key: str) -> None:
    kind = record_kind(key)
    assert kind is not None
    rows = condition_rows(kind)
    for first in range(0, len(rows), MOST_CONDITIONS):
        chunk = rows[first : first + MOST_CONDITIONS]
        plain = plain_trigger(key)
        sent = form(house, record=key, record_of=key, trigger=plain.name, trigger_of=plain.name, **numbered(chunk))
        sent |= filled(plain.options, "t")
        changed = ada.post(url(house, "new/"), sent | {"do": "any"})
        assert changed.status_code == 200
        saved = ada.post(url(house, "new/"), sent | {"name": f"{key} {chunk[0]}"})
        assert saved.status_code == 302, problems(saved.content.decode())
        assert ada.get(saved["Location"]).status_code == 200


def filled(options: type[Options], prefix: str) -> dict[str, str]:
    """An option form as it is sent, with the first choice or a value for each field."""
    form_fields = options().fields
    return {f"{prefix}-{name}": first_value(field) for name, field in form_fields.items()}


def first_value(field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField):
        groups = [label if isinstance(label, list | tuple) else [(value, label)] for value, label in field.choices]
        return next((str(value) for group in groups for value, _label in group if value), "")
    return "on" if isinstance(field, forms.BooleanField) else "2"


@pytest.mark.parametrize("key", [kind.key for kind in features.of(RecordKind)])
def test_every_trigger_and_action_is_shown_and_saved(house: House, ada: Client, key: str) -> None:
    plain = plain_trigger(key)
    begins: list[tuple[Trigger, RuleAction | None]] = [(entry, None) for entry in all_triggers() if entry.record == key]
    steps = [(plain, step) for step in actions_of(key)]
    for begin, step in [*begins, *steps]:
        sent = form(house, record=key, record_of=key, trigger=begin.name, trigger_of=begin.name, weekday="0", f0="")
        sent |= filled(begin.options, "t") | {"name": f"{begin.name} {step}"}
        if step:
            sent |= {"s0-action": step.name, "s0-of": step.name, **filled(step.options, "s0-o")}
        assert ada.post(url(house, "new/"), sent | {"do": "any"}).status_code == 200
        saved = ada.post(url(house, "new/"), sent)
        assert saved.status_code == 302 or problems(saved.content.decode()), (begin.name, step)
        if saved.status_code == 302:
            assert ada.get(saved["Location"]).status_code == 200


KINDS = [kind.key for kind in features.of(RecordKind)]
WITHOUT_DEFAULT = (AMOUNT, TEXT)


def conditions_of(kind: RecordKind, *rows: Row) -> RuleConditions:
    return RuleConditions(rows[0].field, organization_member(), list(rows), ALL_TRUE, carried=Filters(kind.filterset))


@pytest.mark.parametrize("key", KINDS)
def test_every_condition_begins_valid_or_asks_for_what_nobody_can_guess(house: House, key: str) -> None:
    kind = record_kind(key)
    assert kind is not None
    for name, test, _value in condition_rows(kind):
        added = conditions_of(kind, Row("", name))
        changed = conditions_of(kind, Row("", name, test, "", former_field="another"))
        for conditions in (added, changed):
            takes = TESTS[conditions.rows[0].test].takes
            assert conditions.judge() != (takes in WITHOUT_DEFAULT), (name, test)


@pytest.mark.parametrize("key", KINDS)
def test_every_trigger_and_action_begins_valid_or_says_which_field_is_needed(house: House, key: str) -> None:
    for entry in [*(one for one in all_triggers() if one.record == key), *actions_of(key)]:
        problem = entry.options(entry.options().stored_values()).problem()
        assert not problem or problem.startswith("Choose a"), (entry.name, problem)


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_two_conditions_of_a_record_share_a_label(house: House, key: str, language: str) -> None:
    kind = record_kind(key)
    assert kind is not None
    with override(language):
        filters = [one for one in kind.filterset.known().values() if not one.alone]
        labels = [str(one.label).casefold() for one in filters]
        values = [str(choice.label) for one in filters for choice in one.choices(organization_member())]
    assert len(labels) == len(set(labels))
    assert all(values)


def test_a_value_of_another_test_is_replaced_and_one_that_was_emptied_or_is_gone_is_not(house: House) -> None:
    kind = record_kind("job")
    assert kind is not None
    typed = [("came", "since", "7"), ("came", "within", "2026-03-02"), ("touched", "older", ""), ("step", "is", "Gone")]
    rows = [Row("", name, test, value, former_field=name) for name, test, value in typed]
    assert [row.value for row in conditions_of(kind, *rows).rows] == ["2026-03-02", "7", "", ""]


def test_a_trigger_just_chosen_begins_with_a_time_and_with_working_days(house: House) -> None:
    def chosen(name: str, **sent: str) -> RuleDraft:
        form = QueryDict(mutable=True)
        form.update({"record": "job", "record_of": "job", "trigger": name, "trigger_of": "job.opened"} | sent)
        return RuleDraft.from_form(form)

    coming = chosen("job.appointment")
    assert (coming.count, coming.unit, coming.before) == ("2", "days", True)
    assert chosen("job.silent", count="5").count == "5"
    assert chosen("job.round").weekdays == (0, 1, 2, 3, 4)


def test_a_choice_without_choices_asks_for_them_in_its_place(house: House, ada: Client) -> None:
    step = {"s0-action": "webhook.call", "s0-of": "tell"}
    page = ada.post(url(house, "new/"), form(house, **step, do="again")).content.decode()
    assert ">Choose a webhook; add one in Settings, “Webhooks”</option>" in page
    added = ada.post(url(house, "new/"), form(house, do="step")).content.decode()
    assert 'name="s1-action"' in added
    assert '<option value="followup.plan" selected' in added
