"""The list of follow-ups: the member's own open ones by when they are due, unless its address asks for others."""

from collections.abc import Collection
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, NOBODY, by_uid
from crm.web.lists.conditions.query import Chip, Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from followups.filters import ALL, SEE_ALL, FollowUpFilters
from followups.models import FollowUp, FollowUpNote, FollowUpQuerySet, FollowUpStatus
from followups.status_columns import columns_to_count, counts_beyond_cap

SOONEST_FIRST = Order(FollowUp, "sort_at", "id")
# Leads that a text may mean; of more, one types more of it.
MOST_LEADS = 1000
# Filters of which closed follow-ups are rows as well.
CLOSED_TOO = ("status", "done", "timing", "outcome", "created", "weekday", "reminder")
LATEST_FIRST = Order(FollowUp, "sort_at", "id", down=True)


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 follow-up")
    return _("%(found)s follow-ups") % {"found": found}


class FollowUpList(List):
    """The list of follow-ups: a rep's own; members who see everything may list all."""

    key = "followups"
    page = "followups:list"
    layouts = {"calendar": "followups:calendar", "board": "followups:board", "timeline": "followups:timeline"}
    # The day and the span of the calendar, and the first day of the timeline.
    position = ("span", "day")
    permission = "followups.view"
    filterset = FollowUpFilters
    first_field = "when"
    words = Words(
        name=gettext_lazy("Follow-ups"),
        where=gettext_lazy("Follow-ups where"),
        everything=gettext_lazy("All follow-ups"),
        counted=_count_words,
        sorted_by=gettext_lazy("when they are due"),
    )

    def visible(self, member: Member) -> FollowUpQuerySet:
        rows: FollowUpQuerySet = FollowUp.objects.visible_to(member)
        return rows

    def order(self, filters: Filters) -> Order:
        """Order by due date; closed ones latest first."""
        if filters.get("status") in (FollowUpStatus.COMPLETED, FollowUpStatus.CANCELLED) or filters.get("timing"):
            return LATEST_FIRST
        return SOONEST_FIRST

    def base(self, filters: Filters, member: Member) -> FollowUpQuerySet:
        """Filter by member; the member's own by default."""
        if filters.asks("who"):
            return self.visible(member)
        return FollowUp.objects.filter(assignee_id=member.pk)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> FollowUpQuerySet:
        """Filter by text, and to open ones unless the filters are about closed ones."""
        matches = self.filter_by_text(rows, filters, member)
        kept: FollowUpQuerySet
        if self.asks_for_closed(filters):
            kept = matches
        else:
            kept = matches.open()
        return kept

    def asks_for_closed(self, filters: Filters) -> bool:
        """True if the filters choose the status themselves, so that closed follow-ups may be among the rows."""
        return any(filters.asks(name) for name in CLOSED_TOO)

    def filter_by_text(self, rows: Any, filters: Filters, member: Member) -> FollowUpQuerySet:
        """Filter by text: subject, description or a note contains it, or the search finds its lead or customer."""
        if not filters.q:
            return cast("FollowUpQuerySet", rows)
        if member.pk not in filters.found:
            matching = candidates(filters.q, by=member)
            jobs = Job.objects.visible_to(member).meant_by(matching)
            filters.found[member.pk] = list(jobs.values_list("pk", flat=True)[:MOST_LEADS]), matching.people
        job_ids, person_ids = filters.found[member.pk]
        noted = FollowUpNote.objects.containing(filters.q).values("follow_up_id")
        in_words = Q(subject__icontains=filters.q) | Q(notes__icontains=filters.q) | Q(pk__in=noted)
        matches: FollowUpQuerySet = rows.filter(in_words | Q(job_id__in=job_ids) | Q(person_id__in=person_ids))
        return matches

    def in_any_state(self, filters: Filters, member: Member) -> FollowUpQuerySet:
        """Return the matching rows, closed ones too: what the calendar, the board and the timeline show."""
        rows = self.base(filters, member).filter(*filters.conditions(member))
        return self.filter_by_text(rows, filters, member)

    def at_any_time(self, filters: Filters, member: Member) -> FollowUpQuerySet:
        """Filter by member, type and text, at any time and in any state: the base of the tiles' counts."""
        return self.in_any_state(filters.without("when", "status", "due", "done", "timing"), member)

    def count_queries(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, Any]:
        """Count the rows that a bulk action on all of the list would change; on the board, its columns instead."""
        if "board" in shown:
            return columns_to_count(self.in_any_state(filters, member), clock.now())
        if {"calendar", "timeline"} & set(shown):
            return {}
        return {"matching": self.apply(filters, member)}

    def count_texts(self, counts: dict[str, str]) -> dict[str, str]:
        return counts | counts_beyond_cap(counts)

    def one_member_id(self, filters: Filters, member: Member) -> int | None:
        """Return the member whose follow-ups alone are in the list; None if there may be those of several."""
        who = filters.get("who")
        if not filters.asks("who") or who == ME:
            return member.pk
        if who in ("", ALL, NOBODY):
            return None
        return by_uid(directory().members, who)

    def views(self, member: Member) -> list[View]:
        mine = View("mine", _("My follow-ups"), self.filters())
        if not allows(member, SEE_ALL):
            return [mine]
        return [mine, View("all", _("Everybody’s"), self.filters(who=ALL))]

    def standing_chips(self, filters: Filters, member: Member) -> list[Chip]:
        if filters.asks("who"):
            return []
        return [Chip("who", _("Who"), member.name)]


FOLLOW_UPS = FollowUpList()
