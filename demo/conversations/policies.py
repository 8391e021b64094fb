"""Response times of the demo's organizations beside the matrix: what is broken comes sooner, partners come first."""

from collections.abc import Mapping

from django.utils.translation import override

from crm.jobs.models import Priority
from crm.platform.organization.configuration import directory
from tickets.models import SlaPolicy
from tickets.models.metric import Metric
from tickets.models.policy import LifePolicy
from tickets.models.sla_policy import create_default_policy
from tickets.models.sla_terms import HOUR, Target
from tickets.sla.presets import add_partners

# By organization: the tag of what is broken, and what the policy for it is called.
BROKEN = {"suncoast": ("Storm", "Storm damage"), "chargeline": ("Storing", "Storing: niemand kan laden")}
# Hours until the answer, and working hours until the solution, by priority.
SOONER = {Priority.URGENT: (1, 8), Priority.HIGH: (2, 16), Priority.NORMAL: (4, 24), Priority.LOW: (8, 40)}


def create_policies(organization: str, tags: Mapping[str, int]) -> None:
    """Create those that the conversations' clocks ran by: the matrix for all, and above it what is broken."""
    with override(directory().tenant.language):
        create_default_policy()
    tag, name = BROKEN[organization]
    targets = {}
    for rank, (answer, solve) in SOONER.items():
        for metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY):
            targets[metric.value, rank.value] = Target(answer * HOUR)
        targets[Metric.RESOLUTION.value, rank.value] = Target(solve * HOUR, working_hours=True)
    SlaPolicy.add(name, targets=targets, by=None, tag_id=tags[tag])


def put_partners_first() -> None:
    """Switch on what is ready for those who matter most: partners, and regulars on the channel they use."""
    with override(directory().tenant.language):
        add_partners(by=None)
    LifePolicy.set_usual_channel(True, by=None)
