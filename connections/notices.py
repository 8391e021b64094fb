"""The notices of connections: one fails, for how long, and records that were refused."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from connections.models import ConnectionProblem, connection_names
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind

FAILED = "connection.failed"
TEXTED = "connection.still_failing"
PASSED_ON = "connection.passed_on"
REFUSED = "connection.refused"
_PAGE = "connections:connections"
_PERMISSION = "connections.manage"


def _name(data: dict[str, Any]) -> str:
    return connection_names().get(data.get("connection", 0)) or _("A connection")


def _failed_words(data: dict[str, Any]) -> str:
    problem = data.get("problem", "")
    words = ""
    if problem in ConnectionProblem.values:
        words = str(ConnectionProblem(problem).label)
    return _("%(name)s does not synchronize. %(why)s") % {"name": _name(data), "why": words}


def _passed_on_words(data: dict[str, Any]) -> str:
    words = _("%(name)s has not synchronized for a while, and its owner has not reacted.")
    return words % {"name": _name(data)}


def _refused_words(data: dict[str, Any]) -> str:
    count = int(data.get("count") or 1)
    words = ngettext(
        "%(name)s: %(count)s record was refused. The others go on.",
        "%(name)s: %(count)s records were refused. The others go on.",
        count,
    )
    return words % {"name": _name(data), "count": count}


KINDS = [
    NoticeKind(
        name=FAILED,
        permission=_PERMISSION,
        icon="plug",
        label=gettext_lazy("A connection that I look after fails"),
        words=_failed_words,
        default=NoticeWay.AWAY,
        is_urgent=True,
        needs_acknowledgement=True,
        page=_PAGE,
    ),
    NoticeKind(
        name=TEXTED,
        permission=_PERMISSION,
        icon="plug",
        label=gettext_lazy("A connection that I look after still fails"),
        words=_failed_words,
        default=NoticeWay.TEXT,
        is_urgent=True,
        page=_PAGE,
    ),
    NoticeKind(
        name=PASSED_ON,
        permission=_PERMISSION,
        icon="plug",
        label=gettext_lazy("A connection of a colleague still fails"),
        words=_passed_on_words,
        default=NoticeWay.AWAY,
        is_urgent=True,
        page=_PAGE,
    ),
    NoticeKind(
        name=REFUSED,
        permission=_PERMISSION,
        icon="plug",
        label=gettext_lazy("Records of a connection were refused"),
        words=_refused_words,
        default=NoticeWay.APP,
        once_until_read=True,
        page=_PAGE,
    ),
]
