"""The list of rules, grouped by record kind, each with a summary and its state."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.automation.editor.rule_text import rule_summary
from crm.automation.models import Mode, Rule, RuleRun
from crm.automation.registry.figures import head_figures
from crm.automation.registry.records import RecordKind
from crm.automation.setup import ReadRule, read_rule
from crm.kernel import clock
from crm.platform import features
from crm.web.lists.counts import capped_counts

# For how long the head says what was done.
DAYS = 7


class RuleState(NamedTuple):
    """State of a rule: the CSS class of its mark, and a word."""

    css: str
    words: str

    @property
    def badge(self) -> str:
        """The CSS class of the badge."""
        return {"is-on": "is-good", "is-paused": "is-bad"}.get(self.css, "")


@dataclass(frozen=True)
class RuleLine:
    """A rule in the list. `does`: summary of its steps on one line."""

    rule: Rule
    does: str
    state: RuleState
    problem: str


class RuleGroup(NamedTuple):
    """Rules about one kind of record."""

    label: str
    lines: list[RuleLine]


def state_of(rule: Rule) -> RuleState:
    """Return the state of a rule."""
    if rule.archived_at:
        return RuleState("is-off", _("Archived"))
    if rule.paused_at and rule.mode != Mode.OFF:
        return RuleState("is-paused", _("Paused"))
    css = {Mode.ON: "is-on", Mode.SHADOW: "is-shadow", Mode.PROPOSE: "is-shadow"}.get(Mode(rule.mode), "is-off")
    return RuleState(css, str(Mode(rule.mode).label))


def rule_groups() -> list[RuleGroup]:
    """Return the active rules, grouped by record kind."""
    rules = Rule.objects.filter(archived_at__isnull=True).select_related("version").order_by("name", "pk")
    kinds = features.of(RecordKind)
    lines_by_place: dict[tuple[int, str], list[RuleLine]] = {}
    for rule in rules:
        read = read_rule(rule)
        if read.kind:
            place = (kinds.index(read.kind), str(read.kind.group))
        else:
            place = (len(kinds), _("Deleted"))
        lines_by_place.setdefault(place, []).append(_rule_line(read))
    return [
        RuleGroup(label, lines)
        for (_position, label), lines in sorted(lines_by_place.items(), key=lambda pair: pair[0])
    ]


def _rule_line(read: ReadRule) -> RuleLine:
    return RuleLine(read.rule, rule_summary(read) or _("does nothing yet"), state_of(read.rule), read.problem)


def head_sentence(groups: list[RuleGroup]) -> str:
    """Return a summary: how many rules are on, how often they ran this week, and figures of their messages."""
    on = sum(line.state.css == "is-on" for group in groups for line in group.lines)
    since = clock.now() - timedelta(days=DAYS)
    fired = capped_counts({"fired": RuleRun.objects.that_fired().filter(at__gt=since)})["fired"]
    words = ngettext("%(count)s on", "%(count)s on", on) % {"count": on}
    count = 1 if fired == "1" else 2
    sentence = ngettext("ran %(fired)s time in %(days)s days", "ran %(fired)s times in %(days)s days", count)
    sentence %= {"fired": fired, "days": DAYS}
    return " · ".join([words, sentence, *head_figures(since)])
