"""The names and pages of the records that follow-ups are about, for lists and pages of follow-ups."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.jobs.models.appointments import Appointment
from crm.people.models import Person
from crm.platform.models import Member
from crm.web.shell.record_pages import record_url, visible_rows
from followups.models import FollowUp
from followups.models.links import LINK_COLUMNS, SPECIFIC_FIRST
from tickets.models import Ticket


def name_record(record: Model) -> str:
    """Return what a record is called on the pages of follow-ups."""
    if isinstance(record, Ticket):
        words = _("Conversation #%(number)s") % {"number": record.number}
        return " · ".join(filter(None, [words, record.subject]))
    if isinstance(record, Appointment):
        return record.undo_name
    return str(getattr(record, "title", "") or getattr(record, "name", "") or record)


class LinkedRecords:
    """The customers and records of several follow-ups that the reader may see, each model read once."""

    def __init__(self, follow_ups: Sequence[FollowUp], member: Member, slug: str) -> None:
        self.slug = slug
        self._rows: dict[type[Model], dict[int, Model]] = {}
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for follow_up in follow_ups:
            for model in SPECIFIC_FIRST:
                if pk := getattr(follow_up, f"{LINK_COLUMNS[model]}_id"):
                    wanted[model].add(pk)
            if follow_up.person_id and not follow_up.job_id:
                wanted[Person].add(follow_up.person_id)
        for model, ids in wanted.items():
            rows = visible_rows(model, member).filter(pk__in=ids)
            if model is Appointment:
                rows = rows.select_related("type", "job")
            self._rows[model] = {row.pk: row for row in rows}

    def person(self, follow_up: FollowUp) -> Person | None:
        """Return the customer of a follow-up without a job, if the reader may see them."""
        person = self._rows.get(Person, {}).get(follow_up.person_id or 0)
        if isinstance(person, Person):
            return person
        return None

    def record(self, follow_up: FollowUp) -> Model | None:
        """Return the ticket, appointment, document or property it is about, if the reader may see it."""
        for model in SPECIFIC_FIRST:
            pk = getattr(follow_up, f"{LINK_COLUMNS[model]}_id")
            if pk:
                return self._rows[model].get(pk)
        return None

    def link(self, record: Model | None) -> tuple[str, str]:
        """Return the name and URL of a record; blank without one."""
        if record is None:
            return "", ""
        return name_record(record), record_url(record, self.slug)
