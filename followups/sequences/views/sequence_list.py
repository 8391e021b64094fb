"""The list of sequences, and actions on them: create from a pack, duplicate, archive, restore, switch."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.free_name import free_name
from followups.sequences.models import Sequence
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.preset_entries import SequencePreset, add_from_preset, sequence_presets
from followups.sequences.views.frame import (
    MANAGE,
    VIEW,
    get_sequence,
    page_context,
    sequence_groups,
    sequence_lines,
    unused_presets,
)


@require(VIEW)
def sequences(request: TenantRequest) -> HttpResponse:
    """Show all sequences, the packs to start from, and the archived ones."""
    lines = sequence_lines()
    archived = [row for row in sequences_by_id().values() if row.archived_at is not None]
    context = {
        "groups": sequence_groups(lines),
        "inside": sum(line.inside for line in lines if not line.sequence.is_in_test),
        "presets": [(preset, _preset_problem(preset)) for preset in unused_presets()],
        "archived": sorted(archived, key=lambda row: row.name),
        **page_context(request),
    }
    return render(request, "followups/sequences/sequences.html", context)


def _preset_problem(preset: SequencePreset) -> str:
    """Return what a pack needs that is missing, such as a template; blank if it can be used."""
    try:
        preset.definition()
    except Refused as why:
        return str(why)
    return ""


@require(MANAGE)
@require_POST
def start_from_pack(request: TenantRequest) -> HttpResponse:
    """Create a sequence from a pack, switched off."""
    key = request.POST.get("preset", "")
    preset = next((entry for entry in sequence_presets() if entry.key == key), None)
    if preset is None:
        raise Http404
    try:
        with transaction.atomic():
            row = add_from_preset(preset, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("sequences:list", request.tenant.slug)
    messages.success(request, _("Created, and off. Check its steps, then turn it on."))
    return redirect("sequences:sequence", request.tenant.slug, row.uid)


@require(MANAGE)
@require_POST
def duplicate(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Duplicate a sequence, switched off."""
    row = get_sequence(uid)
    assert row.version is not None, "a sequence is added with a version"
    try:
        with transaction.atomic():
            made = Sequence.add(free_name(row.name), row.purpose, row.version.parsed, by=request.member)
            made.set_rules(purpose=row.purpose, reentry=row.reentry, reentry_days=row.reentry_days, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("sequences:sequence", request.tenant.slug, row.uid)
    messages.success(request, _("This is the copy. It is off."))
    return redirect("sequences:sequence", request.tenant.slug, made.uid)


@require(MANAGE)
@require_POST
def archive(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Archive a sequence. Those inside leave it; what it did remains."""
    row = get_sequence(uid)
    row.archive(by=request.member)
    messages.success(request, _("“%(name)s” is archived.") % {"name": row.name})
    return redirect("sequences:list", request.tenant.slug)


@require(MANAGE)
@require_POST
def restore(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Restore an archived sequence, switched off."""
    row = get_sequence(uid)
    try:
        row.restore(by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("“%(name)s” is restored and turned off.") % {"name": row.name})
    return redirect("sequences:sequence", request.tenant.slug, row.uid)
