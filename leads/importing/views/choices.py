"""Views to correct how a stored file is read: meanings of columns and values, and the handling of duplicates."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.importing.unreadable import UnreadableFile
from crm.kernel.whole_numbers import read_number
from crm.platform.work.runs import start
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.importing import runs
from leads.importing.mapping.plan import Choices
from leads.importing.matching import duplicates
from leads.importing.views import options
from leads.importing.views.imports import PAIRS, page_of, run_of, say_too_late
from leads.models import ImportRow, ImportRun


@require("leads.import")
@require_POST
def import_choose(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Apply the choices and check all rows again; `start` starts the import if nothing has changed since."""
    run = run_of(uid, locked=True)
    if not run.may_choose:
        say_too_late(request)
    else:
        try:
            plan = runs.plan_for(run)
            if "start" in request.POST and not options.differs(run, plan, request.POST):
                start(run, by=request.member)
                return redirect("leads:import_run", request.tenant.slug, uid)
            with transaction.atomic():
                runs.choose(run, options.read_choices(run, plan, request.POST))
            if "start" in request.POST:
                messages.info(request, _("The mapping was changed. Check the result below, then start."))
        except UnreadableFile as unreadable:
            run = run_of(uid)
            context = {"run": run, "page": page_of(request, run), "problem": str(unreadable)}
            return render(request, "leads/import_run.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("leads:import_run", request.tenant.slug, uid)


@require("leads.import")
@require_POST
def import_decide(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save the decision on one matched row, or on all rows matched in the same way."""
    run = run_of(uid, locked=True)
    if not run.may_choose:
        say_too_late(request)
    else:
        choice = request.POST.get("choice", "")
        if same := request.POST.get("same", ""):
            _decide_alike(run, same, choice)
        elif duplicates.decide(run, read_number(request.POST.get("row")) or 0, choice) and not choice:
            # What was proposed is known again when it is judged again.
            runs.check(run)
    return redirect("leads:import_run", request.tenant.slug, uid)


def _decide_alike(run: ImportRun, same: str, choice: str) -> None:
    if choice not in ImportRow.RowChoice.values or same not in {each["same"] for each in duplicates.alike(run)}:
        return
    choices = Choices.of_plain(run.choices)
    run.choices = replace(choices, duplicates=choices.duplicates | {same: choice}).as_plain()
    run.save(update_fields=["choices"])
    runs.check(run)


@require("leads.import")
def import_duplicates(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show all matched rows, side by side with their leads, page by page."""
    run = run_of(uid)
    pairs = duplicates.pairs(run, after=read_number(request.GET.get("after")) or 0, most=PAIRS + 1)
    context = {
        "run": run,
        "pairs": pairs[:PAIRS],
        "next_row": pairs[PAIRS - 1].row.row if len(pairs) > PAIRS else None,
        "choices": ImportRow.RowChoice.choices,
    }
    return render(request, "leads/import_duplicates.html", context)
