"""What colleagues write to each other on the follow-ups that come next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from followups.models import FollowUp

# Who writes, how many hours ago, and what; each group is of one follow-up of the first member with that role.
Notes = Sequence[tuple[str, float, str]]
NOTES: Mapping[str, Sequence[tuple[str, Notes]]] = {
    "en": (
        (
            Role.REP,
            (
                (Role.MANAGER, 27, "They asked me about financing at the open house. Bring the new rates."),
                (Role.REP, 25, "Rates are printed. She decides with her brother, who is in after five."),
                (Role.SERVICE, 3, "Crew B has a free day next Thursday, in case they ask for a start."),
            ),
        ),
        (Role.REP, ((Role.MANAGER, 5, "Leave out the gutters, they have someone for that."),)),
        (Role.MANAGER, ((Role.REP, 20, "I have the measurements, they are in the documents."),)),
        (Role.SERVICE, ((Role.MANAGER, 4, "The city wants the old permit number as well."),)),
    ),
    "nl": (
        (
            Role.REP,
            (
                (Role.MANAGER, 27, "Ze vroegen mij naar subsidie. Neem het nieuwe overzicht mee."),
                (Role.REP, 25, "Heb ik bij me. Zij beslist samen met haar broer, die is er na vijven."),
                (Role.SERVICE, 3, "Ploeg Zuid heeft volgende week donderdag ruimte, als ze een datum willen."),
            ),
        ),
        (Role.REP, ((Role.MANAGER, 5, "De meterkast is vorig jaar vervangen, dus zonder verzwaring."),)),
        (Role.MANAGER, ((Role.REP, 20, "De metingen staan bij de documenten."),)),
        (Role.SERVICE, ((Role.MANAGER, 4, "De netbeheerder wil ook het oude meternummer."),)),
    ),
}


def create_shared_notes(now: datetime) -> None:
    """Create them inside the tenant, after its follow-ups."""
    here = directory()
    first: dict[str, Member] = {}
    for member in sorted(here.members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    seen: list[int] = []
    for role, notes in NOTES.get(here.tenant.language, NOTES["en"]):
        open_rows = FollowUp.objects.open().filter(assignee=first[role], job__isnull=False, due_at__gt=now)
        row = open_rows.exclude(pk__in=seen).by_time().first()
        if row is None:
            continue
        seen.append(row.pk)
        for author, hours, body in notes:
            with clock.at(now - timedelta(hours=hours)):
                row.note(body, by=first[author])
