"""Triggers by the tenant's own date fields, for each kind of record that has some."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Anchor, Chosen, DayWriter, TimeTrigger, morning_of_day
from crm.jobs.correction import fill_in
from crm.jobs.fields.setup import day_of, having_own_field, own_fields_of
from crm.jobs.models.fields import OwnField
from crm.platform.models import Member

GRACE = timedelta(days=30)


class FieldOptions(Options):
    """Options: which date field of a kind of records."""

    records: ClassVar[type[Model]]
    field = forms.ChoiceField(
        label="",
        error_messages={
            "invalid_choice": _("Its date field no longer exists."),
            "required": _("Choose a date; add one in Settings, “Custom fields”."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(field.key, field.name) for field in own_fields_of(self.records).dates]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]


def own_date_trigger(
    options: type[FieldOptions],
    record: str,
    *,
    events: tuple[str, ...],
    may_write: Callable[[Any, Member], bool],
    rows: Callable[[], Any],
    brand_id: Callable[[Any], int | None] = lambda row: None,
) -> TimeTrigger:
    """Return the trigger by the date fields of a kind of records, of these `rows`; a changed date is a new anchor."""
    model = options.records

    def date_anchor(row: Any, chosen: Chosen) -> Anchor | None:
        """Return the morning of the day in the field, in the brand's time zone or the organization's."""
        day = day_of(row, chosen["field"])
        if day:
            return Anchor(morning_of_day(day, brand_id(row)), f"{chosen['field']}:{day}")
        return None

    def find_field(chosen: Chosen) -> OwnField:
        return next(field for field in own_fields_of(model).dates if field.key == chosen["field"])

    return TimeTrigger(
        name=f"{record}.own_date",
        record=record,
        label=_("has a date in field"),
        options=options,
        rows=lambda chosen: rows().filter(having_own_field(chosen["field"])),
        anchor=date_anchor,
        by_day=True,
        events=events,
        before=True,
        grace=GRACE,
        writer=DayWriter(
            label=lambda row, value, chosen: find_field(chosen).name,
            may_write=may_write,
            write=lambda row, value, chosen, day, by: fill_in(row, find_field(chosen), day.isoformat(), by=by),
        ),
    )
