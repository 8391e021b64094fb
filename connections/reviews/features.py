"""Register reviews: the system, their pages, permissions, notice, and the words of events."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from connections.models import FieldRuleDraft, Review, SyncDirection, WhoWins
from connections.models.review import REPLY
from connections.reviews.erasure import DATA
from connections.reviews.google_reviews import NAME, google_provider
from connections.reviews.notices import KIND, VIEW
from connections.reviews.review_options import review_options
from connections.reviews.review_sync import REVIEW, synchronize
from connections.reviews.views import ANSWER
from connections.system_kinds import SystemKind
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords


def nouns() -> dict[str, str]:
    """Return the records of the mapping in words."""
    return {REVIEW: pgettext("noun", "Review"), REPLY: pgettext("noun", "Reply")}


def _received_words(data: dict[str, Any]) -> str:
    return _("A review was published: %(stars)s of 5 stars") % {"stars": data.get("stars", "")}


def _changed_words(data: dict[str, Any]) -> str:
    return _("The customer changed their review: %(stars)s of 5 stars") % {"stars": data.get("stars", "")}


def _review_titles(rows: Any) -> dict[int, str]:
    return {row.pk: _("Review of %(author)s") % {"author": row.author or _("somebody unnamed")} for row in rows}


SYSTEM = SystemKind(
    name=NAME,
    label=gettext_lazy("Google reviews"),
    note=gettext_lazy("Reviews of your Google Business Profile in; your replies out."),
    group="reviews",
    icon="star",
    synchronize=synchronize,
    provider=google_provider,
    rules=(
        FieldRuleDraft(REVIEW, "Review", SyncDirection.IN, WhoWins.THEIRS),
        FieldRuleDraft(REPLY, "Reply", SyncDirection.OUT, WhoWins.OURS),
    ),
    nouns=nouns,
    mapping_template="connections/_reviews.html",
    mapping_context=review_options,
)

FEATURES: list[Feature] = [
    SYSTEM,
    *DATA,
    Permission(
        name=VIEW,
        roles=EVERYBODY,
        group="service",
        label=gettext_lazy("See reviews"),
        note=gettext_lazy("What customers say in public: of the leads they see, or all."),
    ),
    Permission(
        name=ANSWER,
        roles=frozenset({Role.SERVICE, Role.MANAGER, Role.ADMIN}),
        group="service",
        label=gettext_lazy("Answer reviews"),
        note=gettext_lazy("Publish a reply in the name of the company, and say which lead a review is about."),
    ),
    NavigationPage(
        name="reviews:list",
        permission=VIEW,
        icon="star",
        label=gettext_lazy("Reviews"),
        section=True,
        tab_of="reports:dashboard",
    ),
    RecordPage(model=Review, name="reviews:review", list="reviews:list", titles=_review_titles),
    KIND,
    EventWords("review.received", "star", _received_words, mark="in"),
    EventWords("review.changed", "star", _changed_words, mark="in"),
    EventWords("review.matched", "star", gettext_lazy("put a review on this lead")),
    EventWords("review.unmatched", "x", gettext_lazy("took a review off this lead")),
    EventWords("review.answered", "reply", gettext_lazy("answered a review in public")),
]
