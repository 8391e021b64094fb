"""Row-level security: policies, grants and composite keys, derived from the models after `migrate`.

Idempotent, so nobody can forget one; `missing()` says what a start-up or /readyz check must refuse.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.apps import apps
from django.db import connection, models

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantModel, TenantOneToOneField

APP_ROLE = "crm_app"

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
    """Create or update functions, policies, grants, keys and their indexes. As the owner; in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '10s'")
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
    """Return which policies, grants or keys the database lacks, one sentence each; empty when complete."""
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
    gaps += [f"{table} is neither a tenant's nor named global" for table in tables if table not in policed | NAMED]
    return gaps


# Of Django's own, with no grant to the app: migrations run as the owner, permissions and groups are not used.
NAMED = set(GLOBAL_TABLES) | {"auth_permission", "auth_group", "auth_group_permissions"}


def _table_policy(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    pk = model._meta.pk.column
    yield f"alter table {table} enable row level security"
    yield f"drop policy if exists tenant_isolation on {table}"
    # The sub-select is evaluated once a query; bare, current_setting would run once a row.
    yield (
        f"create policy tenant_isolation on {table} using (tenant_id = (select app_tenant_id())) "
        f"with check (tenant_id = (select app_tenant_id()))"
    )
    columns = ", ".join(["tenant_id", pk, *model.partition_columns])
    yield f"create unique index if not exists {table}_tenant_key on {table} ({columns})"
    yield f"grant {model.app_may} on {table} to {APP_ROLE}"


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
        yield f"create index if not exists {_index_name(table, field)} on {table} (tenant_id, {field.column})"


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
