"""Evaluate the conditions of many rules for many records with one query."""

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from crm.automation.engine.condition_sql import get_statement
from crm.automation.registry.records import RecordKind
from crm.automation.setup import Group, organization_viewer
from crm.kernel import clock

# Columns of a query: Postgres takes 1,664.
MOST = 500

# By record and condition, whether it holds.
Judgements = Mapping[int, Mapping[str, bool]]


def judge_conditions(kind: RecordKind, ids: Collection[int], groups: Iterable[Group]) -> Judgements:
    """Return which conditions hold for which rows of a kind; deleted rows are left out."""
    clauses = {str(clause): clause for group in groups for clause in group}
    results: dict[int, dict[str, bool]] = {}
    names = list(clauses)
    now = clock.now()
    for start in range(0, max(len(names), 1), MOST):
        part = names[start : start + MOST]
        compiled = get_statement(kind, {name: clauses[name] for name in part}, now)
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.parameters(ids, now))
            for pk, *values in cursor.fetchall():
                results.setdefault(pk, {}).update(zip(part, values, strict=True))
    return results


def all_groups_hold(groups: Iterable[Group], results: Mapping[str, bool]) -> bool:
    """True if at least one condition of each group holds."""
    return all(any(results[str(clause)] for clause in group) for group in groups)


def conditions_query(groups: Iterable[Group]) -> Q:
    """Return the conditions as one query."""
    asker = organization_viewer()
    return Q(*[reduce(or_, [clause.condition(asker) for clause in group]) for group in groups])


def explain_groups(groups: Iterable[Group], results: Mapping[str, bool]) -> list[list[list[object]]]:
    """Return the conditions and their results as a run stores them: groups of [condition, held]."""
    return [[[str(clause), results[str(clause)]] for clause in group] for group in groups]
