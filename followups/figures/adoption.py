"""Adoption: who plans follow-ups, whether they have an owner, and whether reminders are delivered."""

from dataclasses import dataclass

from django.db.models import Count, Q

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.figures.lines import percent
from followups.filters import delivery_condition, failure_condition, recent_days
from followups.models import FollowUpQuerySet


@dataclass(frozen=True)
class Adoption:
    """Members by how many they planned in the last days; open ones and those with an owner; reminders delivered."""

    planned: list[tuple[Member, int]]
    opened: int
    owned: int
    reminded: int
    unreminded: int

    @property
    def active_count(self) -> int:
        """How many members planned one."""
        return sum(1 for _member, count in self.planned if count)

    @property
    def active_percent(self) -> int | None:
        return percent(self.active_count, len(self.planned))

    @property
    def owned_percent(self) -> int | None:
        return percent(self.owned, self.opened)

    @property
    def reminded_percent(self) -> int | None:
        return percent(self.reminded, self.reminded + self.unreminded)


def measure_adoption(rows: FollowUpQuerySet, reader: Reader) -> Adoption:
    """Measure it over the last seven days of the reader, with today. Four statements."""
    since, _until = recent_days(reader.today).instants(reader.zone)
    made = rows.filter(created_at__gte=since, created_by__isnull=False).order_by()
    counts = dict(made.values_list("created_by_id").annotate(count=Count("pk")))
    members = [one for one in directory().members.values() if one.active and allows(one, "followups.work")]
    planned = sorted(((one, counts.get(one.pk, 0)) for one in members), key=lambda pair: (-pair[1], pair[0].name))
    opened = rows.open().order_by().aggregate(all=Count("pk"), owned=Count("pk", filter=Q(assignee_id__isnull=False)))
    return Adoption(
        planned=planned,
        opened=opened["all"],
        owned=opened["owned"],
        reminded=rows.filter(delivery_condition(since)).order_by().count(),
        unreminded=rows.filter(failure_condition(reader.now, since)).order_by().count(),
    )
