"""Jobs to look at are what the ORM would have made, as far as they go."""

from collections.abc import Callable
from typing import Any

from crm.jobs.models import Job
from crm.platform.tenancy import use_tenant
from leads import board, rows
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


def test_what_one_remembers_the_other_does_not(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        [first], [second] = (Job.objects.all().to_look_at(rows.SHOWN) for _again in range(2))
        first.member = cast.house.mona
        assert "member" in first._state.fields_cache
        assert "member" not in second._state.fields_cache
