"""Health checks of triggers: failed and paused triggers, overdue timers, and the switch for all triggers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.automation.models import AutomationPolicy, Mode, Rule, RuleTimer
from crm.automation.models.policy import automation_policy
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.health.findings import Finding, HealthAct, HealthCheck, HealthState, Override, SwitchedOff
from crm.web.health.replay_action import parse_id
from crm.web.health.snapshot import HealthSnapshot

# A time that is so late is not merely next in line.
LATE = timedelta(minutes=10)
MANAGE = "automation.manage"
# More are not counted.
MOST = 1_000


def check_rules(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that no trigger is paused because of failures."""
    paused = list(_paused_rules())
    for rule in paused:
        words = _("The trigger “%(name)s” is paused") % {"name": rule.name}
        yield Finding(HealthState.DOWN, words, rule.pause_reason, "automation:rules", str(rule.pk))
    if not paused:
        count = Rule.objects.filter(archived_at__isnull=True, mode=Mode.ON).count()
        yield Finding(HealthState.OK, ngettext("%(n)s trigger is on", "%(n)s triggers are on", count) % {"n": count})


def check_times(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that timers of triggers fire on time; timers that failed too often must be handled by a person."""
    # By the rule, too, as their index has them: a million may wait.
    rules = list(Rule.objects.filter(archived_at__isnull=True).values_list("pk", flat=True))
    late = RuleTimer.objects.filter(rule__in=rules, at__lt=look.now - LATE)
    count = late[:MOST].count()
    if not count:
        yield Finding(HealthState.OK, _("Scheduled triggers run on time"))
        return
    words = ngettext("%(n)s scheduled trigger is overdue", "%(n)s scheduled triggers are overdue", count) % {"n": count}
    oldest = late.order_by("at").first()
    detail = ""
    if oldest:
        detail = _("since %(time)s") % {"time": look.ago(oldest.at)}
    yield Finding(HealthState.DOWN, words, detail, "automation:rules")


def find_switched_off(look: HealthSnapshot) -> Iterable[SwitchedOff]:
    """Return the switch for all triggers, if it is off."""
    if not automation_policy().is_on:
        yield SwitchedOff(_("All triggers are off"), page="automation:switches", acts=(("triggers_on", ""),))


def find_paused(look: HealthSnapshot) -> Iterable[SwitchedOff]:
    """Return the triggers that are paused because of failures."""
    for rule in _paused_rules():
        words = _("The trigger “%(name)s” is paused") % {"name": rule.name}
        yield SwitchedOff(words, since=rule.paused_at, page="automation:rules", acts=(("trigger_on", str(rule.pk)),))


def switch_all_on(member: Member, about: str) -> int:
    """Switch all triggers on again. Returns 0 if they are already on."""
    if automation_policy().is_on:
        return 0
    AutomationPolicy.switch(True, by=member)
    return 1


def resume_rule(member: Member, about: str) -> int:
    """Resume a paused trigger in its previous mode. Returns 0 if it is no longer paused."""
    rule = _paused_rules().filter(pk=parse_id(about)).first()
    if rule is None:
        return 0
    rule.switch(rule.mode, by=member)
    return 1


def name_of(about: str) -> str:
    """Return the name of the trigger a finding is about; blank if it was deleted."""
    rule = Rule.objects.filter(pk=parse_id(about)).first()
    if rule:
        return rule.name
    return ""


def _paused_rules() -> Any:
    rows = Rule.objects.filter(archived_at__isnull=True, paused_at__isnull=False).exclude(mode=Mode.OFF)
    return rows.order_by("name", "pk")


FEATURES: list[Feature] = [
    HealthCheck(
        name="rules",
        section="workflows",
        label=gettext_lazy("Triggers"),
        look=check_rules,
        alarms=True,
        named=name_of,
    ),
    HealthCheck(
        name="rule_times",
        section="workflows",
        label=gettext_lazy("Scheduled triggers"),
        look=check_times,
        alarms=True,
    ),
    Override("rules", find_switched_off),
    Override("paused_rules", find_paused),
    HealthAct(
        name="triggers_on",
        permission=MANAGE,
        icon="play",
        label=gettext_lazy("Back on"),
        do=switch_all_on,
        told=lambda count: _("Triggers are on."),
    ),
    HealthAct(
        name="trigger_on",
        permission=MANAGE,
        icon="play",
        label=gettext_lazy("Back on"),
        do=resume_rule,
        told=lambda count: _("It continues where it stopped."),
    ),
]
