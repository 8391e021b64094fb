"""The access log for admins: who read whose personal data, newest first, by member or by record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from crm.kernel.whole_numbers import read_number
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.times import format_when

PAGE = 100


class AccessLine(NamedTuple):
    """One line of the log."""

    at: datetime
    when: str
    member: Member
    what: str
    # What the record is called now; its number where it is gone.
    name: str
    number: int
    kind: str


@require("access_log.view")
def access_log(request: TenantRequest) -> HttpResponse:
    """Show a page of reads. `before` continues it; `member`, `kind` and `number` filter it. Ignores invalid values."""
    filters = {name: request.GET.get(name, "") for name in ("member", "kind", "number")}
    rows = list(_filter_rows(filters, request.GET.get("before", ""))[: PAGE + 1])
    names = _record_names(rows[:PAGE])
    page = {
        "reads": [_build_line(request, row, names) for row in rows[:PAGE]],
        "members": directory().members.values(),
        "asked": filters,
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "web/access_log.html", page)


def _build_line(request: TenantRequest, row: AccessLog, names: dict[tuple[str, int], str]) -> AccessLine:
    member = directory().members[row.member_id]
    name = names.get((row.subject_kind, row.subject_id), str(row.subject_id))
    return AccessLine(
        row.at,
        format_when(request, row.at),
        member,
        _model_label(row.subject_kind),
        name,
        row.subject_id,
        row.subject_kind,
    )


def _record_names(rows: Iterable[AccessLog]) -> dict[tuple[str, int], str]:
    """Return the names of the records, by kind and id. One query per kind."""
    read: dict[str, set[int]] = {}
    for row in rows:
        read.setdefault(row.subject_kind, set()).add(row.subject_id)
    names: dict[tuple[str, int], str] = {}
    for kind, ids in read.items():
        model: Any = _find_model(kind)
        records = {}
        if model:
            records = model.objects.in_bulk(ids)
        names |= {(kind, pk): str(record) for pk, record in records.items()}
    return names


def _filter_rows(filters: dict[str, str], before: str) -> Any:
    rows = AccessLog.objects.order_by("-pk")
    last, member, subject = (read_number(text) for text in (before, filters["member"], filters["number"]))
    if last is not None:
        rows = rows.filter(pk__lt=last)
    if member is not None:
        rows = rows.filter(member_id=member)
    if filters["kind"] and filters["kind"].isprintable() and subject is not None:
        rows = rows.filter(subject_kind=filters["kind"], subject_id=subject)
    return rows


def _model_label(kind: str) -> str:
    model = _find_model(kind)
    if model:
        return gettext(str(model._meta.verbose_name))
    return kind


def _find_model(kind: str) -> type[Model] | None:
    """Return the model of a kind; None if it no longer exists, as the log outlives it."""
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
