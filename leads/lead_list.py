"""The list of leads: jobs, with tabs and labels for sales."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.automation.moves.proposals import rules_propose
from crm.jobs.list.conditions import SEE_ALL, JobFilters
from crm.jobs.list.job_list import JobList
from crm.kernel import formats
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.conditions.choices import ME, NOBODY
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import View, Words


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 lead")
    return _("%(found)s leads") % {"found": found}


def _too_many(most: int) -> str:
    words = ngettext(
        "That is more than %(most)s lead. Narrow the view, or take it in parts.",
        "That is more than %(most)s leads. Narrow the view, or take it in parts.",
        most,
    )
    return words % {"most": formats.whole_number(most)}


def _gone_quiet() -> Filters:
    """Filter leads without contact, step change or planned step for a while; not the same as ageing in a step.

    System writes reset none of these.
    """
    entered, touched, ahead = (JobFilters.base_filters[name] for name in ("entered", "touched", "next"))
    hole = (Clause(ahead, "is", "missing"), Clause(ahead, "is", "overdue"))
    long = ((Clause(entered, "older", "14"),), (Clause(touched, "older", "14"),))
    return Filters(JobFilters, {"level": "open"}, where=(*long, hole))


QUIET = _gone_quiet()


class LeadList(JobList):
    """The list of leads."""

    key = "leads"
    page = "leads:list"
    layouts = {"board": "leads:board"}
    permission = "jobs.view"
    words = Words(
        name=gettext_lazy("Leads"),
        where=gettext_lazy("Leads where"),
        everything=gettext_lazy("All leads"),
        counted=_count_words,
        sorted_by=gettext_lazy("most urgent first"),
        nothing_selected=gettext_lazy("Select some leads first."),
        too_many_selected=_too_many,
        save_first=gettext_lazy("Filter the leads, then save it as a view: it becomes a tab."),
        archive=gettext_lazy("It disappears from everybody’s tabs. The leads stay, and links to it keep working."),
    )

    def views(self, member: Member) -> list[View]:
        """The predefined views: of all leads for a manager, of the rep's own for a rep."""
        all_of_it = allows(member, SEE_ALL)
        tabs = [View("mine", _("My leads"), self.filters(rep=ME if all_of_it else ""))]
        if all_of_it:
            tabs.insert(0, View("all", _("All leads"), self.filters()))
        return [
            *tabs,
            View("none", _("No status"), self.filters(level="none"), css="none"),
            View("over", _("Late"), self.filters(level="over"), css="crit"),
            View("wrote", _("Waiting for our reply"), self.filters(waiting="1")),
            View("hole", _("No next step"), self.filters(next="missing")),
            View("quiet", _("Gone quiet"), QUIET),
            *([View("proposed", _("Suggested"), self.filters(proposed="1"))] if rules_propose() else []),
            View("unclaimed", _("Unclaimed"), self.filters(rep=NOBODY)),
        ]


LEADS = LeadList()


def needing_us(member: Member) -> str:
    """Count the late leads and those without status in the member's default list: the number in the navigation."""
    count = capped_counts({"need": LEADS.apply(LEADS.filters(), member).needing_us()})["need"]
    if count == "0":
        return ""
    return count
