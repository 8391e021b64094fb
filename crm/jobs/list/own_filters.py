"""Filters by custom fields in lists and conditions: a missing value, a near or past date, part of a text."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.fields.setup import WITH_ANY, job_fields
from crm.jobs.fields.values import value_choices
from crm.jobs.list.conditions import JobFilters
from crm.jobs.models.fields import FieldKind
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, TextFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer

TYPED = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.LINK)
PAST = "past"
WITHIN = (0, 7, 30, 90, 180, 365)


def _date_choices(member: Member) -> list[Choice]:
    choices = []
    for field in job_fields().dates:
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


def _value_choices(member: Member) -> list[Choice]:
    """Return each choice of the custom fields that have choices: "Roof type: Shingle"."""
    return [
        Choice(f"{field.key}-{value}", f"{field.name}: {label}")
        for field in job_fields().live
        for value, label in value_choices(field)
        if value
    ]


def _has_answer(value: str, viewer: Viewer) -> Q:
    field, _dash, answer = value.partition("-")
    return WITH_ANY & Q(**{f"own_fields__{field}": answer})


class _WordsFilter(TextFilter):
    """Filter by part of the text in any typed custom field: words, numbers, links."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        any_field = Q(pk__in=())
        for field in job_fields().live:
            if field.kind in TYPED:
                any_field |= Q(**{f"own_fields__{field.key}__icontains": value})
        return WITH_ANY & any_field

    def offers(self, member: Member) -> bool:
        return any(field.kind in TYPED for field in job_fields().live)


FEATURES: list[Feature] = [
    AddedFilter(
        JobFilters, "own_date", ChoiceFilter(gettext_lazy("Own date"), choices=_date_choices, q=_is_near, least=1)
    ),
    AddedFilter(
        JobFilters,
        "own_choice",
        ChoiceFilter(gettext_lazy("Own choice"), choices=_value_choices, q=_has_answer, least=1),
    ),
    AddedFilter(JobFilters, "own_words", _WordsFilter(gettext_lazy("Own fields"))),
]
