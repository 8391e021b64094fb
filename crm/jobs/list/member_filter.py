"""JobMemberFilter: a filter of rows about a job, such as quotes and invoices, by the member the job is assigned to."""

from django.db.models import Q

from crm.jobs.models import Job
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, NOBODY, by_uid
from crm.web.lists.conditions.field_types import MemberFilter
from crm.web.lists.conditions.viewer import Viewer


class JobMemberFilter(MemberFilter):
    """A filter by the member of the row's job, which is its column `job`. By a subquery, never by a join."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if value == NOBODY:
            jobs = Job.objects.filter(member=None)
        elif value == ME:
            jobs = Job.objects.filter(member=viewer.member)
        else:
            jobs = Job.objects.filter(member_id=by_uid(directory().members, value))
        return Q(job_id__in=jobs.order_by().values("pk"))
