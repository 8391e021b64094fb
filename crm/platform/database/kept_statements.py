"""Statements that are worked out once a process and asked again with other numbers.

To build one by the ORM costs more than to ask it: a third of a page of fifty messages.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.db import models

from crm.platform.database.display import read_rows, statement_of
from crm.platform.tenancy.context import required_tenant_id

# Stand for the values while a statement is worked out; no row has such a key.
_MARK = 2**61
# So many are kept: some for each tenant, and of those for what its members may see.
_MOST = 2_000
_kept: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}
# Whether each is worked out anew, and has to be as it was kept: in tests.
checked = False


def read_kept(
    name: str,
    model: type[models.Model],
    values: Sequence[int | list[int]],
    rows: Callable[..., Any],
    attnames: Sequence[str],
    *more: str,
    shape: tuple[Hashable, ...] = (),
    planned: bool = False,
) -> list[Any]:
    """Read rows for display (display.py), by a statement that is kept under its name, the tenant and its `shape`.

    `rows`: given a number for each of the `values`, returns the query; a list is compared by `__any_of`. What else the
    statement depends on, what the member may see above all, is its shape. `planned`: the best plan for it is the same
    whatever the numbers, as of rows found by a key; to plan it is more than to run it (cursors.py).
    """
    key = (name, required_tenant_id(), *shape)
    found = _kept.get(key)
    if found is None or checked:
        marks = [_MARK + place for place in range(len(values))]
        made = statement_of(rows(*marks), attnames, *more)
        if made is None:
            return []
        if found not in (None, made):
            raise AssertionError(f"the statement {name!r} is another one for {shape}")
        if len(_kept) >= _MOST:
            _kept.clear()
        found = _kept[key] = made
    sql, parameters = found
    return read_rows(model, sql, [_filled(each, values) for each in parameters], attnames, *more, planned=planned)


def _filled(parameter: Any, values: Sequence[int | list[int]]) -> Any:
    if not isinstance(parameter, int) or not _MARK <= parameter < _MARK + len(values):
        return parameter
    value = values[parameter - _MARK]
    # The ORM gives the size of a number by its class: psycopg's Int8 and the like.
    return type(parameter)(value) if isinstance(value, int) else value
