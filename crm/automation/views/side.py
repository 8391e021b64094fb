"""The panel beside the editor: current matches, a trial on one record, the last runs."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from crm.automation.editor import trial
from crm.automation.editor.matches import PresentMatches
from crm.automation.editor.rule_draft import RuleDraft
from crm.automation.log.run_lines import run_lines
from crm.automation.models import Rule, RuleRun
from crm.automation.registry.figures import rule_figures
from crm.automation.setup import ReadRule
from crm.automation.views.frame import VIEW
from crm.kernel import clock
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require

LAST = 4
# For how long it says what came of it.
DAYS = 30


@require(VIEW)
@require_POST
def matches(request: TenantRequest) -> HttpResponse:
    """Show the current matches of the form as it is edited."""
    draft = RuleDraft.from_form(request.POST)
    read = ReadRule.of(Rule(name=draft.name), draft.definition())
    context = {"matches": PresentMatches(read, request.member, request.tenant.slug).matches(), "kind": read.kind}
    return render(request, "automation/_matches.html", context)


def side_context(request: TenantRequest, read: ReadRule) -> dict[str, Any]:
    """Return the context of the panel."""
    member = request.member
    slug = request.tenant.slug
    posted = request.POST
    context: dict[str, Any] = {
        "kind": read.kind,
        "q": posted.get("q", "")[:120],
        "runs": _last_runs(request, read.rule),
    }
    # Of a trial only the panel is drawn again: the page keeps what it has (hx-preserve), as the runs are many to read.
    if read.rule.pk is not None and not is_fragment(request):
        context["figures"] = rule_figures(read.rule.pk, clock.now() - timedelta(days=DAYS))
    if read.kind is None:
        return context
    context["matches"] = PresentMatches(read, member, slug).matches()
    do, _colon, pk = posted.get("do", "").partition(":")
    if do != "try" or not (pk or context["q"].strip()):
        return context
    row = trial.row_of(read.kind, member, pk)
    if row is not None:
        context["trial"] = trial.try_rule(read, row, member, slug)
    else:
        records = trial.find_records(read.kind, member, context["q"])
        context["found"] = [PresentMatches(read, member, slug).match(one, {}) for one in records]
        context["is_searched"] = True
    return context


def _last_runs(request: TenantRequest, rule: Rule) -> Any:
    if rule.pk is None:
        return []
    return run_lines(list(RuleRun.objects.filter(rule=rule).order_by("-pk")[:LAST]), request)
