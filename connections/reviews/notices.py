"""The notice of a review with few stars."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind

LOW = "review.low"
VIEW = "reviews.view"


def _words(data: dict[str, Any]) -> str:
    return _("A review with %(stars)s of 5 stars was published") % {"stars": data.get("stars", "")}


KIND = NoticeKind(
    name=LOW,
    permission=VIEW,
    icon="star",
    label=gettext_lazy("A review with few stars was published"),
    words=_words,
    default=NoticeWay.MAIL,
    gathers=False,
)
