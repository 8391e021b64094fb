"""Trigger editor: show it, handle its buttons, try it on a record, save a new version."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition
from crm.automation.editor.conditions import focused_row
from crm.automation.editor.overview import rule_groups, state_of
from crm.automation.editor.rule_draft import RuleDraft
from crm.automation.editor.rule_fields import RuleFields
from crm.automation.editor.rule_text import rule_sentences
from crm.automation.editor.versions import VersionDiffLine, diff_versions
from crm.automation.models import Mode, Rule
from crm.automation.setup import ReadRule, read_rule
from crm.automation.views.frame import MANAGE, VIEW, get_rule, page_context
from crm.automation.views.side import side_context
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models.tenant import lock_configuration
from crm.web.requests.form_version import is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require

SAVE = "save"
TURN_ON = "on"

# What the buttons beside the name do at once, and what is said then.
SWITCHED = {
    Mode.OFF: gettext_lazy("Turned off."),
    Mode.SHADOW: gettext_lazy("Now in test mode: it only logs what it would do."),
    Mode.PROPOSE: gettext_lazy("It now suggests: a suggestion shows on the lead’s page."),
}


@require(MANAGE)
def new_rule(request: TenantRequest) -> HttpResponse:
    """Create a trigger."""
    if request.method != "POST":
        # A link may fill the draft in (editor/draft_address.py).
        draft = RuleDraft.from_form(request.GET) if "record" in request.GET else RuleDraft.new()
        return render_editor(request, None, draft)
    return _run_button(request, None, RuleDraft.from_form(request.POST))


@require(VIEW)
def rule(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a trigger, and save changes."""
    if request.method == "POST":
        row = get_rule(uid)
        return _run_button(request, row, RuleDraft.from_form(request.POST))
    row = get_rule(uid)
    draft = RuleDraft.of(row.name, _current_definition(row))
    if read_rule(row).problem:
        draft.judge()
    return render_editor(request, row, draft)


def form_version(rule: Rule | None) -> str:
    """Return the version digest of the form."""
    if rule:
        return version_of(rule.version_id, rule.name, rule.archived_at)
    return ""


def _current_definition(rule: Rule) -> Definition:
    assert rule.version is not None, "a rule is added with a version"
    return Definition.from_json(rule.version.definition)


def _run_button(request: TenantRequest, rule: Rule | None, draft: RuleDraft) -> HttpResponse:
    """Perform the action of the pressed button."""
    do = request.POST.get("do", "")
    if do.startswith("try"):
        return render_editor(request, rule, draft)
    if not allows(request.member, MANAGE):
        raise Http404
    if do in (SAVE, TURN_ON):
        return _save_draft(request, rule, draft, do)
    if do in SWITCHED and rule:
        try:
            rule.switch(Mode(do), by=request.member)
        except Refused as why:
            return render_editor(request, rule, draft, status=422, told=str(why))
        return render_editor(request, rule, draft, told=str(SWITCHED[Mode(do)]))
    draft.act(do)
    return render_editor(request, rule, draft)


def _save_draft(request: TenantRequest, rule: Rule | None, draft: RuleDraft, do: str) -> HttpResponse:
    lock_configuration()
    if rule:
        rule = get_rule(rule.uid)
        if is_stale(request, form_version(rule)):
            theirs = diff_versions(
                rule_sentences(read_rule(rule)), rule_sentences(ReadRule.of(rule, draft.definition()))
            )
            return render_editor(request, rule, draft, status=409, told=stale_message(), theirs=theirs)
    if not draft.judge():
        draft.focus = draft.first_problem
        return render_editor(request, rule, draft, status=422)
    try:
        with transaction.atomic():
            saved = _save_rule(request, rule, draft)
    except Refused as why:
        draft.problems["name"], draft.focus = str(why), "rule-name"
        return render_editor(request, rule, draft, status=422)
    if do == TURN_ON and saved.mode != Mode.ON:
        return redirect("automation:turn_on", request.tenant.slug, saved.uid)
    is_new_shadow = rule is None
    messages.success(request, _("Saved in test mode: it only logs what it would do.") if is_new_shadow else _("Saved."))
    return redirect("automation:rule", request.tenant.slug, saved.uid)


def _save_rule(request: TenantRequest, rule: Rule | None, draft: RuleDraft) -> Rule:
    if rule is None:
        return Rule.add(draft.name, draft.definition(), by=request.member)
    if rule.archived_at:
        raise Refused(_("It is archived. Restore it first."))
    rule.rename(draft.name, by=request.member)
    rule.edit(draft.definition(), by=request.member)
    return rule


def render_editor(
    request: TenantRequest,
    rule: Rule | None,
    draft: RuleDraft,
    *,
    status: int = 200,
    told: str = "",
    theirs: list[VersionDiffLine] | None = None,
) -> HttpResponse:
    """Render the editor, or for htmx its form."""
    read = ReadRule.of(rule or Rule(name=draft.name), draft.definition())
    context: dict[str, Any] = {
        "rule": rule,
        "draft": draft,
        "fields": RuleFields(draft),
        "builder": draft.conditions,
        "focus": focused_row(draft.focus),
        "version": form_version(rule),
        "here": request.path,
        "post_url": request.path,
        "state": state_of(rule) if rule else None,
        "problem": read_rule(rule).problem if rule else "",
        "told": told,
        "trouble": status >= 400,
        "theirs": theirs,
        "hours": [(str(hour), f"{hour}:00") for hour in range(24)],
        **page_context(request),
    }
    if is_fragment(request) and not request.POST.get("do", "").startswith("try"):
        return render(request, "automation/editor.html#form", context, status=status)
    context |= {"groups": rule_groups(), **side_context(request, read)}
    part = ""
    if is_fragment(request):
        part = "#side"
    return render(request, f"automation/editor.html{part}", context, status=status)
