"""Migrations that the previous release cannot run beside, or that lock a table, are refused (docs/migrations.md)."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.postgres import operations as postgres
from django.core.management import CommandError, call_command
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from crm.platform.schema import migration_rules
from crm.platform.schema.migration_rules import check_migration

ROOF = [
    ("id", models.BigAutoField(primary_key=True)),
    ("color", models.CharField(max_length=20)),
    ("slope", models.IntegerField(null=True)),
    ("tiles", models.IntegerField(db_default=0)),
]
INDEX = models.Index(fields=["color"], name="by_color")
CHECK = models.CheckConstraint(condition=models.Q(slope__gte=0), name="slope_is_positive")
ONCE = models.UniqueConstraint(fields=["color"], name="color_is_once")
COLUMN = "alter table town_roof drop column color"


def problems(*changes: operations.base.Operation, contract: str = "", earlier: tuple[Any, ...] = ()) -> str:
    """What the rules say of a migration with these operations, after one with `earlier` ones."""
    state = ProjectState()
    state.add_model(ModelState("town", "Roof", list(ROOF)))
    first, migration = Migration("0001_first", "town"), Migration("0002_second", "town")
    first.operations, migration.operations = list(earlier), list(changes)
    vars(migration)["contract"] = contract
    disk = {("town", "0001_first"): first, ("town", "0002_second"): migration}
    loader = cast("MigrationLoader", SimpleNamespace(disk_migrations=disk))
    return "\n".join(map(str, check_migration(migration, state, loader)))


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        (operations.AddField("roof", "age", models.IntegerField(default=0)), "inserts rows without it"),
        (operations.AddField("roof", "code", models.CharField(max_length=9, null=True, unique=True)), "its index"),
        (operations.RemoveField("roof", "color"), "still reads it"),
        (operations.DeleteModel("Roof"), "still reads it"),
        (operations.RenameField("roof", "color", "paint"), "old name"),
        (operations.RenameModel("Roof", "Cover"), "old name"),
        (operations.AlterModelTable("roof", "cover"), "old name"),
        (operations.AlterField("roof", "slope", models.IntegerField()), "NOT NULL"),
        (operations.AlterField("roof", "slope", models.TextField(null=True)), "another type"),
        (operations.AlterField("roof", "color", models.CharField(max_length=9)), "another type"),
        (operations.AlterField("roof", "tiles", models.IntegerField()), "relies on the default"),
        (operations.AddIndex("roof", INDEX), "AddIndexConcurrently"),
        (operations.RemoveIndex("roof", "by_color"), "RemoveIndexConcurrently"),
        (operations.AddConstraint("roof", CHECK), "AddConstraintNotValid"),
        (operations.AddConstraint("roof", ONCE), "CONCURRENTLY"),
        (operations.RunSQL("create index by_color on town_roof (color)"), "without CONCURRENTLY"),
        (operations.RunSQL(["ALTER TABLE town_roof\n RENAME COLUMN color TO paint"]), "renames"),
        (operations.RunSQL("alter table town_roof alter column slope set not null"), "NOT NULL"),
        (operations.RunSQL("alter table town_roof alter column color type text"), "changes a type"),
        (operations.RunSQL(COLUMN), "Name in `contract`"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_bad_migration_is_refused(operation: operations.base.Operation, sentence: str) -> None:
    class_state = isinstance(operation, operations.RemoveIndex)
    changes = [operations.SeparateDatabaseAndState(state_operations=[operations.AddIndex("roof", INDEX)])]
    assert sentence in problems(*changes[:class_state], operation)


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("roof", "age", models.IntegerField(db_default=0)),
        operations.AddField("roof", "age", models.IntegerField(null=True)),
        operations.AlterField("roof", "color", models.CharField(max_length=40)),
        operations.RemoveConstraint("roof", "slope_is_positive"),
        postgres.AddIndexConcurrently("roof", INDEX),
        postgres.AddConstraintNotValid("roof", CHECK),
        operations.RunSQL(
            "-- alter table x rename to y\ncreate unique index concurrently by_color on town_roof (color)"
        ),
        operations.SeparateDatabaseAndState(state_operations=[operations.RemoveField("roof", "color")]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_a_migration_that_expands_passes(operation: operations.base.Operation) -> None:
    known = operations.SeparateDatabaseAndState(state_operations=[operations.AddConstraint("roof", CHECK)])
    before = [known] if isinstance(operation, operations.RemoveConstraint) else []
    assert problems(*before, operation) == ""


def test_a_table_of_the_same_migration_may_have_everything() -> None:
    table = operations.CreateModel("Shed", [("id", models.BigAutoField(primary_key=True))])
    field = operations.AddField("shed", "age", models.IntegerField(default=0))
    assert problems(table, field, operations.AddIndex("shed", models.Index(fields=["age"], name="by_age"))) == ""


def test_a_column_may_be_dropped_a_release_after_it_left_the_state() -> None:
    left = operations.SeparateDatabaseAndState(state_operations=[operations.RemoveField("roof", "color")])
    assert problems(operations.RunSQL(COLUMN), contract="0001_first", earlier=(left,)) == ""
    assert problems(operations.RunSQL(COLUMN), contract="0001_first", earlier=(operations.RunSQL("select 1"),))
    assert problems(operations.RunSQL(COLUMN), contract="0002_second", earlier=(left,))


def test_the_command_refuses_what_came_after_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("check_migrations")
    baseline = migration_rules.read_baseline()
    monkeypatch.setattr(migration_rules, "read_baseline", lambda: baseline | {"jobs": "0032"})
    with pytest.raises(CommandError, match=r"jobs\.0033"):
        call_command("check_migrations")
