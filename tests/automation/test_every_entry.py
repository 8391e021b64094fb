"""Every condition, trigger and action that an app registers is shown, changed and saved in the trigger editor."""

from collections.abc import Iterator
from html import unescape
from re import findall

import pytest
from django import forms
from django.test import Client

from crm.automation.registry.actions import Action, actions_of
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.triggers import Trigger, triggers
from crm.automation.setup import organization
from crm.kernel import clock
from crm.platform import features
from crm.platform.tenancy.context import use_tenant
from crm.web.lists.conditions.filters import AMOUNT, CHOICE, DATE, DAYS, TESTS, Filter
from crm.web.lists.conditions.query import MOST_CONDITIONS
from crm.web.lists.conditions.viewer import Viewer
from tests.automation.test_editor import form, signed_in, url
from tests.automation.test_engine import MONDAY
from tests.cast import Cast, House

SAMPLES = {AMOUNT: "12", DAYS: "3", DATE: "2026-03-02"}


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def ada(house: House) -> Client:
    return signed_in(house.ada)


def condition_rows(kind: RecordKind) -> list[tuple[str, str, str]]:
    """Each condition of a kind of record under each of its tests, with a value that fits."""
    viewer = Viewer(organization())
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
    """A trigger of a kind of record that needs nothing to be chosen."""
    mine = [entry for entry in triggers() if entry.record == key]
    return next(entry for entry in mine if not entry.options(entry.options().stored()).problem())


def problems(page: str) -> list[str]:
    return [unescape(words) for words in findall(r'class="error"[^>]*>([^<]+)', page)]


@pytest.mark.parametrize("key", [kind.key for kind in features.of(RecordKind)])
def test_every_condition_is_shown_changed_and_saved(house: House, ada: Client, key: str) -> None:
    kind = record_kind(key)
    assert kind is not None
    rows = condition_rows(kind)
    for first in range(0, len(rows), MOST_CONDITIONS):
        chunk = rows[first : first + MOST_CONDITIONS]
        sent = form(house, record=key, record_of=key, trigger=plain_trigger(key).name, trigger_of="", **numbered(chunk))
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
    begins: list[tuple[Trigger, Action | None]] = [(entry, None) for entry in triggers() if entry.record == key]
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
