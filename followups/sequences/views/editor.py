"""Sequence editor: show it, handle its buttons, walk a lead through, save a new version."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.library.test_mail import send_test_mail
from comms.rendering.rendering import Missing
from crm.automation.editor.versions import VersionDiffLine, diff_versions
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models.tenant import lock_configuration
from crm.web.requests.form_version import is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.sequences.editor.entry_rules import entry_rules
from followups.sequences.editor.precedence import place_choices, place_of, set_place
from followups.sequences.editor.sequence_draft import STAYS, SequenceDraft, saved_sentences
from followups.sequences.editor.step_counts import count_steps_of
from followups.sequences.editor.step_draft import line_prefix, step_lines
from followups.sequences.editor.step_views import (
    OTHERWISE,
    UNANSWERED,
    UNITS,
    SequenceStepViews,
    conditions_view,
    preview_step,
)
from followups.sequences.editor.stop_lines import DAYS, pause_lines, stop_lines
from followups.sequences.editor.trial_log import trial_of
from followups.sequences.models import Reentry, Sequence, SequenceMode, SequencePurpose
from followups.sequences.models.sequence import CircleRefused
from followups.sequences.setup import problem_of
from followups.sequences.views.frame import (
    MANAGE,
    VIEW,
    get_sequence,
    page_context,
    sequence_groups,
    sequence_lines,
    state_of,
    unused_presets,
)
from followups.sequences.views.side import side_context

SAVE = "save"
TURN_ON = "on"
MAIL = "mail:"
# What is said after a switch that asks nothing.
SWITCHED = {
    SequenceMode.OFF: gettext_lazy("Turned off. Those inside rest until it is on again."),
    SequenceMode.SHADOW: gettext_lazy("Now in test mode: it only logs what it would do."),
}
PAGE = "followups/sequences/editor.html"


@require(MANAGE)
def new_sequence(request: TenantRequest) -> HttpResponse:
    """Create a sequence."""
    if request.method != "POST":
        return render_editor(request, None, SequenceDraft.new())
    return _run_button(request, None, SequenceDraft.from_form(request.POST))


@require(VIEW)
def sequence(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a sequence, and save changes."""
    row = get_sequence(uid)
    if request.method == "POST":
        return _run_button(request, row, SequenceDraft.from_form(request.POST))
    draft = SequenceDraft.of(row)
    draft.place = place_of(row)
    if problem_of(row):
        draft.judge()
    return render_editor(request, row, draft)


def form_version(sequence: Sequence | None) -> str:
    """Return the version digest of the form."""
    if sequence is None:
        return ""
    rules = (sequence.purpose, sequence.rank, sequence.reentry, sequence.reentry_days)
    return version_of(sequence.version_id, sequence.name, *rules, sequence.archived_at)


def _run_button(request: TenantRequest, sequence: Sequence | None, draft: SequenceDraft) -> HttpResponse:
    """Perform the action of the pressed button."""
    do = request.POST.get("do", "")
    if do.startswith("walk"):
        return render_editor(request, sequence, draft)
    if not allows(request.member, MANAGE):
        raise Http404
    if do in (SAVE, TURN_ON):
        return _save_draft(request, sequence, draft, do)
    if do in SWITCHED and sequence:
        try:
            sequence.switch(do, by=request.member)
        except Refused as why:
            return render_editor(request, sequence, draft, status=422, told=str(why))
        return render_editor(request, sequence, draft, told=str(SWITCHED[SequenceMode(do)]))
    if do.startswith(MAIL):
        is_sent, words = _mail_step(request, draft, do.removeprefix(MAIL))
        return render_editor(request, sequence, draft, status=200 if is_sent else 422, told=words)
    draft.act(do)
    return render_editor(request, sequence, draft)


def _mail_step(request: TenantRequest, draft: SequenceDraft, at: str) -> tuple[bool, str]:
    """Send the text of a message step to the member, filled in with their newest lead. Returns what to say."""
    line = next((one for one in step_lines(draft.steps) if str(one.at) == at), None)
    preview = None
    if line is not None and line.step.is_message:
        preview = preview_step(line.step, request.tenant.slug)
        draft.focus = f"{line_prefix(line.at)}mail"
    if preview is None:
        return False, _("This step has no text to send.")
    job = Job.objects.visible_to(request.member).order_by("-pk").first()
    try:
        address = send_test_mail(preview.version, job=job, by=request.member)
    except Missing as missing:
        return False, _("Not sent. Missing values: %(names)s") % {"names": ", ".join(missing.names)}
    except Refused as why:
        return False, str(why)
    return True, _("On its way to %(address)s.") % {"address": address}


def _save_draft(request: TenantRequest, sequence: Sequence | None, draft: SequenceDraft, do: str) -> HttpResponse:
    lock_configuration()
    if sequence:
        sequence = get_sequence(sequence.uid)
        if is_stale(request, form_version(sequence)):
            theirs = diff_versions(saved_sentences(sequence), draft.sentences())
            return render_editor(request, sequence, draft, status=409, told=stale_message(), theirs=theirs)
    if not draft.judge():
        draft.focus = draft.first_problem
        return render_editor(request, sequence, draft, status=422)
    try:
        with transaction.atomic():
            saved = _save_sequence(request, sequence, draft)
    except CircleRefused as why:
        draft.problems["steps"], draft.focus = str(why), "add-step"
        return render_editor(request, sequence, draft, status=422)
    except Refused as why:
        draft.problems["name"], draft.focus = str(why), "sequence-name"
        return render_editor(request, sequence, draft, status=422)
    if do == TURN_ON and saved.mode != SequenceMode.ON:
        return redirect("sequences:turn_on", request.tenant.slug, saved.uid)
    messages.success(request, _("Saved.") if sequence else _("Saved. It is off: nobody enters until you turn it on."))
    return redirect("sequences:sequence", request.tenant.slug, saved.uid)


def _save_sequence(request: TenantRequest, sequence: Sequence | None, draft: SequenceDraft) -> Sequence:
    by = request.member
    if sequence is None:
        sequence = Sequence.add(draft.name, draft.purpose, draft.definition(), by=by)
    elif sequence.archived_at:
        raise Refused(_("It is archived. Restore it first."))
    else:
        sequence.rename(draft.name, by=by)
        sequence.edit(draft.definition(), by=by)
    sequence.set_rules(purpose=draft.purpose, reentry=draft.reentry, reentry_days=draft.reentry_days, by=by)
    set_place(sequence, draft.place, by=by)
    return sequence


def render_editor(
    request: TenantRequest,
    sequence: Sequence | None,
    draft: SequenceDraft,
    *,
    status: int = 200,
    told: str = "",
    theirs: list[VersionDiffLine] | None = None,
) -> HttpResponse:
    """Render the editor, or for htmx its form, or after a walk the panel beside it."""
    context = _form_context(request, sequence, draft) | {
        "told": told,
        "trouble": status >= 400,
        "theirs": theirs,
        **page_context(request),
    }
    is_walk = request.POST.get("do", "").startswith("walk")
    if is_fragment(request) and not is_walk:
        return render(request, f"{PAGE}#form", context, status=status)
    lines = sequence_lines()
    context |= {
        "groups": sequence_groups(lines),
        "presets": unused_presets(),
        **side_context(request, sequence, draft, enrols=bool(context["rules"])),
    }
    if is_fragment(request):
        part = "#side"
    else:
        part = ""
    return render(request, f"{PAGE}{part}", context, status=status)


def _form_context(request: TenantRequest, sequence: Sequence | None, draft: SequenceDraft) -> dict[str, Any]:
    if sequence:
        counts = count_steps_of(sequence, request.tenant.slug)
    else:
        counts = None
    views = SequenceStepViews(draft, counts, request.tenant.slug)
    return {
        "sequence": sequence,
        "draft": draft,
        "steps": views.views(),
        "is_full": views.is_full,
        "counts": counts,
        "stays": conditions_view(draft.stays, STAYS, "#part-start", draft.focus),
        "stops": stop_lines(sequence, draft.stops, request.tenant.slug),
        "pauses": pause_lines(sequence, request.tenant.slug),
        "days": DAYS,
        "purposes": SequencePurpose.choices,
        "reentries": Reentry.choices,
        "places": place_choices(sequence, draft.purpose),
        "units": UNITS,
        "otherwise": OTHERWISE,
        "unanswered": UNANSWERED,
        "changes": count_changes(sequence, draft),
        "next_number": sequence.version.number + 1 if sequence and sequence.version else 1,
        "version": form_version(sequence),
        "state": state_of(sequence) if sequence else None,
        "trial": trial_of(sequence) if sequence else None,
        "problem": problem_of(sequence) if sequence else "",
        "rules": entry_rules(sequence, request.tenant.slug) if sequence else [],
        "may_see_rules": allows(request.member, "automation.view"),
        "may_set_up_rules": allows(request.member, "automation.manage"),
        "here": request.path,
        "post_url": request.path,
    }


def count_changes(sequence: Sequence | None, draft: SequenceDraft) -> int:
    """Return how many lines of a draft differ from what is saved."""
    if sequence is None:
        return 0
    lines = diff_versions(saved_sentences(sequence), draft.sentences())
    added = sum(line.sign == "+" for line in lines)
    removed = sum(line.sign == "-" for line in lines)
    return max(added, removed) + (draft.place not in ("", place_of(sequence)))
