"""A new lead that nobody was in touch with stands at the top of the list and is counted, until somebody was."""

import re
from typing import Any

from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import needing_us
from tests.cast import Cast


def jump_group(page: str) -> str:
    """Return what stands below the first heading of the list."""
    parts: list[Any] = re.split(r"Jump on it|Due soon|On track|On hold or closed", page)
    return str(parts[1]) if "Jump on it" in page else ""


def test_a_new_lead_is_something_to_jump_on_until_the_first_contact(cast: Cast) -> None:
    house, client = cast.house, Client()
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        before = int(needing_us(house.rita) or 0)
        job = open_job(title="Fresh Lead", by=None, stage=house.stage("New"), member=house.rita)
        assert int(needing_us(house.rita)) == before + 1
    page = client.get(f"/{house.tenant.slug}/leads/").text
    assert "Fresh Lead" in jump_group(page)
    assert page.count(f'data-number="{job.number}"') == 1, "and nowhere below"
    counts = client.get(f"/{house.tenant.slug}/leads/counts/?shown=jump").text
    assert f"{before + 1} need you now" in counts
    with use_tenant(house.tenant):
        Job.objects.get(pk=job.pk).contact("call", "reached", by=house.rita)
        assert int(needing_us(house.rita) or 0) == before
    assert "Fresh Lead" not in jump_group(client.get(f"/{house.tenant.slug}/leads/").text)
