"""Service's list: sold jobs that wait for an answer or are in work, with service's tabs, columns and words."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list.conditions import JobFilters
from crm.jobs.list.job_list import JobList
from crm.jobs.models import Job
from crm.jobs.models.queryset import JobQuerySet
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.choices import ME, Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.query import Chip, Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import View, Words
from service.models import HandOff, Milestone, Project


def waiting() -> Q:
    """Jobs that are sold and not accepted."""
    return Q(pk__in=HandOff.objects.waiting_for_answer().values("pk"))


def in_work() -> Q:
    """Jobs that are accepted and not finished."""
    return Q(pk__in=Project.objects.in_work().values("pk"))


def on_site(day: date) -> Q:
    """Jobs whose work is planned for a day and not on hold."""
    there = Project.objects.in_work().filter(starts_on__lte=day, ends_on__gte=day, held_at=None)
    return Q(pk__in=there.values("pk"))


def at_risk(day: date) -> Q:
    """Jobs that are on hold, overdue, or have a late milestone."""
    late = Milestone.objects.filter(done_at=None, planned_on__lt=day, project__finished_at=None)
    over = Project.objects.in_work().filter(Q(held_at__isnull=False) | Q(ends_on__lt=day))
    return Q(pk__in=over.values("pk")) | Q(pk__in=late.values("project_id"))


def without_date() -> Q:
    """Accepted jobs without dates."""
    return Q(pk__in=Project.objects.in_work().filter(starts_on=None).values("pk"))


def _work_choices(_member: Member) -> list[Choice]:
    return [
        Choice("waiting", _("waits for service")),
        Choice("site", _("on site today")),
        Choice("risk", _("at risk")),
        Choice("unplanned", _("no date")),
        Choice("week", _("starts within a week")),
    ]


def _crew_choices(_member: Member) -> list[Choice]:
    return [Choice(str(pk), team.name) for pk, team in directory().teams.items() if team.archived_at is None]


def _work_condition(value: str, viewer: Viewer) -> Q:
    today = viewer.reader.today
    if value == "week":
        soon = Project.objects.in_work().filter(starts_on__gte=today, starts_on__lt=today + timedelta(days=7))
        return Q(pk__in=soon.values("pk"))
    return {"waiting": waiting(), "site": on_site(today), "risk": at_risk(today), "unplanned": without_date()}[value]


def _of_crew(value: str, viewer: Viewer) -> Q:
    return Q(pk__in=Project.objects.in_work().filter(team_id=int(value)).values("pk"))


class ProjectFilters(JobFilters):
    """Filters of jobs and their projects."""

    work = ChoiceFilter(gettext_lazy("Work"), choices=_work_choices, q=_work_condition)
    crew = ChoiceFilter(gettext_lazy("Crew"), choices=_crew_choices, q=_of_crew, least=1)


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 job")
    return _("%(found)s jobs") % {"found": found}


class ProjectList(JobList):
    """Service's list: hand-offs to answer, and projects in work."""

    key = "service"
    page = "service:list"
    layouts = {"board": "service:board"}
    permission = "projects.view"
    filterset = ProjectFilters
    columns = Columns(
        Column("value", gettext_lazy("Done"), "c-val", "h-val end"),
        Column("owner", gettext_lazy("Contact"), "c-more"),
        Column("priority", gettext_lazy("Priority"), "c-more"),
        Column("source", gettext_lazy("Source"), "c-more"),
        Column("brand", gettext_lazy("Brand"), "c-more"),
        Column("came", gettext_lazy("Came in"), "c-more"),
        Column("touched", gettext_lazy("Last contact"), "c-more"),
        Column("next", gettext_lazy("Next milestone"), "c-next"),
        usual=("value", "next"),
    )
    words = Words(
        name=gettext_lazy("Jobs"),
        where=gettext_lazy("Jobs where"),
        everything=gettext_lazy("All jobs"),
        counted=_count_words,
        sorted_by=gettext_lazy("most urgent first"),
        nothing_selected=gettext_lazy("Select some jobs first."),
        save_first=gettext_lazy("Filter the jobs, then save it as a view: it becomes a tab."),
        archive=gettext_lazy("It disappears from everybody’s tabs. The jobs stay, and links to it keep working."),
    )

    def whose(self, filters: Filters, member: Member) -> str:
        """Include the projects of all members; sellers see what they sold."""
        return filters.get("rep")

    def visible(self, member: Member) -> JobQuerySet:
        """Jobs visible to the member in service, including those they sold."""
        there = Q(pk__in=HandOff.objects.visible_to(member).waiting_for_answer().values("pk"))
        there |= Q(pk__in=Project.objects.visible_to(member).in_work().values("pk"))
        jobs: JobQuerySet = Job.objects.filter(there)
        return jobs

    def base(self, filters: Filters, member: Member) -> JobQuerySet:
        return self.visible(member)

    def views(self, member: Member) -> list[View]:
        """The predefined views: all, waiting, late or on hold, mine."""
        return [
            View("all", _("All jobs"), self.filters()),
            View("waiting", _("Hand-offs"), self.filters(work="waiting"), css="late"),
            View("site", _("On site today"), self.filters(work="site")),
            View("risk", _("At risk"), self.filters(work="risk"), css="crit"),
            View("unplanned", _("No date"), self.filters(work="unplanned")),
            View("mine", _("Mine"), self.filters(rep=ME)),
        ]

    def standing_chips(self, filters: Filters, member: Member) -> list[Chip]:
        return []


PROJECTS = ProjectList()


def local_day() -> date:
    """Return the current day of the tenant."""
    return clock.now().astimezone(directory().zone).date()
