"""The versions of a sequence: author, time and differences of each, and restoring one."""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.automation.editor.versions import VersionDiffLine, diff_versions
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.editor.sequence_text import definition_sentences
from followups.sequences.models import SequenceVersion
from followups.sequences.views.frame import MANAGE, VIEW, get_sequence, page_context

MOST = 50


class SequenceVersionLine(NamedTuple):
    """A version: author, time, and the difference from the version before."""

    row: SequenceVersion
    who: str
    at: str
    pieces: list[VersionDiffLine]
    is_current: bool


@require(VIEW)
def versions(request: TenantRequest, uid: UUID) -> HttpResponse:
    """List the versions, the newest first, each with what it changed."""
    sequence = get_sequence(uid)
    rows = list(SequenceVersion.objects.filter(sequence_id=sequence.pk).order_by("-number")[: MOST + 1])
    texts = [definition_sentences(row.parsed) for row in rows]
    reader = Reader.of(request.member, clock.now())
    made = [
        SequenceVersionLine(
            row,
            member.name if (member := directory().members.get(row.by_id or 0)) else _("Throughline"),
            reader.moment(row.at),
            diff_versions(texts[at + 1] if at + 1 < len(rows) else [], texts[at]),
            row.pk == sequence.version_id,
        )
        for at, row in enumerate(rows[:MOST])
    ]
    return render(
        request, "followups/sequences/versions.html", {"sequence": sequence, "made": made, **page_context(request)}
    )


@require(MANAGE)
@require_POST
def go_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save an old version as the newest."""
    sequence = get_sequence(uid)
    number = read_number(request.POST.get("number", "")) or 0
    row = SequenceVersion.objects.filter(sequence_id=sequence.pk, number=number).first()
    if row is None:
        raise Http404
    try:
        sequence.edit(row.parsed, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("Version %(number)s is restored.") % {"number": row.number})
    return redirect("sequences:sequence", request.tenant.slug, sequence.uid)
