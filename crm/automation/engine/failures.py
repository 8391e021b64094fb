"""Count the failures of a rule; one that fails again and again is paused, and somebody is told."""

from django.db.models import F
from django.utils.translation import gettext as _

from crm.automation.models import Rule
from crm.automation.models.rule import FAILURES


def note_failure(rule: Rule) -> None:
    """Count a failure; the fifth in a row pauses the rule, so that it does no more harm."""
    Rule.objects.filter(pk=rule.pk).update(failures=F("failures") + 1)
    rule.failures += 1
    if rule.failures >= FAILURES:
        rule.pause(_("Failed %(count)s times in a row.") % {"count": FAILURES})


def note_success(rule: Rule) -> None:
    """Forget earlier failures."""
    if rule.failures:
        Rule.objects.filter(pk=rule.pk).update(failures=0)
        rule.failures = 0
