"""Turn a trigger on, after showing what happens immediately."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.automation.editor.matches import PresentMatches
from crm.automation.editor.rule_text import rule_sentences
from crm.automation.engine.present_records import present_rows, start_present
from crm.automation.models import Mode, Rule
from crm.automation.setup import read_rule
from crm.automation.views.editor import form_version
from crm.automation.views.frame import MANAGE, get_rule, page_context
from crm.platform.models.tenant import lock_configuration
from crm.web.requests.form_version import is_stale, stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# What the form sends where the rule is to fire for what matches now, too; else it fires for what comes alone.
PRESENT = "present"


@require(MANAGE)
def turn_on(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Ask to confirm turning a trigger on, showing the consequences. A POST turns it on."""
    if request.method != "POST":
        return _render_question(request, get_rule(uid))
    lock_configuration()
    rule = get_rule(uid)
    if is_stale(request, form_version(rule)):
        return _render_question(request, rule, 409, stale_message())
    if rule.archived_at or read_rule(rule).problem:
        return _render_question(request, rule, 422)
    with_present = request.POST.get("begin") == PRESENT
    with transaction.atomic():
        rule.switch(Mode.ON, by=request.member, skips_present=not with_present)
        if with_present and present_rows(read_rule(rule)) is not None:
            start_present(rule)
    messages.success(request, _("“%(name)s” is on.") % {"name": rule.name})
    return redirect("automation:rule", request.tenant.slug, rule.uid)


def _render_question(request: TenantRequest, rule: Rule, status: int = 200, told: str = "") -> HttpResponse:
    read = read_rule(rule)
    if rule.archived_at:
        problem = _("It is archived. Restore it first.")
    else:
        problem = read.problem
    context = {
        "rule": rule,
        "sentences": rule_sentences(read),
        "problem": problem,
        "matches": None if problem else PresentMatches(read, request.member, request.tenant.slug).matches(),
        "version": form_version(rule),
        "told": told,
        "trouble": status >= 400,
        **page_context(request),
    }
    return render(request, "automation/turn_on.html", context, status=status)
