"""The views everybody has: each is its own address, and keeps what its name says."""

from datetime import timedelta

from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS, QUIET
from tests.cast import Cast


def test_every_view_is_its_own_address(cast: Cast) -> None:
    for member in (cast.house.rita, cast.house.mona):
        with use_tenant(cast.house.tenant):
            for view in LEADS.views(member):
                assert LEADS.read(QueryDict(view.filters.query().removeprefix("?")), member) == view.filters, view.key


def test_only_a_touch_a_move_or_a_plan_keeps_a_lead_from_going_quiet(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        now = clock.now()
        with clock.at(now - timedelta(days=20)):
            names = ("quiet", "touched", "moved", "planned", "overdue", "system", "ended")
            jobs = {name: open_job(title=name, by=None, stage=house.stage("New"), member=house.rita) for name in names}
            jobs["ended"].lose("Price", by=house.rita)
            jobs["overdue"].plan_next(kind="call", label="", at=clock.now() + timedelta(days=1), by=house.rita)
        jobs["touched"].answer("email", by=house.rita)
        jobs["moved"].move_to(house.stage("Reached"), by=house.rita)
        jobs["planned"].plan_next(kind="call", label="", at=now + timedelta(days=5), by=house.rita)
        jobs["system"].prioritize(1, by=None)
        kept = LEADS.apply(QUIET, house.mona)
        assert set(kept.values_list("title", flat=True)) == {"quiet", "overdue", "system"}
        assert Job.objects.filter(pk=house.job.pk).exists()
