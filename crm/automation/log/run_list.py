"""The list of all runs: which rule, when, and with what outcome."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.automation.models import Rule, RuleRun, RunState
from crm.automation.models.run import FIRED
from crm.automation.registry.records import RecordKind
from crm.jobs.list.search import search
from crm.platform import features
from crm.platform.models import Member
from crm.platform.organization.configuration import cached_per_tenant
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order


@cached_per_tenant
def _rules_by_uid() -> dict[str, tuple[int, str]]:
    """Return every rule's id and name, by its public id; archived ones last."""
    rows = Rule.objects.order_by(F("archived_at").asc(nulls_first=True), "name", "pk").values_list("uid", "pk", "name")
    return {str(uid): (pk, name) for uid, pk, name in rows}


def _rule_choices(member: Member) -> list[Choice]:
    return [Choice(uid, name) for uid, (_pk, name) in _rules_by_uid().items()]


def _of_rule(value: str, viewer: Viewer) -> Q:
    return Q(rule_id=_rules_by_uid()[value][0])


def _state_choices(member: Member) -> list[Choice]:
    return [Choice(state.value, str(state.label)) for state in RunState]


def _kind_choices(member: Member) -> list[Choice]:
    return [Choice(kind.key, str(kind.group)) for kind in features.of(RecordKind)]


class RunFilters(FilterSet):
    """Filters of runs, in the order of the filter builder."""

    rule = ChoiceFilter(gettext_lazy("Trigger"), choices=_rule_choices, q=_of_rule, least=1)
    state = ChoiceFilter(gettext_lazy("Result"), "state", choices=_state_choices)
    record = ChoiceFilter(gettext_lazy("About"), "record", choices=_kind_choices)
    fired = FlagFilter(
        gettext_lazy("Ran"), yes=gettext_lazy("it did something"), q=lambda value, viewer: Q(state__in=FIRED)
    )
    day = DateFilter(gettext_lazy("Day"), "at")
    q = TextFilter(gettext_lazy("Name, phone, email, address or number"), alone=True, chip=gettext_lazy("Text"))


def _count_text(found: str) -> str:
    if found.isdigit():
        return ngettext("%(count)s run", "%(count)s runs", int(found)) % {"count": found}
    return _("%(count)s runs") % {"count": found}


class RunList(List):
    """The list of runs, newest first."""

    key = "rule_runs"
    page = "automation:log"
    permission = "automation.view"
    filterset = RunFilters
    first_field = "rule"
    words = Words(
        name=gettext_lazy("Log"),
        where=gettext_lazy("Runs where"),
        everything=gettext_lazy("All runs"),
        counted=_count_text,
        sorted_by=gettext_lazy("newest first"),
    )

    def visible(self, member: Member) -> Any:
        """Return all runs: members who may see triggers may see the log."""
        return RuleRun.objects.all()

    def order(self, filters: Filters) -> Order:
        return Order(RuleRun, "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Filter runs to those about jobs that match a search text."""
        text = filters.get("q")
        if not text:
            return rows
        return rows.filter(job_id__in=[hit.job_id for hit in search(text, by=member, most=200)])

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All runs"), self.filters()),
            View("fired", _("Ran"), self.filters(fired="1")),
            View("waiting", _("Waiting"), self.filters(state=RunState.WAITING)),
            View("failed", _("Failed"), self.filters(state=RunState.FAILED), css="crit"),
            View("proposed", _("Suggested"), self.filters(state=RunState.PROPOSED)),
            View("shadow", _("Would have run"), self.filters(state=RunState.SHADOW)),
        ]


RUNS = RunList()
