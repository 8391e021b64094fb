"""Row-level security: policies, grants and composite keys, derived from the models after `migrate`.

Idempotent. `find_gaps()` returns what /readyz must refuse.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.schema.brief_locks import change_tables
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantModel, TenantOneToOneField

APP_ROLE = "crm_app"

# The sub-select is evaluated once a query; bare, current_setting would run once a row.
_POLICY = "tenant_id = (select app_tenant_id())"
# The same as Postgres writes it. Were it to write something else, policies would be made again each time.
_POLICY_AS_STORED = "(tenant_id = ( SELECT app_tenant_id() AS app_tenant_id))"

# Every table without a policy, with what the app may do there. A table in neither list gets no grant at all.
GLOBAL_TABLES = {
    "platform_tenant": "select, update (config_version, requires_second_factor, name, time_zone, language, country, "
    "currency, brand_hue, warn_percent, far_percent, default_ours, default_theirs)",
    "platform_user": "select, insert, update",
    "platform_due": "select, insert, update, delete",
    "platform_undispatched": "select, insert, update, delete",
    "platform_token": "select, insert, update, delete",
    "platform_staffmail": "select, insert, update, delete",
    # What the installation measures of itself; of its backups the owner's commands tell.
    "platform_heartbeat": "select, insert, update, delete",
    "platform_pagetime": "select, insert, update, delete",
    "platform_backup": "select",
    # By which push services know the installation; made when it is first asked for.
    "platform_installationkey": "select, insert",
    "django_session": "select, insert, update, delete",
    "django_content_type": "select",
    "django_migrations": "select",
    "account_emailaddress": "select, insert, update, delete",
    "account_emailconfirmation": "select, insert, update, delete",
    "mfa_authenticator": "select, insert, update, delete",
    "usersessions_usersession": "select, insert, update, delete",
}


@dataclass(frozen=True)
class DefinerFunction(Feature):
    """A reviewed SECURITY DEFINER function in an app's `sql/`, with argument types; the app's login may call it."""

    unique: ClassVar[tuple[str, ...]] = ("signature",)

    signature: str


def tenant_models() -> list[type[TenantModel]]:
    """Return every model under a policy."""
    policed = [m for m in apps.get_models(include_auto_created=True) if issubclass(m, TenantModel) and m._meta.managed]
    return sorted(policed, key=lambda model: model._meta.db_table)


def tenant_keys(model: type[TenantModel]) -> list[TenantForeignKey | TenantOneToOneField]:
    """Return the model's foreign keys to rows of the same tenant."""
    return [f for f in model._meta.local_fields if isinstance(f, TenantForeignKey | TenantOneToOneField)]


def derive_policies() -> None:
    """Create or update functions, policies, grants, keys and their indexes. As the owner; in one transaction.

    Idempotent. Raises `OperationalError` if others hold its tables for too long (brief_locks.py).
    """
    change_tables(_execute_policy_statements)


def _execute_policy_statements() -> None:
    with connection.cursor() as cursor:
        for statement in policy_statements():
            cursor.execute(statement)


def policy_statements() -> Iterator[str]:
    """Return the SQL of `derive`, in order."""
    for script in sql_files():
        yield script.read_text()
    yield f"revoke all on all tables in schema public from {APP_ROLE}"
    yield f"revoke create on schema public from public, {APP_ROLE}"
    yield f"grant usage on schema public to {APP_ROLE}"
    for model in tenant_models():
        yield from _table_policy(model)
    for model in tenant_models():
        for field in tenant_keys(model):
            yield from _composite_key(model, field)
        yield _key_to_the_tenant(model)
    for table, rights in GLOBAL_TABLES.items():
        yield _if_table(table, f"grant {rights} on {table} to {APP_ROLE}")
    yield f"grant usage on all sequences in schema public to {APP_ROLE}"
    for function in definer_functions():
        yield f"revoke execute on function {function} from public"
        yield f"grant execute on function {function} to {APP_ROLE}"


def sql_files() -> list[Path]:
    """Return the SQL files of functions, in the apps' order."""
    return [path for app in apps.get_app_configs() for path in sorted((Path(app.path) / "sql").glob("*.sql"))]


def definer_functions() -> list[str]:
    """Return the definer functions of all apps."""
    return [one.signature for one in features.of(DefinerFunction)]


def find_gaps() -> list[str]:
    """Return which policies, grants or keys the database lacks, one sentence each; empty when complete.

    Tables of a newer release are no gap: it has derived their policies, and an older one must be able to start on its
    schema (docs/migrations.md).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.relname, c.relrowsecurity,
                      exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_isolation')
               from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition"""
        )
        tables = {name: (enabled, policed) for name, enabled, policed in cursor.fetchall()}
        cursor.execute("select conname from pg_constraint where conname like '%%_in_tenant' and convalidated")
        keys = {name for (name,) in cursor.fetchall()}
    gaps = []
    for model in tenant_models():
        table = model._meta.db_table
        if tables.get(table) != (True, True):
            gaps.append(f"{table} has no policy")
        gaps += [
            f"{table}.{field.column} can leave its tenant"
            for field in tenant_keys(model)
            if _key_name(table, field) not in keys
        ]
    policed = {model._meta.db_table for model in tenant_models()}
    unknown = [table for table in tables if table not in policed | NAMED]
    if unknown and not _is_newer_schema():
        gaps += [f"{table} is neither a tenant's nor named global" for table in unknown]
    return gaps


def _is_newer_schema() -> bool:
    """Return whether migrations were applied that this release does not have."""
    loader = MigrationLoader(connection)
    return not loader.applied_migrations.keys() <= loader.disk_migrations.keys()


# Of Django's own, with no grant to the app: migrations run as the owner, permissions and groups are not used.
NAMED = set(GLOBAL_TABLES) | {"auth_permission", "auth_group", "auth_group_permissions"}


def _table_policy(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    pk = model._meta.pk.column
    # Only what differs is changed: each of these statements stops reads of its table until the transaction ends, and
    # `migrate` runs while the previous release serves.
    yield f"""do $$ begin
        if not (select relrowsecurity from pg_class where oid = '{table}'::regclass) then
            alter table {table} enable row level security;
        end if;
        if not exists (
            select from pg_policy where polrelid = '{table}'::regclass and polname = 'tenant_isolation'
                and polcmd = '*' and polpermissive and polroles = '{{0}}'
                and pg_get_expr(polqual, polrelid) = '{_POLICY_AS_STORED}'
                and pg_get_expr(polwithcheck, polrelid) = '{_POLICY_AS_STORED}'
        ) then
            drop policy if exists tenant_isolation on {table};
            create policy tenant_isolation on {table} using ({_POLICY}) with check ({_POLICY});
        end if;
    end $$"""
    columns = ", ".join(("tenant_id", str(pk), *model.partition_columns))
    yield _create_index(f"{table}_tenant_key", f"{table} ({columns})", unique=True)
    yield f"grant {model.app_may} on {table} to {APP_ROLE}"


def _create_index(name: str, place: str, *, unique: bool = False) -> str:
    """Return a statement that creates an index. `if not exists` alone would lock the table against writes first."""
    kind = "index"
    if unique:
        kind = "unique index"
    return f"do $$ begin if to_regclass('{name}') is null then create {kind} {name} on {place}; end if; end $$"


def _composite_key(model: type[TenantModel], field: models.ForeignKey) -> Iterator[str]:
    table = model._meta.db_table
    name = _key_name(model._meta.db_table, field)
    target = field.related_model._meta
    # NOT VALID first and VALIDATE after: the long check then holds no lock that stops writers.
    yield f"""do $$ begin
        if not exists (select from pg_constraint where conname = '{name}' and conrelid = '{table}'::regclass) then
            alter table {table} add constraint {name} foreign key (tenant_id, {field.column})
                references {target.db_table} (tenant_id, {target.pk.column}) not valid;
        end if;
        if exists (
            select from pg_constraint where conname = '{name}' and conrelid = '{table}'::regclass and not convalidated
        ) then
            alter table {table} validate constraint {name};
        end if;
    end $$"""
    if not _has_index(model, field):
        yield _create_index(_index_name(table, field), f"{table} (tenant_id, {field.column})")


def _key_to_the_tenant(model: type[TenantModel]) -> str:
    """Drop the key to the tenant that Django made, where a required key to another of its rows implies it.

    Else check it at once: Django defers it to the commit, at twice the time. It was a fifth of what Postgres did for
    an import.
    """
    table = model._meta.db_table
    if any(not field.null for field in tenant_keys(model)):
        wanted = "true"
        change = "drop constraint %I"
    else:
        wanted = "condeferrable"
        change = "alter constraint %I not deferrable"
    return f"""do $$ declare name text; begin
        for name in select conname from pg_constraint where contype = 'f' and {wanted}
            and conrelid = '{table}'::regclass and confrelid = 'platform_tenant'::regclass
        loop
            execute format('alter table {table} {change}', name);
        end loop;
    end $$"""


def _has_index(model: type[TenantModel], field: models.ForeignKey) -> bool:
    if field.primary_key:
        return True
    whole = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and not c.condition]
    whole += [index.fields for index in model._meta.indexes if not index.condition]
    return any(list(fields[:2]) == ["tenant", field.name] for fields in whole)


def _key_name(table: str, field: models.ForeignKey) -> str:
    return f"{table}_{field.column}"[:52] + "_in_tenant"


def _index_name(table: str, field: models.ForeignKey) -> str:
    return f"{table}_{field.column}"[:56] + "_tenant"


def _if_table(table: str, statement: str) -> str:
    return f"do $$ begin if to_regclass('{table}') is not null then {statement}; end if; end $$"
