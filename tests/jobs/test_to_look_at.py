"""Jobs to look at are what the ORM would have made, as far as they go."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from crm.jobs.board import columns as board
from crm.jobs.list import rows
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.cast import Cast


def test_they_carry_the_columns_asked_for_and_fetch_the_rest_of_what_they_are(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with use_tenant(cast.house.tenant):
        whole = Job.objects.get()
        for shown in (rows.SHOWN, board.SHOWN):
            with django_assert_num_queries(1):
                [job] = Job.objects.all().to_look_at(shown)
                assert {name: getattr(job, name) for name in shown} == {name: getattr(whole, name) for name in shown}
            assert job == whole
            assert not job._state.adding
            with django_assert_num_queries(1):
                assert job.person_id == whole.person_id
            assert job.brand == whole.brand


@pytest.mark.parametrize("planned", [False, True])
def test_in_binary_they_are_the_same_to_the_microsecond(cast: Cast, planned: bool) -> None:
    # Not counted here: while queries are captured, Django's own cursor reads.
    with use_tenant(cast.house.tenant):
        whole = Job.objects.get()
        assert not connection.queries_logged
        for _again in range(7):
            [job] = Job.objects.all().to_look_at(rows.SHOWN, planned=planned)
            assert {name: getattr(job, name) for name in rows.SHOWN} == {n: getattr(whole, n) for n in rows.SHOWN}
        assert job.came_in_at.tzinfo == whole.came_in_at.tzinfo
        assert Job.objects.none().to_look_at(rows.SHOWN, planned=planned) == []


@pytest.mark.parametrize("narrowed", [False, True])
def test_another_tenant_reads_none_of_them(cast: Cast, narrowed: bool) -> None:
    with use_tenant(cast.other.tenant):
        theirs = {job.pk for job in Job.objects.all()}
        columns = board.read_columns(Job.objects.all(), LEADS.filters(), narrowed=narrowed)
        assert {job.pk for column in columns for job in column.jobs} == theirs


def test_what_one_remembers_the_other_does_not(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        [first], [second] = (Job.objects.all().to_look_at(rows.SHOWN) for _again in range(2))
        first.member = cast.house.mona
        assert "member" in first._state.fields_cache
        assert "member" not in second._state.fields_cache
