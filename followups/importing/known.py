"""Read the records that the rows of a file refer to: follow-ups, leads, customers, members; one statement each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.kernel.normalization import name_key, normalize_email, normalize_phone
from crm.kernel.whole_numbers import read_number
from crm.people.identity.points import PointRule, own_points
from crm.people.models import ContactPoint
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.importing.columns import ImportColumn
from followups.models import FollowUp
from followups.models.follow_up_undo import IMPORT_ORIGIN

Cells = Mapping[ImportColumn, str]
# The version of a UUID that our own ids have.
_OWN_VERSION = 7


def own_id(key: str) -> UUID | None:
    """Return the ID of a follow-up of ours; None for one of another program."""
    try:
        uid = UUID(key)
    except ValueError:
        return None
    if uid.version == _OWN_VERSION:
        return uid
    return None


def origin_of(cells: Cells) -> str:
    """Return the origin of a row that is none of ours: by its ID, or by all of its cells where it has none."""
    key = cells.get(ImportColumn.ID)
    if key:
        named = f"id {key}"
    else:
        named = f"row {sorted(cells.items())}"
    return IMPORT_ORIGIN + blake2b(named.encode(), digest_size=16).hexdigest()


def lead_number(cells: Cells) -> int | None:
    return read_number(cells.get(ImportColumn.LEAD, "").lstrip("#"))


def point_value(column: str, cell: str) -> str | None:
    """Return an address or number as contact points have it; None if it is none."""
    if column == ImportColumn.EMAIL:
        return normalize_email(cell)
    return normalize_phone(cell, directory().default_brand.country)


@dataclass(frozen=True)
class KnownRecords:
    """The records that rows refer to, as far as the member may see them."""

    by_uid: Mapping[UUID, FollowUp]
    # None: it exists, and the member may not see it.
    by_origin: Mapping[str, FollowUp | None]
    jobs: Mapping[int, Job]
    # The people who have a contact value, by id.
    people: Mapping[str, frozenset[int]]
    members: Mapping[str, list[Member]]
    points: PointRule


def load_known(rows: Iterable[Cells], by: Member) -> KnownRecords:
    """Read what these rows refer to."""
    lines = list(rows)
    uids = {uid for cells in lines if (uid := own_id(cells.get(ImportColumn.ID, "")))}
    origins = {origin_of(cells) for cells in lines if own_id(cells.get(ImportColumn.ID, "")) is None}
    visible = FollowUp.objects.visible_to(by).select_related("job")
    by_origin: dict[str, FollowUp | None] = dict.fromkeys(
        FollowUp.objects.filter(origin__in=origins).values_list("origin", flat=True)
    )
    if by_origin:
        by_origin |= {row.origin: row for row in visible.filter(origin__in=by_origin)}
    numbers = {number for cells in lines if (number := lead_number(cells)) is not None}
    jobs = Job.objects.visible_to(by).filter(number__in=numbers)
    return KnownRecords(
        {row.uid: row for row in visible.filter(uid__in=uids)},
        by_origin,
        {job.number: job for job in jobs},
        _read_people(lines, by),
        _read_members(),
        PointRule(own_points()),
    )


def _read_people(lines: Iterable[Cells], by: Member) -> dict[str, frozenset[int]]:
    columns = (ImportColumn.EMAIL, ImportColumn.PHONE)
    cells = {(column, cell) for line in lines for column in columns if (cell := line.get(column))}
    values = {value for column, cell in cells if (value := point_value(column, cell))}
    if not values:
        return {}
    points = ContactPoint.objects.reached_at(*values).filter(person_id__in=visible_people(by).values("pk"))
    people: dict[str, frozenset[int]] = {}
    for value, person_id in points.values_list("value", "person_id"):
        people[value] = people.get(value, frozenset()) | {person_id}
    return people


def _read_members() -> dict[str, list[Member]]:
    """Map the name and the address of each active member to those who have it."""
    emails = dict(Member.objects.values_list("pk", "user__email"))
    members: dict[str, list[Member]] = {}
    for member in directory().members.values():
        if member.active:
            for key in {name_key(member.name), emails[member.pk].lower()}:
                members.setdefault(key, []).append(member)
    return members
