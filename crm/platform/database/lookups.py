"""AnyOf: the lookup `id__any_of=ids`, for the long lists of a batch: one array, where `id__in` sends each by itself."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class AnyOf(models.Lookup):
    """The column is one of some values, however many. Of a thousand, `in` costs as much as the rows it finds.

    Given as values, or as the text Postgres writes an array of them in ("{12,13}").
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, str):
            return self.rhs
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        column, values = self.process_lhs(compiler, connection)
        # Without its length: a longer value would be cut, and then be found.
        kind, _length, _rest = self.lhs.output_field.db_type(connection).partition("(")
        return f"{column} = any(%s::{kind}[])", (*values, self.rhs)
