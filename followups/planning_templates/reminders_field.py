"""RemindersField: reminders as one field of a Django form, in the rows of fields that other forms have."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from crm.kernel.refusal import Refused
from followups.models.reminder import clean_times
from followups.models.reminder_plan import read_times
from followups.reminders.fields import BLANK, field_choices, list_fields, posted_fields, read_fields


class RemindersWidget(forms.Widget):
    """A row of fields for each reminder, and a blank one."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the posted form: its rows are lists of fields."""
        if isinstance(data, QueryDict):
            return data
        return QueryDict()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if isinstance(value, QueryDict):
            rows = [row for row in posted_fields(value) if str(row.number).strip()]
        else:
            rows = list_fields(read_times(value or []), most=0)
        context = {"fields": [*rows, BLANK], **field_choices()}
        return SafeString(render_to_string("followups/reminders/_fields.html", context))


class RemindersField(forms.Field):
    """Reminders, [[minutes, channel], …]."""

    widget = RemindersWidget

    def clean(self, value: Any) -> list[list[Any]]:
        """Return the reminders. Raises ValidationError for what is none."""
        try:
            return clean_times(read_fields(value))
        except Refused as why:
            raise ValidationError(str(why)) from why
