"""Assignment rules ready to be enabled: large orders to a dedicated team, and sold work to service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.work import AssignableWork
from crm.jobs.models.assignment import AssignmentRule
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.models import Member, Team


@dataclass(frozen=True)
class AssignmentPreset:
    """A rule without its team. `about`: its description; `asks_value`: True if it needs a minimum value."""

    key: str
    name: str | Promise
    about: str | Promise
    fields: Mapping[str, Any]
    asks_value: bool = False

    def is_like(self, rule: AssignmentRule) -> bool:
        """Return True if a rule has the preset's conditions, whatever its value or team."""
        if self.asks_value:
            return bool(rule.least_value)
        return rule.sold_only


PRESETS = (
    AssignmentPreset(
        "large",
        gettext_lazy("Large orders"),
        gettext_lazy("Orders above a value go to a dedicated team."),
        {},
        asks_value=True,
    ),
    AssignmentPreset(
        "sold",
        gettext_lazy("Sold work"),
        gettext_lazy("Conversations about sold jobs go to service, even if they reach sales first."),
        {"sold_only": True},
    ),
)
# What the form offers where nobody typed a value.
USUAL_VALUE = 25_000


def unused_presets(work: AssignableWork) -> list[AssignmentPreset]:
    """List the presets for which a kind has no live rule yet."""
    live = assignment_setup().rules_of(work.kind)
    return [preset for preset in PRESETS if not any(map(preset.is_like, live))]


@transaction.atomic
def switch_on(work: AssignableWork, key: str, team: Team | None, value: str, *, by: Member) -> AssignmentRule:
    """Add a preset's rule above the others. Raises Refused without a team, or for an invalid value."""
    preset = next((each for each in unused_presets(work) if each.key == key), None)
    if preset is None:
        raise Refused(_("This rule already exists."))
    if team is None:
        raise Refused(_("Choose the team."))
    fields = dict(preset.fields)
    if preset.asks_value:
        fields["least_value"] = _whole_amount(value)
    first = next(iter(assignment_setup().rules.get(work.kind, ())), None)
    rule = AssignmentRule.add(work.kind, str(preset.name), by=by, team=team, **fields)
    if first is not None:
        rule.move(before=first, by=by)
    return rule


def _whole_amount(text: str) -> int:
    plain = text.strip().replace(",", "").replace(".", "").replace(" ", "")
    return parse_typed_number(plain, _("Enter a whole amount."), least=1, most=999_999_999)
