"""Whether what comes in about a known customer is a job they have: the rule as a table of cases (docs/rules.md#k18)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm.jobs.creation.same_job import JobIdentity, differences, likest
from crm.jobs.creation.same_place import JobPlace

OAK, PINE = JobPlace("12 Oak Ave", "33611", "Tampa"), JobPlace("80 Pine Rd", "33611", "Tampa")
MARCH, JUNE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
JOB = {"external_id": "W-1", "place": OAK, "title_key": "roof", "pipeline_id": 1, "value": (1_800_000, "USD")}


@pytest.mark.parametrize(
    ("said", "job", "found"),
    [
        ({}, JOB, []),
        (JOB, {}, []),
        (JOB, JOB, []),
        (JOB | {"external_id": "W-2"}, JOB, ["id"]),
        ({"external_id": "W-2", "place": PINE}, JOB, ["id", "address"]),
        ({"place": PINE}, JOB, ["address"]),
        ({"place": JobPlace("12 Oak Avenue")}, JOB, []),
        ({"place": JobPlace(city="Tampa")}, JOB, []),
        ({"place": JobPlace(city="Orlando")}, JOB, ["address"]),
        ({"title_key": "gutters"}, JOB, ["title"]),
        ({"pipeline_id": 2}, JOB, ["type"]),
        ({"kind_key": "siding"}, {"kind_key": "roof"}, ["type"]),
        ({"value": (950_000, "USD")}, JOB, ["value"]),
        ({"value": (1_800_000, "EUR")}, JOB, ["value"]),
        ({"value": (0, "USD")}, JOB, []),
        # The very same id is the same job, whatever became of its title and value.
        (JOB | {"title_key": "roof and gutters", "value": (1, "USD")}, JOB, []),
        (JOB | {"place": PINE}, JOB, ["address"]),
        # The old job is over, and this came in later; an old list says it was open then; nothing says when.
        ({"came_in_at": JUNE}, {"is_open": False, "ended_at": MARCH}, ["later"]),
        ({"is_open": False, "came_in_at": JUNE}, {"is_open": False, "ended_at": MARCH}, ["later"]),
        ({"came_in_at": MARCH}, {"is_open": False, "ended_at": JUNE}, []),
        ({}, {"is_open": False, "ended_at": JUNE}, ["state"]),
        ({"is_open": False}, {}, []),
        ({"is_open": False}, {"is_open": False, "ended_at": JUNE}, []),
    ],
)
def test_what_tells_two_jobs_apart(said: dict[str, Any], job: dict[str, Any], found: list[str]) -> None:
    assert differences(JobIdentity(**said), JobIdentity(**job)) == found


def test_in_one_list_each_entry_is_meant_to_be_a_job() -> None:
    again = JobIdentity(**JOB | {"title_key": "gutters"})
    assert differences(again, JobIdentity(**JOB), one_list=True) == ["title"]
    assert differences(JobIdentity(is_open=False), JobIdentity(), one_list=True) == ["state"]
    assert differences(JobIdentity(**JOB), JobIdentity(**JOB), one_list=True) == []
    wallbox, panels = JobIdentity(other={1: 10, 2: 20}), JobIdentity(other={1: 10, 2: 21, 3: 30})
    assert differences(wallbox, panels, one_list=True) == ["other"]
    assert differences(wallbox, panels) == [], "of another list it may be anything"
    assert differences(wallbox, JobIdentity(other={1: 10, 3: 30}), one_list=True) == []


@pytest.mark.parametrize(
    ("said", "jobs", "chosen"),
    [
        ({}, [], (None, [])),
        ({"external_id": "9"}, [JOB, {"external_id": "8"}], (None, ["id"])),
        ({"external_id": "9"}, [JOB, {}], (1, [])),
        ({"place": PINE}, [{}, {"place": PINE}], (1, [])),
        ({"title_key": "gutters"}, [JOB, {"title_key": "gutters"}], (1, [])),
        ({"value": (5, "USD")}, [JOB], (0, ["value"])),
        ({}, [{"is_open": False, "ended_at": MARCH}, {}], (1, [])),
        ({}, [{}, {}], (0, [])),
    ],
)
def test_the_likest_job_is_meant(said: dict[str, Any], jobs: list[dict[str, Any]], chosen: Any) -> None:
    assert likest(JobIdentity(**said), [(JobIdentity(**job), False, at) for at, job in enumerate(jobs)]) == chosen
