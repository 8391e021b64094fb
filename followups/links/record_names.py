"""The names and pages of the records that follow-ups are about, for lists and pages of follow-ups."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from crm.documents.models import Document
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.people.models import Person, Property
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.shell.record_pages import record_url, visible_rows
from followups.models import FollowUp
from followups.models.links import LINK_COLUMNS, SPECIFIC_FIRST, linked_models
from tickets.models import Ticket

# The columns of each model that its name and its page are made of.
_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Ticket: ("number", "subject"),
    Appointment: ("uid", "type__name", "job__title"),
    Document: ("uid", "title"),
    Property: ("uid", "street", "postcode", "city", "region", "country"),
    Person: ("uid", "name"),
}
_MODELS = tuple(_COLUMNS)


def name_record(record: Model) -> str:
    """Return what a record is called on the pages of follow-ups."""
    if isinstance(record, Ticket):
        words = _("Conversation #%(number)s") % {"number": record.number}
        return " · ".join(filter(None, [words, record.subject]))
    if isinstance(record, Appointment):
        return record.undo_name
    if linked := linked_models().get(type(record)):
        return linked.name(record)
    return str(getattr(record, "title", "") or getattr(record, "name", "") or record)


def title_follow_ups(rows: Sequence[FollowUp], member: Member) -> dict[int, str]:
    """Return what follow-ups are called where they stand by themselves: with their lead or customer, if visible.

    Two queries.
    """
    leads = Job.objects.visible_to(member).filter(pk__in={row.job_id for row in rows if row.job_id})
    names = dict(leads.values_list("pk", "title"))
    alone = {row.person_id for row in rows if row.person_id and not row.job_id}
    people = dict(visible_people(member).filter(pk__in=alone).values_list("pk", "name"))
    titles = {}
    for row in rows:
        about = names.get(row.job_id, "") if row.job_id else people.get(row.person_id, "")
        titles[row.pk] = " · ".join(filter(None, [row.subject, about]))
    return titles


class LinkedRecords:
    """The customers and records of several follow-ups that the reader may see, read with one statement."""

    def __init__(self, follow_ups: Sequence[FollowUp], member: Member, slug: str) -> None:
        self.slug = slug
        self._rows: dict[type[Model], dict[int, Model]] = defaultdict(dict)
        # The records of apps above, by the follow-up.
        self._linked: dict[int, Model] = {}
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for follow_up in follow_ups:
            for model in SPECIFIC_FIRST:
                if pk := getattr(follow_up, f"{LINK_COLUMNS[model]}_id"):
                    wanted[model].add(pk)
            if follow_up.person_id and not follow_up.job_id:
                wanted[Person].add(follow_up.person_id)
        parts = [
            visible_rows(model, member)
            .filter(pk__in=ids)
            .order_by()
            .values_list(Value(_MODELS.index(model)), "pk", JSONObject(**{name: name for name in _COLUMNS[model]}))
            for model, ids in wanted.items()
        ]
        parts += _linked_parts([row.pk for row in follow_ups], member)
        if parts:
            for nth, pk, columns in parts[0].union(*parts[1:], all=True):
                self._add_record(nth, pk, columns)

    def _add_record(self, nth: int, pk: int, columns: dict[str, Any]) -> None:
        """Store a row of the statement: of the first models the record's id, of those of apps above the follow-up's."""
        if nth < len(_MODELS):
            self._rows[_MODELS[nth]][pk] = _build_record(_MODELS[nth], pk, columns)
        else:
            self._linked[pk] = list(linked_models())[nth - len(_MODELS)](**columns)

    def person(self, follow_up: FollowUp) -> Person | None:
        """Return the customer of a follow-up without a job, if the reader may see them; only id, uid and name."""
        person = self._rows[Person].get(follow_up.person_id or 0)
        if isinstance(person, Person):
            return person
        return None

    def record(self, follow_up: FollowUp) -> Model | None:
        """Return the record it is about, other than a job or a person, if the reader may see it."""
        if linked := self._linked.get(follow_up.pk):
            return linked
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


def _linked_parts(follow_up_ids: Sequence[int], member: Member) -> list[Any]:
    """Return the parts of the statement that read records of apps above: number of the model, follow-up, columns."""
    if not follow_up_ids:
        return []
    parts = []
    for nth, linked in enumerate(linked_models().values(), len(_MODELS)):
        if allows(member, linked.permission):
            seen = {f"{linked.parameter}__in": visible_rows(linked.model, member)}
            rows = linked.reference._default_manager.filter(follow_up__in=follow_up_ids, **seen)
            columns = JSONObject(**{name: f"{linked.parameter}__{name}" for name in linked.columns})
            parts.append(rows.order_by().values_list(Value(nth), "follow_up_id", columns))
    return parts


def _build_record(model: type[Model], pk: int, columns: dict[str, Any]) -> Model:
    """Return a record with these columns alone."""
    if model is Appointment:
        kind = AppointmentType(name=columns.pop("type__name"))
        return Appointment(pk=pk, type=kind, job=Job(title=columns.pop("job__title")), **columns)
    return model(pk=pk, **columns)
