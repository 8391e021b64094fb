"""Helpers of the pipeline settings' views: look up rows by URL, and place a moved row."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from crm.jobs.models import Phase, Pipeline, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest


def pipeline_of(uid: UUID) -> Pipeline:
    """Return a pipeline by its public id. Raises Http404."""
    return get_object_or_404(Pipeline.objects.all(), uid=uid)


def stage_of(uid: UUID, pk: int | str) -> Stage:
    """Return the pipeline's step with this public id. Raises Http404."""
    return get_object_or_404(Stage.objects.all(), pipeline__uid=uid, pk=number(pk))


def phase_of(pk: int | str) -> Phase:
    """Return a phase. Raises Http404."""
    return get_object_or_404(Phase.objects.all(), pk=number(pk))


def number(text: int | str) -> int:
    """Parse a posted id. Raises Http404 if it is invalid."""
    pk = read_number(str(text))
    if pk is None:
        raise Http404
    return pk


def shift(
    request: TenantRequest,
    rows: Iterable[Any],
    moved: Any,
    move: Callable[[Any], None],
    key: Callable[[Any], Any] = attrgetter("pk"),
) -> None:
    """Call `move` with the row to put `moved` in front of: one place up or down, or the drop position; None: last."""
    order = {str(key(row)): row for row in rows}
    direction = request.POST.get("direction", "")
    before = request.POST.get("before", "")
    moved_key = str(key(moved))
    if moved_key not in order:
        raise Http404
    keys = list(order)
    at = keys.index(moved_key)
    if direction == "up" and at > 0:
        move(order[keys[at - 1]])
    elif direction == "down":
        move(order[keys[at + 2]] if at + 2 < len(keys) else None)
    elif not direction and before != moved_key:
        move(order.get(before))


def shape_of(pipeline_id: int) -> list[tuple[Phase, list[Stage]]]:
    """List the phases with a pipeline's live steps, in the order of the bar."""
    setup = pipeline_setup()
    return list(zip(setup.phases, setup.shapes[pipeline_id], strict=True))
