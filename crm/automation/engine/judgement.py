"""Judge conditions: for many records and many rules with one query, which of them hold."""

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from crm.automation.engine.statement import statement
from crm.automation.registry.records import RecordKind
from crm.automation.setup import Group, viewer
from crm.kernel import clock

# Columns of a query: Postgres takes 1,664.
MOST = 500

# By record and condition, whether it holds.
Judged = Mapping[int, Mapping[str, bool]]


def judge(kind: RecordKind, ids: Collection[int], groups: Iterable[Group]) -> Judged:
    """Return which of these conditions hold for which rows of a kind; a row that is gone is missing."""
    clauses = {str(clause): clause for group in groups for clause in group}
    found: dict[int, dict[str, bool]] = {}
    names = list(clauses)
    now = clock.now()
    for start in range(0, max(len(names), 1), MOST):
        part = names[start : start + MOST]
        asked = statement(kind, {name: clauses[name] for name in part}, now)
        with connection.cursor() as cursor:
            cursor.execute(asked.sql, asked.parameters(ids, now))
            for pk, *held in cursor.fetchall():
                found.setdefault(pk, {}).update(zip(part, held, strict=True))
    return found


def holds(groups: Iterable[Group], held: Mapping[str, bool]) -> bool:
    """Whether of each group one condition at least holds."""
    return all(any(held[str(clause)] for clause in group) for group in groups)


def matching(groups: Iterable[Group]) -> Q:
    """Return the conditions as one query."""
    asker = viewer()
    return Q(*[reduce(or_, [clause.condition(asker) for clause in group]) for group in groups])


def explained(groups: Iterable[Group], held: Mapping[str, bool]) -> list[list[list[object]]]:
    """Return the conditions with whether each held, as a run stores them: groups of [condition, held]."""
    return [[[str(clause), held[str(clause)]] for clause in group] for group in groups]
