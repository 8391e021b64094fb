"""Every table of every model: walled, granted what it says, and closed to the other tenant."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from crm.platform.models import Event, TenantForeignKey, TenantModel, TenantOneToOneField
from crm.platform.tenancy import row_level_security
from crm.platform.tenancy.context import NoTenant, use_tenant
from tests.cast import Cast

TABLES = row_level_security.tenant_models()
NAMES = [model._meta.db_table for model in TABLES]


def test_tests_are_bound_by_the_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select current_user, session_user, rolsuper, rolbypassrls,
                      exists (select from pg_class where relowner = pg_roles.oid)
               from pg_roles where rolname = session_user"""
        )
        assert cursor.fetchone() == ("crm_app", "crm_app", False, False, False)


def test_the_wall_stands(db: None) -> None:
    assert row_level_security.find_gaps() == []


def test_missing_names_a_table_that_lost_its_policy(owner_connection: object, transactional_db: None) -> None:
    owner_connection.execute("drop policy tenant_isolation on people_person")  # type: ignore[attr-defined]
    assert row_level_security.find_gaps() == ["people_person has no policy"]


@pytest.mark.parametrize("is_newer", [False, True], ids=["of this release", "of a newer release"])
def test_an_unknown_table_is_a_gap_unless_a_newer_release_made_it(
    owner_connection: Any, transactional_db: None, is_newer: bool
) -> None:
    owner_connection.execute("create table people_pet (id bigint)")
    if is_newer:
        owner_connection.execute("insert into django_migrations (app, name, applied) values ('people', '9999', now())")
    named = ["people_pet is neither a tenant's nor named global"]
    assert row_level_security.find_gaps() == ([] if is_newer else named)


def test_tables_show_only_their_own_tenant(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), connection.cursor() as cursor:
        for table in NAMES:
            cursor.execute(f'select count(*) from "{table}" where tenant_id <> %s', [cast.house.tenant.pk])
            assert cursor.fetchone() == (0,), table


def is_loud(read: Callable[..., object], *arguments: Any) -> bool:
    try:
        read(*arguments)
    except NoTenant:
        return True
    return False


def all_rows(model: type[TenantModel]) -> list[TenantModel]:
    return list(model._base_manager.all())


def test_tables_are_loud_without_a_tenant(cast: Cast) -> None:
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            assert is_loud(all_rows, model), table
            assert is_loud(cursor.execute, f'select * from "{table}" limit 1'), table


def test_no_key_leaves_the_tenant(cast: Cast) -> None:
    """Each key of each table is tried with a row of the other tenant, by SQL that no manager stands in front of."""
    with use_tenant(cast.other.tenant):
        theirs = {model: model._default_manager.order_by("-pk").first() for model in TABLES}
    with use_tenant(cast.house.tenant):
        ours = {model: model._default_manager.first() for model in TABLES if "update" in model.app_may}
        answers = {
            str(field): _write_key(mine, field, theirs[field.related_model])
            for model, mine in ours.items()
            for field in row_level_security.tenant_keys(model)
            if mine is not None and not field.primary_key and _is_theirs(theirs[field.related_model])
        }
    assert {name: said for name, said in answers.items() if "_in_tenant" not in said} == {}
    assert len(answers) > 20


def _is_theirs(row: TenantModel | None) -> bool:
    return row is not None and not type(row)._default_manager.filter(pk=row.pk).exists()


def _write_key(mine: TenantModel, field: Any, foreign: TenantModel | None) -> str:
    """What Postgres says as a row of ours is to point to one of theirs."""
    assert foreign is not None
    try:
        with transaction.atomic():
            type(mine)._default_manager.filter(pk=mine.pk).update(**{field.attname: foreign.pk})
    except DatabaseError as why:
        return str(why)
    return "it was written"


def test_tables_are_held_to_their_tenant_once(db: None) -> None:
    """By a required key to another of its rows, or else by a key of its own: Postgres checks each for every row."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select relname, condeferrable from pg_constraint join pg_class on pg_class.oid = conrelid
               where contype = 'f' and confrelid = 'platform_tenant'::regclass"""
        )
        own = defaultdict(list)
        for table, is_deferrable in cursor.fetchall():
            own[table].append(is_deferrable)
    for model in TABLES:
        is_implied = any(not field.null for field in row_level_security.tenant_keys(model))
        assert own[model._meta.db_table] == ([] if is_implied else [False]), model._meta.db_table


def test_a_row_of_no_tenant_is_refused(cast: Cast) -> None:
    """By its own key, or by that of the row it points to: there is none of the tenant it names."""
    for insert in (
        "insert into people_company (tenant_id, name, name_key, created_at) values (%s, 'x', 'x', now())",
        f"""insert into people_contactpoint (tenant_id, person_id, kind, value, fingerprint, note, source, created_at)
            values (%s, {cast.house.cora.pk}, 'email', 'x@example.com', 'x', '', '', now())""",
    ):
        nobodys = use_tenant(2**40, config_version=0)
        with nobodys, pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [2**40])


def test_facts_can_be_neither_changed_nor_deleted(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Event.objects.update(kind="job.won")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Event.objects.all()._raw_delete("default")


def test_another_tenants_row_cannot_be_written(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        with pytest.raises(ValueError, match="another tenant"):
            cast.other.cora.save()
        refused = pytest.raises(DatabaseError, match="row-level security")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into people_company (tenant_id, name, name_key, created_at) values (%s, 'x', 'x', now())",
                [cast.other.tenant.pk],
            )


def test_every_model_is_a_tenants_or_named_global() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    policed = {model._meta.db_table for model in TABLES}
    assert tables - policed <= row_level_security.NAMED, (
        "name it in rls.GLOBAL_TABLES, with a decision, or make it a TenantModel"
    )


def test_keys_of_tenants_tables_stay_inside() -> None:
    globals_named = set(row_level_security.GLOBAL_TABLES)
    for model in TABLES:
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and not isinstance(field, TenantForeignKey | TenantOneToOneField):
                assert field.related_model._meta.db_table in globals_named, f"{field} must be a TenantForeignKey"
        assert not model._meta.local_many_to_many, "an implicit join table would have no tenant"


def test_every_index_leads_with_the_tenant(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select t.relname, c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indexrelid
               join pg_class t on t.oid = i.indrelid
               left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
               where t.relname = any(%s) and not i.indisprimary""",
            [NAMES],
        )
        rows = cursor.fetchall()
    assert {table for table, _index, _column in rows} >= {"jobs_job", "tickets_ticket"}
    keys = {model._meta.db_table: model._meta.pk.column for model in TABLES}
    # memberships_of() asks for a user's places, api_token_of() and api_app_of() for those of a token and an app, before
    # any tenant is known.
    asked_before = {("platform_member", "user_id"), ("api_apitoken", "digest"), ("api_apiapp", "client_id")}
    leading = [
        (index, column)
        for table, index, column in rows
        if column not in ("tenant_id", keys[table]) and (table, column) not in asked_before
    ]
    assert leading == []
