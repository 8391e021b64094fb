"""What the views that edit the line share: hold it, compare what was shown, do it, answer with what is true now."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.jobs.editing import Refused, hold_line
from crm.jobs.line import line
from crm.jobs.models import Phase, Pipeline, Stage
from crm.platform.http import TenantRequest

# Renders the place the form stood in: status, and words for the person.
Show = Callable[[int, str], HttpResponse]


def attempt(
    request: TenantRequest, *, version: Callable[[], str], change: Callable[[], str], show: Show, back: str
) -> HttpResponse:
    """Do a change to what the form showed. Changed meanwhile: 409 and the fresh form; refused: 422 and why."""
    hold_line()
    if request.POST.get("version") != version():
        return show(409, _("Somebody changed it meanwhile. This is how it is now."))
    try:
        with transaction.atomic():
            told = change()
    except Refused as why:
        return show(422, str(why))
    if request.htmx:
        return show(200, told)
    messages.success(request, told)
    return redirect(back)


def page(request: TenantRequest, template: str, context: dict[str, Any], status: int, told: str) -> HttpResponse:
    """A page of the line's settings, or its fragment for htmx, with what is to be said."""
    name = f"{template}#content" if request.htmx and not request.htmx.boosted else template
    return render(request, name, context | {"told": told, "trouble": status >= 400}, status=status)


def pipeline_of(uid: UUID) -> Pipeline:
    """A pipeline by its public id. Raises Http404."""
    return _first(Pipeline, uid=uid)


def stage_of(pipeline: Pipeline, pk: int | str) -> Stage:
    """A step of a pipeline. Raises Http404."""
    return _first(Stage, pipeline=pipeline, pk=number(pk))


def phase_of(pk: int | str) -> Phase:
    """A phase. Raises Http404."""
    return _first(Phase, pk=number(pk))


def number(text: int | str) -> int:
    """An id that was sent. Raises Http404 for what is none."""
    digits = str(text)
    # Ids are bigint; more digits would be an error of the database's.
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise Http404
    return int(digits)


def shift(request: TenantRequest, rows: list[Any], moved: Any, move: Callable[[Any], None]) -> None:
    """Call `move` with the row to put `moved` in front of: one place up or down, or as it was dropped; None: last."""
    at = next(at for at, row in enumerate(rows) if row.pk == moved.pk)
    direction, before = request.POST.get("direction", ""), request.POST.get("before", "")
    if direction == "up" and at > 0:
        move(rows[at - 1])
    elif direction == "down":
        move(rows[at + 2] if at + 2 < len(rows) else None)
    elif not direction:
        move(next((row for row in rows if row.pk == number(before)), None) if before else None)


def shape_of(pipeline_id: int) -> list[tuple[Phase, list[Stage]]]:
    """The phases with a pipeline's live steps, in the order of the bar."""
    here = line()
    return list(zip(here.phases, here.shapes[pipeline_id], strict=True))


def _first(model: type[models.Model], **wanted: Any) -> Any:
    found = model._default_manager.filter(**wanted).first()
    if found is None:
        raise Http404
    return found
