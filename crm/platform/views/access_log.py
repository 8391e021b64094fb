"""Who looked at whose data, for admins: newest first, by member or by record."""

from typing import Any, NamedTuple

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.platform.access import require
from crm.platform.configuration import directory
from crm.platform.models import AccessLog, Member

PAGE = 100


class Read(NamedTuple):
    """A line of the page."""

    pk: int
    at: Any
    member: Member
    what: str
    number: int
    kind: str


@require("access_log.view")
def access_log(request: HttpRequest) -> HttpResponse:
    """A page of reads; `before` continues it, `member` and `kind` with `number` narrow it. Nonsense is ignored."""
    asked = {name: request.GET.get(name, "") for name in ("member", "kind", "number")}
    rows = list(_rows(asked, request.GET.get("before", ""))[: PAGE + 1])
    members = directory().members
    page = {
        "reads": [Read(r.pk, r.at, members[r.member_id], _what(r.subject_kind), r.subject_id, r.subject_kind) for r in rows[:PAGE]],
        "members": members.values(),
        "asked": asked,
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "platform/access_log.html", page)


def _rows(asked: dict[str, str], before: str) -> Any:
    rows = AccessLog.objects.order_by("-pk")
    if _number(before):
        rows = rows.filter(pk__lt=int(before))
    if _number(asked["member"]):
        rows = rows.filter(member_id=int(asked["member"]))
    if asked["kind"] and _number(asked["number"]):
        rows = rows.filter(subject_kind=asked["kind"], subject_id=int(asked["number"]))
    return rows


def _number(text: str) -> bool:
    # Ids are bigint; more digits would be an error of the database's.
    return text.isascii() and text.isdigit() and len(text) <= 18


def _what(kind: str) -> str:
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind  # its model is gone; the log stays
