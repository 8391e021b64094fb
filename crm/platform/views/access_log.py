"""Who looked at whose data, for admins: newest first, by member or by record."""

from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from crm.platform.access import require
from crm.platform.configuration import directory
from crm.platform.http import TenantRequest
from crm.platform.models import AccessLog, Member
from crm.platform.views.times import when

PAGE = 100


class Read(NamedTuple):
    """A line of the page."""

    at: datetime
    when: str
    member: Member
    what: str
    number: int
    kind: str


@require("access_log.view")
def access_log(request: TenantRequest) -> HttpResponse:
    """A page of reads; `before` continues it, `member` and `kind` with `number` narrow it. Nonsense is ignored."""
    asked = {name: request.GET.get(name, "") for name in ("member", "kind", "number")}
    rows = list(_rows(asked, request.GET.get("before", ""))[: PAGE + 1])
    page = {
        "reads": [_read(request, row) for row in rows[:PAGE]],
        "members": directory().members.values(),
        "asked": asked,
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "platform/access_log.html", page)


def _read(request: TenantRequest, row: AccessLog) -> Read:
    member = directory().members[row.member_id]
    return Read(row.at, when(request, row.at), member, _what(row.subject_kind), row.subject_id, row.subject_kind)


def _rows(asked: dict[str, str], before: str) -> Any:
    rows = AccessLog.objects.order_by("-pk")
    if _number(before):
        rows = rows.filter(pk__lt=int(before))
    if _number(asked["member"]):
        rows = rows.filter(member_id=int(asked["member"]))
    if asked["kind"] and asked["kind"].isprintable() and _number(asked["number"]):
        rows = rows.filter(subject_kind=asked["kind"], subject_id=int(asked["number"]))
    return rows


def _number(text: str) -> bool:
    # Ids are bigint; more digits would be an error of the database's.
    return text.isascii() and text.isdigit() and len(text) <= 18


def _what(kind: str) -> str:
    try:
        return gettext(str(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind  # its model is gone; the log stays
