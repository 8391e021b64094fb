"""What the bench compares the API with shows the same."""

from api.resources.jobs.job_serializers import JobSerializer
from bench.floor.product_urls import _bare_job
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def test_the_bare_view_has_the_values_of_the_list(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        job = Job.objects.select_related("person", "company", "site").get()
        bare = _bare_job(job, pipeline_setup())

        assert bare.keys() == JobSerializer(job).data.keys()
