"""The list of reviews, newest first."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.models import Review
from connections.models.review import MOST_STARS, ReplyState
from connections.reviews.notices import VIEW
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order


def _star_choices(_member: Member) -> list[Choice]:
    return [Choice(str(number), _("%(stars)s of 5") % {"stars": number}) for number in range(MOST_STARS, 0, -1)]


def _state_choices(_member: Member) -> list[Choice]:
    return [
        Choice("open", _("not answered")),
        *(Choice(str(state), str(state.label)) for state in ReplyState if state != ReplyState.NONE),
    ]


def _of_state(value: str, viewer: Viewer) -> Q:
    return Q(reply_state="" if value == "open" else value)


class ReviewFilters(FilterSet):
    stars = ChoiceFilter(gettext_lazy("Stars"), "stars", choices=_star_choices)
    reply = ChoiceFilter(gettext_lazy("Reply"), choices=_state_choices, q=_of_state)
    lead = FlagFilter(
        gettext_lazy("Lead"),
        yes=gettext_lazy("not known yet"),
        q=lambda value, viewer: Q(job=None, is_set_aside=False),
    )
    written = DateFilter(gettext_lazy("Written"), "written_at")


def _count_words(count: str) -> str:
    if count == "1":
        return _("1 review")
    return _("%(found)s reviews") % {"found": count}


class ReviewList(List):
    key = "reviews"
    page = "reviews:list"
    permission = VIEW
    filterset = ReviewFilters
    first_field = "stars"
    words = Words(
        gettext_lazy("Reviews"),
        gettext_lazy("Reviews where"),
        gettext_lazy("All reviews"),
        _count_words,
        gettext_lazy("newest first"),
    )

    def visible(self, member: Member) -> Any:
        return Review.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(Review, "written_at", "id", down=True)

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All reviews"), self.filters()),
            View("open", _("Not answered"), self.filters(reply="open"), css="late"),
            View("unmatched", _("Lead not known"), self.filters(lead="1"), css="soon"),
        ]


REVIEWS = ReviewList()
