"""The types of public events: none that the product records is forgotten, none is made up."""

import re
from pathlib import Path

import pytest

from api.events.event_types import EVENT_TYPES, SUBJECTS
from api.events.public_records import RECORDS
from api.events.withheld_events import WITHHELD
from crm.platform import features
from crm.platform.access.permissions import Permission
from crm.web.timeline.event_words import EventWords

ROOT = Path(__file__).parents[2]
APPS = ("billing", "comms", "crm", "followups", "leads", "portal", "quotes", "service", "tickets")
SOURCES = [path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
CLOCK = ("clock_moved", "due_soon", "far_overdue", "overdue")


def test_every_event_of_a_public_record_is_public_or_withheld() -> None:
    kinds = {words.kind for words in features.of(EventWords)}
    of_records = {kind for kind in kinds if kind.partition(".")[0] in SUBJECTS}

    assert sorted(of_records - EVENT_TYPES.keys() - WITHHELD) == []


def test_every_type_is_recorded_somewhere() -> None:
    names = {name for text in SOURCES for name in re.findall(r'"([a-z_]+\.[a-z_]+)"', text)}
    made_up = {name for name in {*EVENT_TYPES, *WITHHELD} - names if name.partition(".")[2] not in CLOCK}

    assert sorted(name for name in made_up if f'"{name.partition(".")[2]}"' not in "".join(SOURCES)) == []


def test_none_is_both() -> None:
    assert EVENT_TYPES.keys() & WITHHELD == set()


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_fields_have_names_of_their_own(kind: str) -> None:
    names = [field.name for field in EVENT_TYPES[kind].fields]

    assert len(names) == len(set(names))


def test_the_permissions_of_records_exist() -> None:
    assert {record.permission for record in RECORDS.values()} <= {one.name for one in features.of(Permission)}
