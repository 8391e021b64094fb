"""A tenant's configuration, cached in each process until `config_version` changes: a warm page queries none of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.platform.models import Brand, BusinessCalendar, Member, MemberPhoto, Team, TeamMember, Tenant
from crm.platform.replica.reading import on_primary
from crm.platform.tenancy.context import configuration_draft, current_config_version, required_tenant_id

T = TypeVar("T")

# Tenants kept a process and loader; the least lately used one goes first.
KEPT = 500
_caches: list[dict[int, Any]] = []


def clear_configuration_caches() -> None:
    """Clear this process's cache. For tests: their transactions are rolled back, and versions repeat."""
    for kept in _caches:
        kept.clear()


def cached_per_tenant(loader: Callable[[], T]) -> Callable[[], T]:
    """Decorator: cache what a loader reads for the tenant in use, until its configuration changes."""
    kept: dict[int, tuple[int, T]] = {}
    _caches.append(kept)

    @wraps(loader)
    def load_cached() -> T:
        draft = configuration_draft()
        if draft is not None:
            if loader not in draft:
                draft[loader] = _load_from_primary(loader)
            return cast("T", draft[loader])
        tenant_id = required_tenant_id()
        version = current_config_version()
        hit = kept.pop(tenant_id, None)
        if hit is None or hit[0] != version:
            hit = (version, _load_from_primary(loader))
        kept[tenant_id] = hit
        while len(kept) > KEPT:
            kept.pop(next(iter(kept)))
        return hit[1]

    return load_cached


def _load_from_primary(loader: Callable[[], T]) -> T:
    """Run a loader on the primary: the version it is kept under is the primary's, and a replica may be behind."""
    with on_primary():
        return run_loader(loader)


def run_loader(loader: Callable[[], T]) -> T:
    """Read what is not cached. Tests put theirs in its place, which knows what the template database holds."""
    return loader()


@dataclass(frozen=True)
class Directory:
    """The tenant itself, its members, teams, brands and calendars, by id. Treat the rows as read-only."""

    tenant: Tenant
    members: dict[int, Member]
    brands: dict[int, Brand]
    calendars: dict[int, BusinessHours]
    default_calendar_id: int | None
    zone: ZoneInfo
    # All of them, by name; `teams_of` leaves the archived ones out.
    teams: dict[int, Team]
    # (team, member) ids: who is in which.
    places: frozenset[tuple[int, int]]

    def today(self) -> date:
        """Return today's date in the tenant's zone."""
        return clock.now().astimezone(self.zone).date()

    def teams_of(self, member: Member) -> list[Team]:
        """Return the teams a member is in, by name, without archived ones."""
        return [
            team for team in self.teams.values() if team.archived_at is None and (team.pk, member.pk) in self.places
        ]

    def members_of(self, team: Team) -> list[Member]:
        """Return the members of a team, by name; also inactive ones."""
        return [member for member in self.members.values() if (team.pk, member.pk) in self.places]

    @property
    def default_brand(self) -> Brand:
        """The brand of work that names none."""
        return next((brand for brand in self.brands.values() if brand.is_default), next(iter(self.brands.values())))

    def calendar_of(self, brand_id: int) -> int | None:
        """Return the calendar a brand's working hours count by."""
        return self.brands[brand_id].calendar_id or self.default_calendar_id


@cached_per_tenant
def members_with_photo() -> frozenset[int]:
    """Return the ids of the members who show their face."""
    return frozenset(MemberPhoto.objects.values_list("member_id", flat=True))


@cached_per_tenant
def directory() -> Directory:
    """Return the directory of the tenant in use."""
    tenant = Tenant.objects.get(pk=required_tenant_id())
    calendars = list(BusinessCalendar.objects.order_by("pk"))
    return Directory(
        tenant=tenant,
        members={member.pk: member for member in Member.objects.order_by("name", "pk")},
        brands={brand.pk: brand for brand in Brand.objects.order_by("-is_default", "name")},
        calendars={calendar.pk: calendar.hours() for calendar in calendars},
        default_calendar_id=next((calendar.pk for calendar in calendars if calendar.is_default), None),
        zone=ZoneInfo(tenant.time_zone),
        teams={team.pk: team for team in Team.objects.order_by("name", "pk")},
        places=frozenset(TeamMember.objects.values_list("team_id", "member_id")),
    )


def brand_languages(more: Iterable[str] = ()) -> list[str]:
    """Return the languages of the brands in use, the default brand's first, and `more` that have a text."""
    organization = directory()
    in_use = [brand.language for brand in organization.brands.values() if brand.archived_at is None]
    return list(dict.fromkeys([organization.default_brand.language, *in_use, *more]))
