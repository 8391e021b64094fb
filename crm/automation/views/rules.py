"""The list of triggers, and actions on them: create from a preset, duplicate, archive, restore."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.automation.definition import Definition
from crm.automation.editor.overview import head_sentence, rule_groups
from crm.automation.models import Rule
from crm.automation.registry.presets import RulePreset, rule_imports, rule_preset
from crm.automation.views.frame import MANAGE, VIEW, get_rule, page_context
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(VIEW)
def rules(request: TenantRequest) -> HttpResponse:
    """Show all triggers by record kind, and the archived ones."""
    groups = rule_groups()
    context = {
        "groups": groups,
        "told_head": head_sentence(groups),
        "archived": Rule.objects.filter(archived_at__isnull=False).order_by("name", "pk"),
    }
    return render(request, "automation/rules.html", context | page_context(request))


@require(MANAGE)
def presets(request: TenantRequest) -> HttpResponse:
    """Show the ready-made triggers. A POST creates one in shadow mode."""
    if request.method == "POST":
        return _create_from_preset(request, request.POST.get("preset", ""))
    used = dict(Rule.objects.filter(archived_at__isnull=True).exclude(preset="").values_list("preset", "uid"))
    entries = sorted(features.of(RulePreset), key=lambda entry: str(entry.group))
    shelves = [
        (label, [(entry, used.get(entry.key), "" if entry.key in used else _preset_problem(entry)) for entry in group])
        for label, group in groupby(entries, key=lambda entry: str(entry.group))
    ]
    return render(
        request, "automation/presets.html", {"shelves": shelves, "imports": rule_imports(), **page_context(request)}
    )


def _preset_problem(entry: RulePreset) -> str:
    """Return what the preset needs that is missing, such as a step or template; blank if it can be used."""
    try:
        entry.define()
    except Refused as why:
        return str(why)
    return ""


def _create_from_preset(request: TenantRequest, key: str) -> HttpResponse:
    entry = rule_preset(key)
    if entry is None:
        raise Http404
    try:
        with transaction.atomic():
            if Rule.objects.filter(archived_at__isnull=True, preset=key).exists():
                raise Refused(_("You already have a trigger from this template."))
            definition = entry.define(request.POST.get("answer", ""))
            rule = Rule.add(Rule.free_name(str(entry.name)), definition, by=request.member, preset=key)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("automation:presets", request.tenant.slug)
    messages.success(request, _("Created in test mode: it only logs what it would do until you turn it on."))
    return redirect("automation:rule", request.tenant.slug, rule.uid)


@require(MANAGE)
@require_POST
def duplicate(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Duplicate a trigger, in shadow mode."""
    rule = get_rule(uid)
    assert rule.version is not None, "a rule is added with a version"
    try:
        made = Rule.add(Rule.free_name(rule.name), Definition.from_json(rule.version.definition), by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("automation:rule", request.tenant.slug, rule.uid)
    messages.success(request, _("This is the copy, in test mode: it only logs what it would do until you turn it on."))
    return redirect("automation:rule", request.tenant.slug, made.uid)


@require(MANAGE)
@require_POST
def archive(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Archive a trigger. It no longer fires; its runs remain in the log."""
    rule = get_rule(uid)
    rule.archive(by=request.member)
    messages.success(request, _("“%(name)s” is archived.") % {"name": rule.name})
    return redirect("automation:rules", request.tenant.slug)


@require(MANAGE)
@require_POST
def restore(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Restore an archived trigger, switched off."""
    rule = get_rule(uid)
    try:
        rule.restore(by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("“%(name)s” is restored and turned off.") % {"name": rule.name})
    return redirect("automation:rule", request.tenant.slug, rule.uid)
