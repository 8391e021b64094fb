"""Create the demo's triggers of what is ready made: those that tell colleagues are on, those that write are watched.

In the shadow they only note what they would have done, so that nothing is sent to the demo's customers by them.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.automation.models import Mode, PriorityPoint, Rule
from crm.automation.points.counting import recount_all
from crm.automation.registry.presets import rule_preset
from crm.kernel.refusal import Refused
from crm.people.models import Claim
from crm.platform.organization.configuration import directory

# On: each begins with something that happens from now on.
ON = (
    *("waiting.promise", "waiting.upset", "waiting.again", "cases.no_answer"),
    *("updates.missed", "updates.detractor"),
)
SHADOW = (
    "leads.received",
    "status.new_order",
    "status.quote_sent",
    "status.quote_follow_up",
    "status.completed",
    "status.survey",
    "status.on_hold",
    "waiting.customer",
    "leads.large",
    "updates.step",
    "updates.milestone",
    "updates.preparation",
    "updates.milestone_survey",
)


def create_rules() -> None:
    """Create the rules inside the tenant, after its templates; one that finds no step of its own is left out."""
    with override(directory().tenant.language):
        for key, mode in [*((key, Mode.ON) for key in ON), *((key, Mode.SHADOW) for key in SHADOW)]:
            preset = rule_preset(key)
            assert preset is not None, f"nobody offers {key}"
            try:
                definition = preset.definition()
            except Refused:
                continue
            Rule.add(str(preset.name), definition, by=None, preset=key, mode=mode)
        _create_points()


def _create_points() -> None:
    """Create what makes a lead high by itself; the worker counts all leads once it runs."""
    worth = (
        # Who has no insurance work has no use for the first.
        *([(_("insurance job"), "claim=1", 3)] if Claim.objects.exists() else []),
        (_("value over 20,000"), "where=value:min:20000", 2),
        (_("the customer waits for our reply"), "waiting=1", 2),
    )
    for words, where, points in worth:
        PriorityPoint.add(words, where, points, by=None)
    recount_all()
