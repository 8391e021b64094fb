"""The tenant's status triggers as a YAML file: preview line by line, import and download."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.automation.definition import Definition
from crm.automation.editor.rule_text import rule_sentences
from crm.automation.editor.versions import VersionDiffLine, diff_versions
from crm.automation.models import Rule
from crm.automation.setup import ReadRule, read_rule
from crm.automation.views.frame import MANAGE
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.automation.status.document import LARGEST, decode_file
from followups.automation.status.rules import (
    PlannedTrigger,
    TriggerProblem,
    export_triggers,
    import_triggers,
    made_of,
    plan_triggers,
)

MAKE = "make"


class TriggerPreview(NamedTuple):
    """A rule as the page shows it: in sentences, or as a diff to the one imported before."""

    name: str
    says: list[str]
    rule: Rule | None
    changes: list[VersionDiffLine]


class TriggerRow(NamedTuple):
    """A trigger of the file: its line, what it becomes, and what could not be parsed."""

    line: int
    name: str
    rules: list[TriggerPreview]
    problems: tuple[TriggerProblem, ...]
    left: tuple[TriggerProblem, ...]


@require(MANAGE)
def status_triggers(request: TenantRequest) -> HttpResponse:
    """Preview an uploaded file or text; import it when confirmed."""
    if request.method != "POST":
        return _render_preview(request, "")
    text = ""
    try:
        text = _uploaded_text(request)
        planned = plan_triggers(text)
        if request.POST.get("do") == MAKE:
            return _import_triggers(request, text)
    except Refused as why:
        return _render_preview(request, text, trouble=str(why))
    return _render_preview(request, text, planned)


def _uploaded_text(request: TenantRequest) -> str:
    """Return the uploaded or typed text. Raises Refused if it is not text."""
    file = request.FILES.get("file")
    if file is None:
        return decode_file(request.POST.get("text", "").replace("\r\n", "\n").encode())
    return decode_file(file.read(LARGEST + 1))


def _import_triggers(request: TenantRequest, text: str) -> HttpResponse:
    done = import_triggers(text, by=request.member, partly=True)
    if not (done.added or done.edited):
        raise Refused(_("None of its triggers can be created."))
    words = ngettext(
        "%(count)s trigger is created in test mode.", "%(count)s triggers are created in test mode.", len(done.added)
    )
    kept = ngettext("%(count)s is already as in the file.", "%(count)s are already as in the file.", len(done.edited))
    parts = []
    if done.added:
        parts = [words % {"count": len(done.added)}]
    parts += [kept % {"count": len(done.edited)}] if done.edited else []
    messages.success(request, " ".join(parts))
    return redirect("automation:rules", request.tenant.slug)


def _render_preview(
    request: TenantRequest, text: str, planned: list[PlannedTrigger] | None = None, *, trouble: str = ""
) -> HttpResponse:
    rows = _build_rows(planned or [])
    count = sum(one.rule is None or bool(one.changes) for row in rows for one in row.rules)
    context: dict[str, Any] = {
        "text": text,
        "rows": rows,
        "count": count,
        "is_made": any(row.rules for row in rows),
        "trouble": trouble,
        "has_some": Rule.objects.filter(archived_at__isnull=True, preset__startswith="yaml.").exists(),
    }
    return render(request, "followups/status_triggers.html", context, status=422 if trouble else 200)


def _build_rows(planned: list[PlannedTrigger]) -> list[TriggerRow]:
    existing = made_of({part.key: part for one in planned for part in one.parts})
    return [
        TriggerRow(
            one.entry.line,
            one.entry.name,
            [_preview_rule(part.name, part.definition, existing.get(part.key)) for part in one.parts],
            one.problems,
            one.left,
        )
        for one in planned
    ]


def _preview_rule(name: str, definition: Definition, rule: Rule | None) -> TriggerPreview:
    says = rule_sentences(ReadRule.of(rule or Rule(name=name), definition))
    changes = []
    if rule:
        changes = diff_versions(rule_sentences(read_rule(rule)), says)
    return TriggerPreview(rule.name if rule else name, says, rule, [piece for piece in changes if piece.sign.strip()])


@require(MANAGE)
def download(request: TenantRequest) -> HttpResponse:
    """Download the imported triggers as they are now."""
    answer = HttpResponse(export_triggers(), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="status_triggers.yaml"'
    return answer
