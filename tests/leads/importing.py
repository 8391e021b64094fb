"""What tests of the import page share: signing in, uploading, and what the database then has."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.jobs.models import Job, Note, StageVisit
from crm.people.models import Claim, Company, ContactPoint, Person, Property
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from leads.models import ImportRun, Lead
from tests.cast import Cast
from tests.markup import flat


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def upload(client: Client, cast: Cast, content: str | bytes, name: str = "leads.csv") -> Any:
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(reverse("leads:import", args=[cast.house.tenant.slug]), {"file": file})


def totals(page: str) -> dict[str, int]:
    """How many rows of each verdict a page says there are."""
    return {name: int(count) for name, count in re.findall(r'href="\?verdict=(\w+)#rows"[^>]*>(\d+) ', flat(page))}


def everything(cast: Cast) -> dict[str, int]:
    """How many rows of each kind the house has."""
    models = (Job, Lead, Person, ContactPoint, Company, Property, Claim, Note, StageVisit)
    with use_tenant(cast.house.tenant):
        return {model.__name__: model.objects.count() for model in models}


def the_run(cast: Cast) -> ImportRun:
    """The latest import."""
    with use_tenant(cast.house.tenant):
        run: ImportRun = ImportRun.objects.select_related("file", "staged", "refusals").latest("pk")
        return run


def jobs_of(cast: Cast, name: str) -> list[Job]:
    with use_tenant(cast.house.tenant):
        return list(Job.objects.filter(person__name=name).select_related("site", "stage", "lead").order_by("pk"))


def verdicts(lines: list[Any]) -> list[str]:
    return [line["verdict"] for line in lines]
