"""Whether what comes in about a known customer is a job they have: the rule as a table of cases (K18)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm.jobs.creation.same_job import JobFacts, addresses_agree, differences, likest

OAK, PINE = "12 oak ave 33611 tampa", "80 pine rd 33611 tampa"
MARCH, JUNE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
JOB = {"external_id": "W-1", "address_key": OAK, "title_key": "roof", "pipeline_id": 1, "value": (1_800_000, "USD")}


@pytest.mark.parametrize(
    ("said", "job", "found"),
    [
        ({}, JOB, []),
        (JOB, {}, []),
        (JOB, JOB, []),
        (JOB | {"external_id": "W-2"}, JOB, ["id"]),
        ({"external_id": "W-2", "address_key": PINE}, JOB, ["id", "address"]),
        ({"address_key": PINE}, JOB, ["address"]),
        ({"address_key": "12 oak avenue"}, JOB, []),
        ({"title_key": "gutters"}, JOB, ["title"]),
        ({"pipeline_id": 2}, JOB, ["type"]),
        ({"kind_key": "siding"}, {"kind_key": "roof"}, ["type"]),
        ({"value": (950_000, "USD")}, JOB, ["value"]),
        ({"value": (1_800_000, "EUR")}, JOB, ["value"]),
        ({"value": (0, "USD")}, JOB, []),
        # The very same id is the same job, whatever became of its title and value.
        (JOB | {"title_key": "roof and gutters", "value": (1, "USD")}, JOB, []),
        (JOB | {"address_key": PINE}, JOB, ["address"]),
        # The old job is over, and this came in later; an old list says it was open then; nothing says when.
        ({"came_in_at": JUNE}, {"is_open": False, "ended_at": MARCH}, ["later"]),
        ({"came_in_at": MARCH}, {"is_open": False, "ended_at": JUNE}, []),
        ({}, {"is_open": False, "ended_at": JUNE}, ["state"]),
        ({"is_open": False}, {}, []),
        ({"is_open": False}, {"is_open": False, "ended_at": JUNE}, []),
    ],
)
def test_what_tells_two_jobs_apart(said: dict[str, Any], job: dict[str, Any], found: list[str]) -> None:
    assert differences(JobFacts(**said), JobFacts(**job)) == found


def test_in_one_list_each_entry_is_meant_to_be_a_job() -> None:
    again = JobFacts(**JOB | {"title_key": "gutters"})
    assert differences(again, JobFacts(**JOB), one_list=True) == ["title"]
    assert differences(JobFacts(is_open=False), JobFacts(), one_list=True) == ["state"]
    assert differences(JobFacts(**JOB), JobFacts(**JOB), one_list=True) == []


@pytest.mark.parametrize(
    ("said", "jobs", "chosen"),
    [
        ({}, [], (None, [])),
        ({"external_id": "9"}, [JOB, {"external_id": "8"}], (None, ["id"])),
        ({"external_id": "9"}, [JOB, {}], (1, [])),
        ({"address_key": PINE}, [{}, {"address_key": PINE}], (1, [])),
        ({"title_key": "gutters"}, [JOB, {"title_key": "gutters"}], (1, [])),
        ({"value": (5, "USD")}, [JOB], (0, ["value"])),
        ({}, [{"is_open": False, "ended_at": MARCH}, {}], (1, [])),
        ({}, [{}, {}], (0, [])),
    ],
)
def test_the_likest_job_is_meant(said: dict[str, Any], jobs: list[dict[str, Any]], chosen: Any) -> None:
    assert likest(JobFacts(**said), [(JobFacts(**job), False, at) for at, job in enumerate(jobs)]) == chosen


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("12 oak ave", "12 oak avenue tampa", True),
        ("12 oak ave apt 4", "12 oak ave unit 4", True),
        ("12 oak ave apt 4", "12 oak ave apt 5", False),
        ("12 oak ave", "14 oak ave", False),
        ("12 oak ave", "", True),
    ],
)
def test_one_place_is_written_in_many_ways(one: str, other: str, agree: bool) -> None:
    assert addresses_agree(one, other) is agree
