"""Columns of lists for the custom fields of their records."""

from django.db.models import Model

from crm.jobs.fields.setup import own_fields_of, part_key
from crm.web.lists.columns import Column, Columns


def own_columns(model: type[Model]) -> dict[str, Column]:
    """Return a column for each live custom field of a kind of records. Its key is that of the field's form."""
    return {part_key(field): Column(part_key(field), field.name, "c-more") for field in own_fields_of(model).live}


class OwnColumns(Columns):
    """The custom fields of a kind of records as columns, none of them shown until a member chooses it."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__()
        self.model = model

    @property
    def by_key(self) -> dict[str, Column]:
        return own_columns(self.model)
