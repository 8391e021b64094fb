"""Settings: the assignment rules of each kind of work, their order, and the usual limits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.forms import AssignmentPolicyForm, RuleForm, as_chosen
from crm.jobs.assignment.presets import USUAL_VALUE, AssignmentPreset, switch_on, unused_presets
from crm.jobs.assignment.preview import preview
from crm.jobs.assignment.rule_words import about, to_whom
from crm.jobs.assignment.work import AssignableWork, kinds, work_of
from crm.jobs.models.assignment import AssignmentPolicy, AssignmentRule
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page

PAGE = "jobs/assignment/rule.html"


@dataclass(frozen=True)
class RuleWords:
    """A rule in its list, in words."""

    rule: AssignmentRule
    about: str
    to_whom: str


@dataclass(frozen=True)
class WorkKindBlock:
    """A kind of work on the page: its rules and limits. `waits`: number of unassigned rows."""

    work: AssignableWork
    live: list[RuleWords]
    off: list[AssignmentRule]
    policy: AssignmentPolicyForm
    waits: int
    presets: list[AssignmentPreset]


def version() -> str:
    """Hash what the page's forms show."""
    setup = assignment_setup()
    rules = [(rule.pk, rule.position, rule.archived_at) for kind_rules in setup.rules.values() for rule in kind_rules]
    policies = [(row.kind, row.limit, row.waiting_percent, row.away_minutes) for row in setup.policies.values()]
    return version_of(rules, policies)


@settings_page("jobs:assignment", MANAGE, "jobs/assignment/rules.html", version=version)
def assignment(request: TenantRequest) -> Context:
    """Show all kinds of work with their rules."""
    teams = [team for team in directory().teams.values() if team.archived_at is None]
    return {"blocks": [_kind_block(work) for work in kinds()], "teams": teams, "usual_value": USUAL_VALUE}


def _kind_block(work: AssignableWork) -> WorkKindBlock:
    rules = assignment_setup().rules.get(work.kind, [])
    policy = assignment_setup().policies.get(work.kind) or AssignmentPolicy(kind=work.kind)
    values = {name: getattr(policy, name) for name in AssignmentPolicy.FIELDS}
    live = [rule for rule in rules if rule.archived_at is None]
    return WorkKindBlock(
        work,
        [RuleWords(rule, about(rule, work), to_whom(rule, work)) for rule in live],
        [rule for rule in rules if rule.archived_at],
        AssignmentPolicyForm(initial=values, auto_id=f"{work.kind}-%s"),
        work.queue().count() if live else 0,
        unused_presets(work),
    )


def _get_rule(uid: UUID) -> AssignmentRule:
    return get_object_or_404(AssignmentRule.objects.all(), uid=uid)


def _get_work(kind: str) -> AssignableWork:
    try:
        return work_of(kind)
    except KeyError:
        raise Http404 from None


@assignment.action(_get_rule)
def move_rule(request: TenantRequest, rule: AssignmentRule) -> str:
    """Move a rule one place up or down."""
    order = assignment_setup().rules_of(rule.kind)
    at = next((at for at, row in enumerate(order) if row.pk == rule.pk), None)
    if at is None:
        raise Refused(_("A disabled rule has no position."))
    if request.POST.get("direction") == "up":
        if at:
            rule.move(before=order[at - 1], by=request.member)
    elif at < len(order) - 1:
        rule.move(before=order[at + 2] if at + 2 < len(order) else None, by=request.member)
    return _("The order is saved.")


archive_rule, restore_rule = assignment.archive_actions(
    _get_rule, archived=gettext_lazy("“%(name)s” is off."), restored=gettext_lazy("“%(name)s” is on again.")
)


@assignment.action(_get_work)
def add_preset(request: TenantRequest, work: AssignableWork) -> str:
    """Enable a preset rule for a team."""
    teams = {str(team.uid): team for team in directory().teams.values() if team.archived_at is None}
    posted = request.POST
    team = teams.get(posted.get("team", ""))
    rule = switch_on(work, posted.get("preset", ""), team, posted.get("value", ""), by=request.member)
    return _("The rule “%(name)s” is on.") % {"name": rule.name}


@assignment.action(_get_work)
def set_policy(request: TenantRequest, work: AssignableWork) -> str:
    """Set the usual limits of a kind of work."""
    form = AssignmentPolicyForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    AssignmentPolicy.set(work.kind, by=request.member, **form.cleaned_data)
    return _("Saved.")


@require(MANAGE)
def add_rule(request: TenantRequest, kind: str) -> HttpResponse:
    """Add a rule below the others, after a preview of its effect on recent work."""
    work = _get_work(kind)
    posted = is_posted(request)
    form = RuleForm(work, request.POST if posted else None, initial=None if posted else {"is_sticky": True})
    if not posted or not form.is_valid() or "preview" in request.POST:
        return _rule_page(request, work, form, None)
    try:
        AssignmentRule.add(kind, by=request.member, **form.facts)
    except Refused as why:
        form.add_error("name", str(why))
        return _rule_page(request, work, form, None)
    return _saved_redirect(request)


@require(MANAGE)
def rule(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit a rule, with a preview of its effect on recent work."""
    posted = is_posted(request)
    row = _get_rule(uid)
    work = _get_work(row.kind)
    initial = as_chosen(row)
    now = version_of(initial, row.archived_at)
    if not posted:
        return _rule_page(request, work, RuleForm(work, initial=initial), row, version=now)
    if is_stale(request, now):
        fresh = RuleForm(work, initial=initial)
        return _rule_page(request, work, fresh, row, version=now, told=stale_message(), status=409)
    form = RuleForm(work, request.POST, initial=initial)
    if not form.is_valid() or "preview" in request.POST:
        return _rule_page(request, work, form, row, version=now)
    try:
        row.edit(by=request.member, **form.facts)
    except Refused as why:
        form.add_error("name", str(why))
        return _rule_page(request, work, form, row, version=now)
    return _saved_redirect(request)


def _rule_page(
    request: TenantRequest,
    work: AssignableWork,
    form: RuleForm,
    row: AssignmentRule | None,
    **more: Any,
) -> HttpResponse:
    """Render the form with the preview of its rule; for an unsaved rule, of the typed values."""
    wrong = form.is_bound and bool(form.errors)
    tried = row
    if form.is_bound and not wrong:
        tried = AssignmentRule(
            pk=row.pk if row else None, kind=work.kind, position=row.position if row else 0, **form.facts
        )
    context = {
        "form": form,
        "rule": row,
        "work": work,
        "about": [field for field in form if field.name in RuleForm.ABOUT],
        "given": [field for field in form if field.name not in (*RuleForm.ABOUT, "name")],
        "preview": preview(work, tried) if tried is not None and not wrong else None,
        "version": more.get("version", ""),
        "told": more.get("told", ""),
        "trouble": bool(more.get("told")),
    }
    return render(request, PAGE, context, status=more.get("status", 422 if wrong else 200))


def _saved_redirect(request: TenantRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("jobs:assignment", request.tenant.slug)
