"""The kinds of records that are summarized, found by kind and id, or by what their address names."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.people.models import Person, Property
from crm.platform.models import Member
from crm.web.shell.record_pages import record_page, visible_rows
from tickets.models import Ticket

MODELS: dict[str, type[models.Model]] = {"conversation": Ticket, "job": Job, "customer": Person, "property": Property}
_BY_LABEL = {model._meta.label_lower: model for model in MODELS.values()}
SUBJECT_LABELS = {
    Ticket._meta.label_lower: _("Conversation"),
    Job._meta.label_lower: _("Job"),
    Person._meta.label_lower: _("Customer"),
    Property._meta.label_lower: _("Property"),
}


def find_subject(kind: str, pk: int) -> Any:
    """Return a record by kind and id, inside the tenant; None if it is gone."""
    model = _BY_LABEL.get(kind)
    if model is None:
        return None
    return model._default_manager.filter(pk=pk).first()


def find_subjects(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Return records by kind and id, one query a kind; without those that are gone, or of other kinds."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, pk in pairs:
        ids[kind].add(pk)
    return {
        (kind, row.pk): row
        for kind, wanted in ids.items()
        if kind in _BY_LABEL
        for row in _BY_LABEL[kind]._default_manager.filter(pk__in=wanted)
    }


def visible_subject(place: str, key: str, member: Member) -> Any:
    """Return the record of an address that a member may see. Raises Http404."""
    model = MODELS.get(place)
    page = record_page(model) if model else None
    if model is None or page is None:
        raise Http404
    try:
        row = visible_rows(model, member).filter(**{page.key: key}).first()
    except (ValueError, ValidationError):
        raise Http404 from None
    if row is None:
        raise Http404
    return row


def subject_place(record: models.Model) -> tuple[str, str]:
    """Return the two words of an address that name a record."""
    place = next(name for name, model in MODELS.items() if isinstance(record, model))
    page = record_page(type(record))
    assert page
    return place, str(getattr(record, page.key))
