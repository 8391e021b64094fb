"""Turn a sequence on, after showing what that means."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform.models.tenant import lock_configuration
from crm.web.reader import Reader
from crm.web.requests.form_version import is_stale, stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.editor.entry_forecast import forecast_entry
from followups.sequences.editor.entry_rules import entry_rules
from followups.sequences.editor.sequence_draft import saved_sentences
from followups.sequences.models import Enrolment, Sequence, SequenceMode
from followups.sequences.setup import problem_of
from followups.sequences.views.editor import form_version
from followups.sequences.views.frame import MANAGE, get_sequence, page_context


@require(MANAGE)
def turn_on(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Ask to confirm turning a sequence on, showing the consequences. A POST turns it on."""
    if request.method != "POST":
        return _render_question(request, get_sequence(uid))
    lock_configuration()
    row = get_sequence(uid)
    if is_stale(request, form_version(row)):
        return _render_question(request, row, 409, stale_message())
    if row.archived_at or problem_of(row):
        return _render_question(request, row, 422)
    row.switch(SequenceMode.ON, by=request.member)
    messages.success(request, _("“%(name)s” is on.") % {"name": row.name})
    return redirect("sequences:sequence", request.tenant.slug, row.uid)


def _render_question(request: TenantRequest, row: Sequence, status: int = 200, told: str = "") -> HttpResponse:
    if row.archived_at:
        problem = _("It is archived. Restore it first.")
    else:
        problem = problem_of(row)
    reader = Reader.of(request.member, clock.now())
    context = {
        "sequence": row,
        "sentences": saved_sentences(row),
        "problem": problem,
        "rules": entry_rules(row, request.tenant.slug),
        "forecast": None if problem else forecast_entry(row, request.member, reader, request.tenant.slug),
        "resting": Enrolment.objects.inside().filter(sequence=row).count(),
        "version": form_version(row),
        "told": told,
        "trouble": status >= 400,
        **page_context(request),
    }
    return render(request, "followups/sequences/turn_on.html", context, status=status)
