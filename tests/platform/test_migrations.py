"""`migrate` renders no more models than it must, and builds what the models say."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ModelState

from crm.platform.schema.migration_state import LeanState


def test_the_database_has_what_the_models_say(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select relname, attname, not attnotnull from pg_attribute join pg_class on pg_class.oid = attrelid
               where attnum > 0 and not attisdropped and relkind in ('r', 'p')"""
        )
        columns = set(cursor.fetchall())
        cursor.execute("select relname from pg_class union select conname from pg_constraint")
        names = {name for (name,) in cursor.fetchall()}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            table = model._meta.db_table
            # Django leaves to the expression whether a generated column is ever null.
            said = {(table, field.column, field.null or field.generated) for field in model._meta.local_concrete_fields}
            assert said == {column for column in columns if column[0] == table}
            assert {it.name for it in (*model._meta.indexes, *model._meta.constraints)} <= names, table


@pytest.fixture
def state() -> LeanState:
    """A visit points at a house, and both were rendered."""
    state = LeanState()
    state.add_model(ModelState("town", "House", [("id", models.BigAutoField(primary_key=True))]))
    key = models.ForeignKey("town.House", models.CASCADE)
    state.add_model(ModelState("town", "Visit", [("id", models.BigAutoField(primary_key=True)), ("house", key)]))
    assert len(state.apps.get_models()) == 2
    return state.clone()  # type: ignore[return-value]


def test_only_what_was_added_to_is_rendered_anew(state: LeanState) -> None:
    before = state.apps.get_model("town", "Visit")
    state.add_field("town", "house", "number", models.IntegerField(), True)
    state.add_index("town", "house", models.Index(fields=["number"], name="by_number"))
    house = state.apps.get_model("town", "House")
    assert house._meta.get_field("number")
    assert [index.name for index in house._meta.indexes] == ["by_number"]
    assert state.apps.get_model("town", "Visit") is before


def test_python_finds_all_of_them_new(state: LeanState) -> None:
    """As RunPython begins: it may go from one model to another, by whatever way."""
    state.add_field("town", "house", "number", models.IntegerField(), True)
    later = state.clone()
    later.clear_delayed_apps_cache()
    house, visit = (later.apps.get_model("town", name) for name in ("House", "Visit"))
    assert visit._meta.get_field("house").related_model is house
    assert house._meta.get_field("visit").related_model is visit


def test_what_is_changed_is_rendered_with_all_that_is_related(state: LeanState) -> None:
    before = state.apps.get_model("town", "Visit")
    state.remove_field("town", "visit", "house")
    state.rename_model("town", "House", "Home")
    assert state.apps.get_model("town", "Visit") is not before
    assert state.apps.get_model("town", "Home")
