"""The board reads jobs by a statement of its own; it stays within the tenant."""

import pytest

from crm.jobs.list import board_columns as board
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.cast import Cast


@pytest.mark.parametrize("narrowed", [False, True])
def test_another_tenant_reads_none_of_them(cast: Cast, narrowed: bool) -> None:
    with use_tenant(cast.other.tenant):
        theirs = {job.pk for job in Job.objects.all()}
        columns = board.read_columns(Job.objects.all(), LEADS.filters(), narrowed=narrowed)
        assert {job.pk for column in columns for job in column.jobs} == theirs
