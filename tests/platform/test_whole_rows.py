"""A row that is locked is read whole, by a statement of ours: it is as the ORM would have read it."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.models import Job
from crm.platform.models import TenantModel
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.row_level_security import tenant_models
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MODELS = [model for model in tenant_models() if "update" in model.app_may]


def values(row: Any) -> dict[str, Any]:
    """What is there of a row, with its type; without what is read when it is asked for."""
    names = (field.attname for field in row._meta.concrete_fields if field.attname not in row.get_deferred_fields())
    return {name: (type(getattr(row, name)), getattr(row, name)) for name in names}


# Captured, Django's own cursor reads, as text; else ours does, in binary.
@pytest.mark.parametrize("reading", [nullcontext, lambda: CaptureQueriesContext(connection)], ids=["binary", "text"])
def test_locked_rows_of_every_model_are_as_the_orm_reads_them(
    cast: Cast, scene: dict[str, Job], reading: Callable[[], Any]
) -> None:
    seen: set[type[TenantModel]] = set()
    with use_tenant(cast.house.tenant):
        for model in MODELS:
            known = {row.pk: values(row) for row in model.objects.order_by("pk")[:20]}
            with reading():
                rows = TenantModel.lock_all.__func__(model, model.objects.filter(pk__in=known))  # type: ignore[attr-defined]
                assert {row.pk: values(row) for row in rows} == known
                for row in rows:
                    TenantModel.lock(row)
                    assert values(row) == known[row.pk]
                    seen.add(model)
    assert len(seen) > 20


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
