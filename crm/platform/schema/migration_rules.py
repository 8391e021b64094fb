"""Rules that keep a migration safe while the previous release still serves pages (docs/migrations.md).

The old code runs beside the new schema for the length of a roll-out, and a lock on a large table stops every page. The
rules read the operations of a migration, so they need no database. Migrations of the baseline are excused.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.postgres import operations as postgres
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

BASELINE = Path(__file__).with_name("migration_baseline.json")
_SQL_COMMENT = re.compile(r"--[^\n]*")
# What SQL of a migration may not do, however it is spelled.
_REFUSED_SQL = (
    (re.compile(r"\brename\s+(?:column|to|constraint)\b"), "renames: the old code still uses the old name"),
    (re.compile(r"\bset\s+not\s+null\b"), "sets NOT NULL, which reads the whole table under a lock"),
    (re.compile(r"\balter\s+column\s+\S{1,80}\s+(?:set\s+data\s+)?type\b"), "changes a type, which rewrites the table"),
    (re.compile(r"\bcreate\s+(?:unique\s+)?index\s+(?!concurrently\b)"), "creates an index without CONCURRENTLY"),
    (re.compile(r"\bdrop\s+index\s+(?!concurrently\b)"), "drops an index without CONCURRENTLY"),
)
_DROPS_SQL = re.compile(r"\bdrop\s+(?:column|table)\b")


@dataclass(frozen=True)
class MigrationProblem:
    """A fault of one operation of a migration, and its replacement."""

    migration: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.sentence}"


def check_migrations(loader: MigrationLoader, baseline: dict[str, str]) -> list[MigrationProblem]:
    """Return the problems of all migrations of the product that came after the baseline."""
    problems: list[MigrationProblem] = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in baseline and name > baseline[app]:
            before = loader.project_state((app, name), at_end=False)
            problems += check_migration(migration, before, loader)
    return problems


def read_baseline() -> dict[str, str]:
    """Return the name of the last excused migration of each app."""
    baseline: dict[str, str] = json.loads(BASELINE.read_text())
    return baseline


def write_baseline(names: dict[str, str]) -> None:
    """Excuse every migration up to these names."""
    BASELINE.write_text(json.dumps(names, indent=2) + "\n")


def latest_migrations(loader: MigrationLoader, apps: Iterable[str]) -> dict[str, str]:
    """Return the name of the last migration of each app, as a baseline has it."""
    return {app: name for app, name in sorted(loader.disk_migrations) if app in apps}


def check_migration(migration: Migration, state: ProjectState, loader: MigrationLoader) -> list[MigrationProblem]:
    """Return the problems of one migration; `state` is the models before it and is changed."""
    new_tables: set[str] = set()
    sentences: list[str] = []
    for operation in migration.operations:
        for part in _database_parts(operation):
            sentences += check_operation(part, migration, state, new_tables, loader)
        if isinstance(operation, operations.CreateModel):
            new_tables.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)
    name = f"{migration.app_label}.{migration.name}"
    return [MigrationProblem(name, sentence) for sentence in sentences]


def _database_parts(operation: Operation) -> Iterator[Operation]:
    """Return what an operation does to the database: of a SeparateDatabaseAndState its own half."""
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield from _database_parts(part)
    else:
        yield operation


def check_operation(
    operation: Operation, migration: Migration, state: ProjectState, new_tables: set[str], loader: MigrationLoader
) -> Iterator[str]:
    """Yield what is wrong with one operation. Anything may be done to a table of the same migration."""
    model = str(getattr(operation, "model_name", "") or "").lower()
    if model and model in new_tables:
        return
    if isinstance(operation, operations.RunSQL):
        yield from _check_sql(operation, migration, loader)
    elif isinstance(operation, operations.RenameField | operations.RenameModel | operations.AlterModelTable):
        yield f"{operation.describe()}: the old code still uses the old name. Add the new one, copy, remove the old one"
    elif isinstance(operation, operations.RemoveField | operations.DeleteModel):
        yield f"{operation.describe()}: the old code still reads it. Remove it from the state, drop it a release later"
    elif isinstance(operation, operations.AddField):
        yield from _check_new_field(operation)
    elif isinstance(operation, operations.AlterField):
        yield from _check_changed_field(operation, migration.app_label, state)
    elif isinstance(operation, operations.AddConstraint):
        yield from _check_constraint(operation)
    elif type(operation) is operations.AddIndex:
        yield f"{operation.describe()}: it stops all writes to the table. Use AddIndexConcurrently"
    elif type(operation) is operations.RemoveIndex:
        yield f"{operation.describe()}: it locks the table. Use RemoveIndexConcurrently"


def _check_new_field(operation: operations.AddField) -> Iterator[str]:
    field: Any = operation.field
    is_filled = field.null or field.has_db_default() or field.many_to_many or getattr(field, "generated", False)
    if not is_filled:
        yield f"{operation.describe()}: the old code inserts rows without it. Give it a db_default, or null=True"
    if getattr(field, "generated", False):
        yield f"{operation.describe()}: a generated column rewrites the table under a lock"
    elif field.unique or field.db_index:
        yield f"{operation.describe()}: its index stops all writes. Add the field, then the index CONCURRENTLY"


def _check_changed_field(operation: operations.AlterField, app: str, state: ProjectState) -> Iterator[str]:
    before: Any = state.models[app, operation.model_name_lower].fields[operation.name]
    after: Any = operation.field
    if before.null and not after.null:
        yield f"{operation.describe()}: NOT NULL reads the whole table under a lock. Use a CHECK that is not validated"
    if before.has_db_default() and not after.has_db_default() and not after.null:
        yield f"{operation.describe()}: the old code relies on the default of the database"
    if before.get_internal_type() != after.get_internal_type() or _is_shorter(before, after):
        yield f"{operation.describe()}: another type rewrites the table. Add a field, copy, remove the old one"
    if after.unique and not before.unique:
        yield f"{operation.describe()}: its unique index stops all writes. Create it CONCURRENTLY"


def _is_shorter(before: Any, after: Any) -> bool:
    if before.max_length is None or after.max_length is None:
        return False
    return bool(after.max_length < before.max_length)


def _check_constraint(operation: operations.AddConstraint) -> Iterator[str]:
    if isinstance(operation, postgres.AddConstraintNotValid):
        return
    if isinstance(operation.constraint, models.CheckConstraint):
        yield f"{operation.describe()}: it reads the whole table under a lock. Use AddConstraintNotValid, then validate"
    else:
        yield f"{operation.describe()}: its index stops all writes. Create the index CONCURRENTLY, then the constraint"


def _check_sql(operation: operations.RunSQL, migration: Migration, loader: MigrationLoader) -> Iterator[str]:
    text = _SQL_COMMENT.sub("", _sql_text(operation.sql)).lower()
    for pattern, problem in _REFUSED_SQL:
        if pattern.search(text):
            yield f"its SQL {problem}"
    if _DROPS_SQL.search(text) and not has_left_the_state(migration, loader):
        yield (
            "its SQL drops a column or table. Name in `contract` the earlier migration that removed it from the state"
            " (SeparateDatabaseAndState), which must have been deployed before"
        )


def _sql_text(sql: Any) -> str:
    if isinstance(sql, str):
        return sql
    return "\n".join(statement if isinstance(statement, str) else statement[0] for statement in sql)


def has_left_the_state(migration: Migration, loader: MigrationLoader) -> bool:
    """Tell whether the migration named in `contract` removed a field or model from the state, and comes before."""
    earlier = (migration.app_label, getattr(migration, "contract", ""))
    node = (migration.app_label, migration.name)
    if earlier not in loader.disk_migrations or earlier >= node:
        return False
    removes = operations.RemoveField | operations.DeleteModel
    return any(
        isinstance(part, removes)
        for operation in loader.disk_migrations[earlier].operations
        if isinstance(operation, operations.SeparateDatabaseAndState)
        for part in operation.state_operations
    )
