"""Export the list of follow-ups to a file, in its order; followups/importing reads it again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job, Priority
from crm.people.models import ContactPoint
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.exports import Row
from crm.web.timeline.event_words import name_of
from followups.follow_up_list import FOLLOW_UPS, LATEST_FIRST
from followups.models import FollowUp, FollowUpNote, FollowUpOutcome, FollowUpQuerySet, FollowUpStatus
from followups.models.kind_setup import kinds


def list_ids(query: QueryDict, member: Member) -> Iterable[int]:
    """List the ids of the follow-ups of a view, in the order of the list."""
    filters = FOLLOW_UPS.read(query, member)
    if FOLLOW_UPS.order(filters) is LATEST_FIRST:
        order = ("-completed_at", "-pk")
    else:
        order = ("sort_at", "pk")
    return FOLLOW_UPS.apply(filters, member).order_by(*order).values_list("pk", flat=True).iterator(chunk_size=20_000)


def list_headings() -> list[str]:
    return [
        *(_("ID"), _("Type"), _("Subject"), _("Due"), _("Promised for"), _("Priority"), _("Who"), _("Status")),
        *(_("Outcome"), _("Completed"), _("First missed"), _("Lead number"), _("Lead"), _("Customer email")),
        *(_("Customer phone"), _("Notes"), _("Planned"), _("Notes with author")),
    ]


def read_rows(pks: Sequence[int], member: Member) -> Iterator[Row]:
    """Read the rows, with one statement each for the follow-ups, their jobs, notes and contact points."""
    scope: FollowUpQuerySet = FollowUp.objects.all()
    if not allows(member, "followups.see_all"):
        scope = scope.filter(assignee_id=member.pk)
    follow_ups = scope.in_bulk(pks)
    jobs = Job.objects.in_bulk([row.job_id for row in follow_ups.values() if row.job_id])
    notes = _read_notes(follow_ups)
    points = _read_points([row.person_id for row in follow_ups.values() if row.person_id], member)
    return (
        [
            *_build_row(follow_ups[pk], jobs.get(follow_ups[pk].job_id), points.get(follow_ups[pk].person_id, {})),
            "\n".join(notes.get(pk, ())),
        ]
        for pk in pks
        if pk in follow_ups
    )


def _read_notes(follow_up_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the notes of these follow-ups, each with its time and author."""
    notes: dict[int, list[str]] = {}
    for note in FollowUpNote.objects.of(follow_up_ids):
        at = note.at.astimezone(directory().zone)
        about = f"{at:%Y-%m-%d %H:%M} {name_of(note.author_id)}".rstrip()
        notes.setdefault(note.follow_up_id, []).append(f"{about}: {note.body}")
    return notes


def _read_points(person_ids: Sequence[int], member: Member) -> dict[int, dict[str, str]]:
    """Return the first contact value of each kind of the customers that the member may see."""
    people = visible_people(member).filter(pk__in=person_ids)
    rows = ContactPoint.objects.filter(person_id__in=people.values("pk")).verified_first()
    points: dict[int, dict[str, str]] = {}
    for person_id, kind, value in rows.values_list("person_id", "kind", "value"):
        points.setdefault(person_id, {}).setdefault(kind, value)
    return points


def _build_row(row: FollowUp, job: Job | None, points: Mapping[str, str]) -> Row:
    who = ""
    if row.assignee_id:
        who = directory().members[row.assignee_id].name
    return [
        str(row.uid),
        kinds().of(row.kind).label,
        row.subject,
        _to_local_time(row.due_at),
        _to_local_time(row.limit_at),
        str(Priority(row.priority).label),
        who,
        str(FollowUpStatus(row.status).label),
        str(FollowUpOutcome(row.outcome).label) if row.outcome else "",
        _to_local_time(row.completed_at),
        _to_local_time(row.missed_at),
        job.number if job else None,
        job.title if job else "",
        points.get("email", ""),
        points.get("phone", ""),
        row.notes,
        _to_local_time(row.created_at),
    ]


def _to_local_time(at: datetime | None) -> datetime | None:
    if at:
        return at.astimezone(directory().zone)
    return None
