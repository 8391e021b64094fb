"""Acting on leads in tests: post a form as a member, with what the page would carry."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.jobs.models import Job, StageTarget
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

Post = Callable[..., Any]


def current(cast: Cast, job: Job) -> Job:
    """The job as the database has it."""
    with use_tenant(cast.house.tenant):
        found: Job = Job.objects.get(pk=job.pk)
        return found


@pytest.fixture
def fifteen_minutes(cast: Cast) -> None:
    """The first step of the house takes what it takes by default; the cast's takes days (tests/cast.py)."""
    with use_tenant(cast.house.tenant):
        for target in StageTarget.objects.filter(stage__name="New"):
            target.ours = 15 * 60
            target.save(update_fields=["ours"])


@pytest.fixture
def post(cast: Cast) -> Post:
    """`post("move", job, stage=…, member=mona, on="list")`: with htmx where `on` says where the form stands."""

    def ask(verb: str, job: Job | None = None, *, member: Any = None, on: str = "", **data: Any) -> Any:
        client = Client()
        client.force_login((member or cast.house.rita).user)
        job = job or cast.house.job
        data.setdefault("stay", current(cast, job).stay)
        headers = {"HX-Request": "true"} if on else {}
        url = f"/{cast.house.tenant.slug}/jobs/{job.number}/{verb}/"
        return client.post(url, {**data, **({"on": on} if on else {})}, headers=headers)

    return ask
