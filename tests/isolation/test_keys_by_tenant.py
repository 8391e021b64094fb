"""Every key contains the tenant, which a distributed Postgres or a database per group needs (docs/tenant-keys.md)."""

import re
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models

from crm.platform.tenancy.row_level_security import GLOBAL_TABLES, tenant_models

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tenant-keys.md"
_ROW = re.compile(r"^\| `([a-z_.]{1,80})` \|", re.MULTILINE)


def listed_keys() -> set[str]:
    """The keys that docs/tenant-keys.md lists with a reason, as table.column or the name of a constraint."""
    return set(_ROW.findall(DOCUMENT.read_text()))


def expression_columns(constraint: models.UniqueConstraint | ExclusionConstraint) -> str:
    return " ".join(str(expression) for expression in constraint.expressions)


def unique_keys_without_tenant() -> set[str]:
    keys = set()
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in GLOBAL_TABLES and model not in tenant_models():
            continue
        columns = [field for field in model._meta.local_fields if field.unique and not field.primary_key]
        keys |= {f"{table}.{field.column}" for field in columns if not is_pair_with_tenant(field)}
        for constraint in model._meta.constraints:
            if isinstance(constraint, ExclusionConstraint):
                names = expression_columns(constraint)
            elif isinstance(constraint, models.UniqueConstraint):
                names = f"{constraint.fields} {expression_columns(constraint)}"
            else:
                continue
            if "tenant" not in names:
                keys.add(constraint.name)
    return keys


def is_pair_with_tenant(field: models.Field) -> bool:
    """A one-to-one key is unique by its target's id, which the composite key ties to one tenant."""
    return isinstance(field, models.OneToOneField)


def foreign_keys_out_of_the_tenant() -> set[str]:
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in tenant_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.name != "tenant"
        and field.related_model._meta.db_table in GLOBAL_TABLES
    }


def test_each_unique_key_contains_the_tenant_or_is_listed_with_its_reason() -> None:
    assert unique_keys_without_tenant() - listed_keys() == set()


def test_each_foreign_key_contains_the_tenant_or_is_listed_with_its_reason() -> None:
    assert foreign_keys_out_of_the_tenant() - listed_keys() == set()


def test_the_list_names_no_key_that_is_gone() -> None:
    assert listed_keys() == unique_keys_without_tenant() | foreign_keys_out_of_the_tenant()


def test_foreign_keys_of_the_database_have_the_tenant_in_front(db: None) -> None:
    """Of tenants' tables, as Postgres has them; but for those to the tenant itself, and those that are listed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select r.relname || '.' || a.attname from pg_constraint c join pg_class r on r.oid = c.conrelid
               join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
               where c.contype = 'f' and a.attname <> 'tenant_id' and r.relname = any(%s)""",
            [[model._meta.db_table for model in tenant_models()]],
        )
        assert {name for (name,) in cursor.fetchall()} - listed_keys() == set()


def test_each_row_of_a_tenant_is_unique_with_its_tenant(db: None) -> None:
    """The key that a distribution by tenant makes the primary one: it exists on every table already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select t.relname from pg_index i join pg_class t on t.oid = i.indrelid
               join pg_class c on c.oid = i.indexrelid
               where i.indisunique and i.indnkeyatts >= 2 and c.relname = t.relname || '_tenant_key'"""
        )
        tables = {name for (name,) in cursor.fetchall()}
    assert {model._meta.db_table for model in tenant_models()} <= tables
