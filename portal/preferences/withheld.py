"""Suppress single messages about a job if the customer wants a daily letter, or only news of completion."""

from django.utils.translation import gettext as _

from comms.automation.withheld import Withheld
from crm.jobs.models import Job
from portal.models import UpdatePlan

# Templates that tell what a letter tells, too. What they have to get ready for is said all the same.
NEWS = frozenset({"step_reached", "milestone_reached", "milestone_tomorrow"})
# A question on the way: not for who wants to be told when it is done, and asked nothing before.
QUESTIONS = frozenset({"milestone_survey"})


def withheld_reason(job: Job, template: str) -> str:
    """Return why news of a job is not sent as a single message; blank if it is, and after the work has ended."""
    plan = None
    if job.is_open and job.is_sold:
        plan = UpdatePlan.objects.filter(job=job).first()
    if plan is None or plan.hears_each or (template in QUESTIONS and not plan.only_the_end):
        return ""
    if plan.is_paused:
        return _("Updates to the customer are paused: %(why)s") % {"why": plan.pause_reason}
    if plan.only_the_end:
        return _("They only want to hear when the work is done.")
    return _("They want everything in one message: it goes into their next update.")


WITHHELD = Withheld("updates", NEWS | QUESTIONS, withheld_reason)
