"""Every table of every model: walled, granted what it says, and closed to the other tenant."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from crm.platform.models import Event, TenantForeignKey, TenantModel, TenantOneToOneField
from crm.platform.tenancy import row_level_security
from crm.platform.tenancy.context import NoTenant, use_tenant
from tests.cast import Cast

TABLES = row_level_security.tenant_models()
ids = [model._meta.db_table for model in TABLES]


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


@pytest.mark.parametrize("model", TABLES, ids=ids)
def test_a_table_shows_only_its_own_tenant(model: type[TenantModel], cast: Cast) -> None:
    table = model._meta.db_table
    with use_tenant(cast.house.tenant), connection.cursor() as cursor:
        cursor.execute(f'select count(*) from "{table}" where tenant_id <> %s', [cast.house.tenant.pk])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("model", TABLES, ids=ids)
def test_a_table_is_loud_without_a_tenant(model: type[TenantModel], cast: Cast) -> None:
    with pytest.raises(NoTenant):
        list(model._base_manager.all())
    with pytest.raises(NoTenant), connection.cursor() as cursor:
        cursor.execute(f'select * from "{model._meta.db_table}" limit 1')


@pytest.mark.parametrize("model", TABLES, ids=ids)
def test_no_key_leaves_the_tenant(model: type[TenantModel], cast: Cast) -> None:
    """Each key of each table is tried with a row of the other tenant, by SQL that no manager stands in front of."""
    for field in row_level_security.tenant_keys(model):
        target = field.related_model
        with use_tenant(cast.other.tenant):
            foreign = target._default_manager.order_by("-pk").first()
        with use_tenant(cast.house.tenant):
            mine = model._default_manager.first()
            if foreign is None or mine is None or field.primary_key or "update" not in model.app_may:
                continue
            if target._default_manager.filter(pk=foreign.pk).exists():
                continue
            with pytest.raises(DatabaseError, match="_in_tenant"), transaction.atomic():
                model._default_manager.filter(pk=mine.pk).update(**{field.attname: foreign.pk})


@pytest.mark.parametrize("model", TABLES, ids=ids)
def test_a_table_is_held_to_its_tenant_once(model: type[TenantModel], db: None) -> None:
    """By a required key to another of its rows, or else by a key of its own: Postgres checks each for every row."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select condeferrable from pg_constraint
               where contype = 'f' and conrelid = %s::regclass and confrelid = 'platform_tenant'::regclass""",
            [model._meta.db_table],
        )
        own = cursor.fetchall()
    is_implied = any(not field.null for field in row_level_security.tenant_keys(model))
    assert own == ([] if is_implied else [(False,)])


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


@pytest.mark.parametrize("model", TABLES, ids=ids)
def test_keys_of_a_tenants_table_stay_inside(model: type[TenantModel]) -> None:
    globals_named = set(row_level_security.GLOBAL_TABLES)
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and not isinstance(field, TenantForeignKey | TenantOneToOneField):
            assert field.related_model._meta.db_table in globals_named, f"{field} must be a TenantForeignKey"
    assert not model._meta.local_many_to_many, "an implicit join table would have no tenant"


@pytest.mark.parametrize("model", TABLES, ids=ids)
def test_every_index_leads_with_the_tenant(model: type[TenantModel], db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indexrelid
               left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
               where i.indrelid = %s::regclass and not i.indisprimary""",
            [model._meta.db_table],
        )
        rows = cursor.fetchall()
    # memberships_of() asks for a user's places before any tenant is known.
    assert [name for name, column in rows if column not in ("tenant_id", model._meta.pk.column, "user_id")] == []
