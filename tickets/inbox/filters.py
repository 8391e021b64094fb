"""Filters of tickets, in the filter builder's order. They avoid joins: almost all columns are on the ticket."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comms.models import Draft
from crm.jobs.models.tag import tags
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import NOBODY, by_uid
from crm.web.lists.conditions.field_types import (
    ChoiceFilter,
    DateFilter,
    DaysFilter,
    FlagFilter,
    MemberFilter,
    RecordFilter,
    TextFilter,
)
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.viewer import Viewer
from tickets.inbox import choices
from tickets.inbox.choices import ALL, LEVELS, MINE, NONE, UNREAD
from tickets.models import Mention, Participant

# Messages in a row that nobody answered, from which on a customer writes again and again.
AGAIN = 3
# For so long a customer who sounded upset is one.
LATELY = timedelta(days=30)


class _WhoFilter(MemberFilter):
    """Filter by assignee; without it, the list shows the member's own tickets."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if value == ALL:
            return Q()
        return super().condition(test, value, viewer)


def _team_condition(value: str, viewer: Viewer) -> Q:
    """Filter tickets assigned to a team or its members; MINE: to any team of the member."""
    organization = directory()
    if value == MINE:
        teams = organization.teams_of(viewer.member)
    else:
        teams = [organization.teams[by_uid(organization.teams, value)]]
    members = {member.pk for team in teams for member in organization.members_of(team)}
    return Q(team_id__in=[team.pk for team in teams]) | Q(member_id__in=sorted(members))


def _given_condition(value: str, viewer: Viewer) -> Q:
    if value == NOBODY:
        return Q(team__isnull=True)
    return Q(team_id=by_uid(directory().teams, value))


def _level_condition(value: str, viewer: Viewer) -> Q:
    return Q(level__in=LEVELS[value])


def _waiting_condition(value: str, viewer: Viewer) -> Q:
    return Q(waiting_since__isnull=False)


def _snoozed_condition(value: str, viewer: Viewer) -> Q:
    return Q(snoozed_until__gt=viewer.reader.now)


def _draft_condition(value: str, viewer: Viewer) -> Q:
    """Filter tickets on which the requesting member has a draft."""
    drafts = Draft.objects.unsent().filter(member=viewer.member, about__startswith="ticket ")
    abouts = drafts.values_list("about", flat=True)
    return Q(pk__in=[int(about.removeprefix("ticket ")) for about in abouts[:500]])


def _tag_condition(value: str, viewer: Viewer) -> Q:
    """Filter tickets with a tag, or with a tag that was merged into it."""
    if value == NONE:
        return Q(tag_ids=[])
    return Q(tag_ids__overlap=tags().meaning(by_uid(tags().all, value)))


def _archived_condition(value: str, viewer: Viewer) -> Q:
    return Q(archived_at__isnull=False)


def _mention_condition(value: str, viewer: Viewer) -> Q:
    """Filter tickets with a note that mentions the requesting member; unread ones, or all."""
    mine = Mention.objects.of(viewer.member)
    if value == UNREAD:
        mine = mine.unread()
    return Q(Exists(mine.filter(entry__ticket=OuterRef("pk"))))


def _answered_condition(value: str, viewer: Viewer) -> Q:
    return Q(first_reply_at__isnull=False, asked_at__isnull=False)


def _wrote_again_condition(value: str, viewer: Viewer) -> Q:
    return Q(waiting_since__isnull=False, unread_count__gte=AGAIN)


def _upset_condition(value: str, viewer: Viewer) -> Q:
    upset_events = Event.objects.filter(subject_kind="tickets.ticket", subject_id=OuterRef("pk"), kind="ticket.upset")
    return Q(Exists(upset_events.filter(at__gt=viewer.reader.now - LATELY)))


def _partner_condition(value: str, viewer: Viewer) -> Q:
    partners = Participant.objects.filter(ticket=OuterRef("pk"), is_requester=True, role="partner")
    return Q(Exists(partners))


class TicketFilters(FilterSet):
    """Filters of tickets."""

    who = _WhoFilter(_("Who has it"), "member", choices=choices.members)
    team = ChoiceFilter(_("Team"), choices=choices.teams, q=_team_condition, least=1)
    status = ChoiceFilter(_("Status"), choices=choices.statuses)
    level = ChoiceFilter(_("Level"), choices=choices.levels, q=_level_condition)
    waiting = FlagFilter(_("Unanswered"), yes=_("waiting for our reply"), q=_waiting_condition)
    priority = ChoiceFilter(_("Priority"), choices=choices.priorities, q=lambda value, viewer: Q(priority=int(value)))
    tag = ChoiceFilter(_("Tag"), choices=choices.tags, q=_tag_condition, least=1)
    medium = ChoiceFilter(_("Channel"), choices=choices.media)
    brand = RecordFilter(_("Brand"), "brand", records=lambda: directory().brands)
    given = ChoiceFilter(_("Assigned to the team"), choices=choices.team_choices, q=_given_condition)
    again = FlagFilter(_("Wrote again"), yes=_("three or more unanswered messages"), q=_wrote_again_condition)
    upset = FlagFilter(_("Tone"), yes=_("sounded upset in the last 30 days"), q=_upset_condition)
    partner = FlagFilter(_("Customer type"), yes=_("partner"), q=_partner_condition)
    answered = FlagFilter(_("We answered"), yes=_("at least once"), q=_answered_condition)
    snoozed = FlagFilter(_("Snoozed"), yes=_("comes back later"), q=_snoozed_condition)
    mentions = ChoiceFilter(_("Mentions"), choices=choices.mentions, q=_mention_condition, least=1)
    drafts = FlagFilter(_("Drafts"), yes=_("I started a reply"), q=_draft_condition, personal=True)
    archived = FlagFilter(_("Archived"), yes=_("long after they closed"), q=_archived_condition)
    came = DateFilter(_("Came in"), "created_at")
    last = DaysFilter(_("Last message"), "last_message_at", never_is_older=True)
    solved = DateFilter(_("Solved"), "solved_at")
    q = TextFilter(_("Name, number, address or words"), alone=True, chip=_("Text"))
