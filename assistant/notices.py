"""The notice that the language model has cost most of a month's limit."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistant.permissions import SET_UP
from crm.kernel import formats
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

SPENT = "assistant.spent"


def _spent_words(data: dict[str, Any]) -> str:
    limit = formats.money(int(data.get("limit", 0)), data.get("currency", "USD"), directory().tenant.country)
    words = _("Most of this month’s %(limit)s for the language model is spent. At the limit, built-in rules take over.")
    return words % {"limit": limit}


SPENT_KIND = NoticeKind(
    name=SPENT,
    permission=SET_UP,
    icon="sparkles",
    label=gettext_lazy("The language model has cost most of its limit"),
    words=_spent_words,
    page="assistant:settings",
)


def warn_of_spend(month: date, limit: int, currency: str) -> None:
    """Notify the admins that most of a month's limit is spent, once a month and limit."""
    admins = Member.objects.active().filter(role=Role.ADMIN).values_list("pk", flat=True)
    notify(SPENT, admins, key=f"{month}:{limit}", data={"limit": limit, "currency": currency})
