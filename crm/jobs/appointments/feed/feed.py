"""Calendar feeds (iCalendar) of a member and of a team: appointments and other dated entries.

The address of a feed is a secret of which the hash is stored (Token): it is shown once, a new one replaces the old one.
"""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from crm.integrations.calendar_items import item_event, read_items
from crm.jobs.appointments.feed.ical import REFRESH, calendar
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, Team
from crm.platform.models.accounts.token import Token
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id

PURPOSE = "calendar_feed"
TEAM_PURPOSE = "team_calendar_feed"
# A feed is revoked, it does not run out.
_LIFETIME = timedelta(days=3650)
# What it holds: of the last weeks, and of so far ahead.
_PAST = timedelta(days=30)
_AHEAD = timedelta(days=365)


def make(member: Member) -> str:
    """Create a new feed address for a member; the previous one stops working."""
    return _feed_url(Token.issue(PURPOSE, member.pk, _LIFETIME))


def revoke(member: Member) -> None:
    """Delete a member's calendar feed token. Idempotent."""
    _tokens(PURPOSE).filter(subject_id=member.pk).delete()


def is_on(member: Member) -> bool:
    """Return True if a member has a feed."""
    return _tokens(PURPOSE).filter(subject_id=member.pk, expires_at__gt=clock.now()).exists()


@transaction.atomic
def make_team_feed(team: Team, *, by: Member) -> str:
    """Create a new feed address for a team; the previous one stops working."""
    secret = Token.issue(TEAM_PURPOSE, team.pk, _LIFETIME)
    events.record("team.feed_created", subject=team, by=by)
    return _feed_url(secret)


@transaction.atomic
def revoke_team_feed(team: Team, *, by: Member) -> None:
    """Delete a team's feed token. Idempotent."""
    deleted, _rows = _tokens(TEAM_PURPOSE).filter(subject_id=team.pk).delete()
    if deleted:
        events.record("team.feed_revoked", subject=team, by=by)


def teams_with_feed() -> set[int]:
    """Return the ids of the teams that have a feed."""
    return set(_tokens(TEAM_PURPOSE).filter(expires_at__gt=clock.now()).values_list("subject_id", flat=True))


def render(member: Member) -> bytes:
    """Render a member's feed. The number of queries does not grow with its entries."""
    return _render_items(directory().tenant.name, [member.pk], {})


def render_team(team: Team) -> bytes:
    """Render a team's feed: the entries of its active members, each with the names of those who attend."""
    members = [member for member in directory().members_of(team) if member.active]
    names = {member.pk: member.name for member in members}
    return _render_items(f"{team.name}, {directory().tenant.name}", names, names)


def _render_items(name: str, member_ids: Collection[int], names: dict[int, str]) -> bytes:
    feed = calendar(name)
    feed.add("method", "PUBLISH")
    feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    now = clock.now()
    for item in read_items(member_ids, now - _PAST, now + _AHEAD):
        event = item_event(item, f"{settings.SITE_URL}{item.url}")
        people = ", ".join(names[pk] for pk in item.member_ids if pk in names)
        if people:
            event["summary"] = f"{people}: {item.summary}"
        feed.add_component(event)
    return bytes(feed.to_ical())


def _tokens(purpose: str) -> QuerySet[Token]:
    return Token.objects.filter(tenant_id=required_tenant_id(), purpose=purpose)


def _feed_url(secret: str) -> str:
    return f"{settings.SITE_URL}{reverse('calendar_feed', args=[secret])}"
