"""Move those inside an older version to the present one: the effect first, then as a run with one undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.platform.work.runs import cancel
from crm.web.actions.runs import RunPage
from crm.web.requests.form_version import is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.models import Sequence, SequenceVersion, VersionMove
from followups.sequences.moving.preview import preview_move
from followups.sequences.moving.runs import start_move
from followups.sequences.views.frame import MANAGE, get_sequence, page_context

PAGE = "followups/sequences/move.html"


@require(MANAGE)
def move_version(request: TenantRequest, uid: UUID, number: int) -> HttpResponse:
    """Show what moving those inside a version would do; a POST moves them."""
    sequence = get_sequence(uid)
    source = SequenceVersion.objects.filter(sequence_id=sequence.pk, number=number).first()
    target = sequence.version
    if source is None or target is None or source.pk == target.pk or sequence.archived_at:
        raise Http404
    if request.method != "POST":
        return _render_preview(request, sequence, source, target)
    preview = preview_move(source, target, request.member)
    if is_stale(request, _form_version(target, preview.moving)):
        return _render_preview(request, sequence, source, target, 409, stale_message())
    if not preview.moving:
        return _render_preview(request, sequence, source, target, 422, _("Nobody would be moved."))
    run = start_move(source, target, by=request.member)
    if run.is_working:
        return redirect("sequences:move_run", request.tenant.slug, run.uid)
    messages.success(request, _result_sentence(run), extra_tags=_undo_url(request, run))
    return redirect("sequences:sequence", request.tenant.slug, sequence.uid)


def _form_version(target: SequenceVersion, moving: int) -> str:
    return version_of(target.pk, moving)


def _render_preview(
    request: TenantRequest,
    sequence: Sequence,
    source: SequenceVersion,
    target: SequenceVersion,
    status: int = 200,
    told: str = "",
) -> HttpResponse:
    preview = preview_move(source, target, request.member)
    context = {
        "sequence": sequence,
        "source": source,
        "target": target,
        "preview": preview,
        "version": _form_version(target, preview.moving),
        "told": told,
        "trouble": status >= 400,
        **page_context(request),
    }
    return render(request, PAGE, context, status=status)


@require(MANAGE)
def move_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the progress of a move, and its result."""
    run = _get_run(request, uid)
    sequence = Sequence.objects.get(pk=run.target.sequence_id)
    slug = request.tenant.slug
    words = _("%(done)s of %(total)s leads. You can leave this page; it goes on.")
    page = RunPage(
        run,
        "followups/sequences/move_run.html",
        reverse("sequences:move_run", args=[slug, run.uid]),
        words % {"done": run.done, "total": run.total},
        _("Leads done"),
        reverse("sequences:move_cancel", args=[slug, run.uid]),
        _("Stop here"),
        next=reverse("sequences:sequence", args=[slug, sequence.uid]),
    )
    context: dict[str, Any] = {
        "sequence": sequence,
        "sentence": _result_sentence(run),
        "undo": _undo_url(request, run),
    }
    return page.answer(request, context)


@require(MANAGE)
@require_POST
def move_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop a move. Those moved so far stay moved, and can be undone."""
    run = _get_run(request, uid)
    cancel(run, by=request.member)
    return redirect("sequences:move_run", request.tenant.slug, run.uid)


def _get_run(request: TenantRequest, uid: UUID) -> VersionMove:
    run: VersionMove = get_object_or_404(VersionMove.objects.filter(by=request.member), uid=uid)
    return run


def _result_sentence(run: VersionMove) -> str:
    words = ngettext(
        "%(count)s lead moved to version %(number)s.",
        "%(count)s leads moved to version %(number)s.",
        run.changed_count,
    )
    sentence = words % {"count": run.changed_count, "number": run.target.number}
    staying = run.done - run.changed_count
    if staying > 0:
        words = ngettext("%(count)s stays on its version.", "%(count)s stay on theirs.", staying)
        return f"{sentence} {words % {'count': staying}}"
    return sentence


def _undo_url(request: TenantRequest, run: VersionMove) -> str:
    if run.change is None:
        return ""
    return reverse("undo", args=[request.tenant.slug, run.change.uid])
