"""Read from a form which act of the customer completes a follow-up."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from followups.models import CustomerAct
from followups.models.links import links_of


def read_act(posted: Mapping[str, str]) -> str:
    """Return the act that a form chose; "" for none."""
    act = posted.get("completes_on", "")
    if act in CustomerAct.values:
        return act
    return ""


def chosen_act(posted: Mapping[str, str], job: Job | None, about: Model | None) -> str:
    """Return the act chosen for a new follow-up. Raises Refused for one that is for no customer."""
    act = read_act(posted)
    if act and not links_of(about, job=job, person_id=None).get("person_id"):
        raise Refused(_("It is for no customer, so nobody can answer."))
    return act
