"""Filters by custom fields in lists and conditions: a missing value, a near or past date, part of a text."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.fields.setup import WITH_ANY, own_fields_of
from crm.jobs.fields.values import value_choices
from crm.jobs.models.fields import FieldKind
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, Label, TextFilter
from crm.web.lists.conditions.filters import AddedFilter, FilterSet
from crm.web.lists.conditions.viewer import Viewer

TYPED = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.LINK)
PAST = "past"
WITHIN = (0, 7, 30, 90, 180, 365)


def _date_choices(model: type[Model], member: Member) -> list[Choice]:
    choices = []
    for field in own_fields_of(model).dates:
        choices.append(Choice(f"{field.key}-{PAST}", _("%(field)s: has passed") % {"field": field.name}))
        choices += [Choice(f"{field.key}-{days}", f"{field.name}: {_soon_words(days)}") for days in WITHIN]
    return choices


def _soon_words(days: int) -> str:
    if not days:
        return _("today")
    return ngettext("today or in the next %(days)s day", "today or in the next %(days)s days", days) % {"days": days}


def _is_near(value: str, viewer: Viewer) -> Q:
    field, _dash, when = value.partition("-")
    today = viewer.reader.today
    column = f"own_fields__{field}"
    if when == PAST:
        return WITH_ANY & Q(**{f"{column}__lt": today.isoformat()})
    last = today + timedelta(days=int(when))
    return WITH_ANY & Q(**{f"{column}__gte": today.isoformat(), f"{column}__lte": last.isoformat()})


def _value_choices(model: type[Model], member: Member) -> list[Choice]:
    """Return each choice of the custom fields that have choices: "Roof type: Shingle"."""
    return [
        Choice(f"{field.key}-{value}", f"{field.name}: {label}")
        for field in own_fields_of(model).live
        for value, label in value_choices(field)
        if value
    ]


def _has_answer(value: str, viewer: Viewer) -> Q:
    field, _dash, answer = value.partition("-")
    return WITH_ANY & Q(**{f"own_fields__{field}": answer})


class _WordsFilter(TextFilter):
    """Filter by part of the text in any typed custom field: words, numbers, links."""

    def __init__(self, label: Label, model: type[Model], **extra: Any) -> None:
        super().__init__(label, **extra)
        self.model_of_fields = model

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        any_field = Q(pk__in=())
        for field in own_fields_of(self.model_of_fields).live:
            if field.kind in TYPED:
                any_field |= Q(**{f"own_fields__{field.key}__icontains": value})
        return WITH_ANY & any_field

    def offers(self, member: Member) -> bool:
        return any(field.kind in TYPED for field in own_fields_of(self.model_of_fields).live)


def own_filters(filterset: type[FilterSet], model: type[Model]) -> list[AddedFilter]:
    """Return the filters by the custom fields of a model, for its lists."""
    dates = ChoiceFilter(gettext_lazy("Own date"), choices=partial(_date_choices, model), q=_is_near, least=1)
    values = ChoiceFilter(gettext_lazy("Own choice"), choices=partial(_value_choices, model), q=_has_answer, least=1)
    return [
        AddedFilter(filterset, "own_date", dates),
        AddedFilter(filterset, "own_choice", values),
        AddedFilter(filterset, "own_words", _WordsFilter(gettext_lazy("Own fields"), model)),
    ]
