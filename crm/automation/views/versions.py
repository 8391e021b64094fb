"""The versions of a trigger: author, time and differences of each, and restoring one."""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.automation.definition import Definition
from crm.automation.editor.rule_text import rule_sentences
from crm.automation.editor.versions import VersionDiffLine, diff_versions
from crm.automation.models import Rule, RuleVersion
from crm.automation.setup import ReadRule
from crm.automation.views.frame import MANAGE, VIEW, get_rule, page_context
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

MOST = 50


class VersionLine(NamedTuple):
    """A version: author, time, and the difference from the version before."""

    row: RuleVersion
    who: str
    at: str
    pieces: list[VersionDiffLine]
    is_current: bool


@require(VIEW)
def versions(request: TenantRequest, uid: UUID) -> HttpResponse:
    """List the versions, the newest first, each with what it changed."""
    rule = get_rule(uid)
    rows = list(RuleVersion.objects.filter(rule_id=rule.pk).order_by("-number")[: MOST + 1])
    texts = [rule_sentences(ReadRule.of(rule, Definition.from_json(row.definition))) for row in rows]
    reader = Reader.of(request.member, clock.now())
    made = [
        VersionLine(
            row,
            member.name if (member := directory().members.get(row.by_id or 0)) else _("Throughline"),
            reader.moment(row.at),
            diff_versions(texts[at + 1] if at + 1 < len(rows) else [], texts[at]),
            row.pk == rule.version_id,
        )
        for at, row in enumerate(rows[:MOST])
    ]
    return render(request, "automation/versions.html", {"rule": rule, "made": made, **page_context(request)})


@require(MANAGE)
@require_POST
def go_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save an old version as the newest."""
    rule = get_rule(uid)
    number = request.POST.get("number", "")
    row = _get_version(rule, number)
    if row is None:
        raise Http404
    rule.edit(Definition.from_json(row.definition), by=request.member)
    messages.success(request, _("Version %(number)s is restored.") % {"number": row.number})
    return redirect("automation:rule", request.tenant.slug, rule.uid)


def _get_version(rule: Rule, number: str) -> RuleVersion | None:
    version: RuleVersion | None = RuleVersion.objects.filter(rule_id=rule.pk, number=read_number(number) or 0).first()
    return version
