"""A row that is locked is read anew, as far as it was read before."""

import pytest

from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_row_locked_again_is_as_it_is_now(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        job = Job.objects.defer("place").get(pk=house.job.pk)
        job.title, job.member, job.note_of_a_test = "Typed", house.mona, "kept"
        Job.objects.filter(pk=job.pk).update(member=house.sam, own_fields={"roof": "slate"})
        job.lock()
        assert (job.title, job.member, job.own_fields) == (house.job.title, house.sam, {"roof": "slate"})
        assert job.note_of_a_test == "kept"
        assert job.get_deferred_fields() == {"place"}
        job.priority = 1
        job.save(update_fields=["priority"])
        assert Job.objects.get(pk=job.pk).priority == 1


def test_a_row_that_is_gone_or_anothers_is_not_found(cast: Cast) -> None:
    with use_tenant(cast.other.tenant), pytest.raises(Job.DoesNotExist):
        cast.house.job.lock()
