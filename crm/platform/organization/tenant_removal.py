"""Export or delete all data of a tenant.

Both go by the list of tables under a policy, so that a new table is never forgotten. As the owner.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TextIO

from cryptography.fernet import InvalidToken
from django.db import connection, transaction

from crm.platform.models import Tenant
from crm.platform.storage.file_trees import copy_tree, delete_tree
from crm.platform.tenancy import row_level_security, secrets

# Global tables whose rows are some tenant's.
QUEUES = ("platform_due", "platform_undispatched", "platform_token", "platform_staffmail")
_MEMBERS = "select user_id from platform_member where tenant_id = %s"


def export_tenant(tenant: Tenant, folder: Path) -> dict[str, int]:
    """Write one JSON-lines file per table into a new folder; return rows by table. Encrypted columns in clear.

    One transaction, so that the files fit together. Raises FileExistsError when the folder is there already.
    """
    folder.mkdir(mode=0o700, parents=True)
    written = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        for name, sql in _table_queries():
            with open(folder / f"{name}.jsonl", "w", encoding="utf-8", opener=_open_private) as file:
                written[name] = _write_rows(file, sql, tenant.pk)
    copy_tree(str(tenant.pk), folder / "files")
    return written


def delete_tenant(tenant: Tenant) -> dict[str, int]:
    """Delete a tenant with its rows, queues, files, and the users who are in no other; return rows by table."""
    deleted = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [tenant.pk])
        users = [pk for (pk,) in cursor.fetchall()]
        for table in (*QUEUES, *tables_in_key_order()):
            cursor.execute(f"delete from {table} where tenant_id = %s", [tenant.pk])
            deleted[table] = cursor.rowcount
        deleted |= _delete_users(cursor, users)
        cursor.execute("delete from platform_tenant where id = %s", [tenant.pk])
    delete_tree(str(tenant.pk))
    return deleted


def tables_in_key_order() -> list[str]:
    """Return the tables under a policy, each before the ones its keys point to. Raises CycleError for a cycle."""
    pointed = {
        model._meta.db_table: {key.related_model._meta.db_table for key in row_level_security.tenant_keys(model)}
        - {model._meta.db_table}
        for model in row_level_security.tenant_models()
    }
    return list(TopologicalSorter(pointed).static_order())[::-1]


def _delete_users(cursor: Any, users: list[int]) -> dict[str, int]:
    cursor.execute(
        "select id from platform_user u where id = any(%s) and not exists "
        "(select from platform_member m where m.user_id = u.id)",
        [users],
    )
    alone = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(
        "delete from django_session where session_key in "
        "(select session_key from usersessions_usersession where user_id = any(%s))",
        [alone],
    )
    addresses = "(select id from account_emailaddress where user_id = any(%s))"
    cursor.execute(f"delete from account_emailconfirmation where email_address_id in {addresses}", [alone])
    for table in ("mfa_authenticator", "usersessions_usersession", "account_emailaddress", "platform_staffmail"):
        cursor.execute(f"delete from {table} where user_id = any(%s)", [alone])
    cursor.execute("delete from platform_user where id = any(%s)", [alone])
    return {"platform_user": cursor.rowcount}


def _table_queries() -> Iterator[tuple[str, str]]:
    yield "platform_tenant", "select to_jsonb(t) from platform_tenant t where id = %s"
    # Without the password's hash: it is the user's, not the tenant's.
    columns = "id, email, name, language, created_at"
    yield "platform_user", f"select to_jsonb(u) from (select {columns} from platform_user where id in ({_MEMBERS})) u"
    for model in row_level_security.tenant_models():
        table = model._meta.db_table
        pk = model._meta.pk.column
        yield table, f"select to_jsonb(t) from {table} t where tenant_id = %s order by {pk}"


def _write_rows(file: TextIO, sql: str, tenant_id: int) -> int:
    count = 0
    # A cursor on the server: memory stays flat however many rows there are.
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [tenant_id])
        while rows := cursor.fetchmany(2000):
            file.writelines(json.dumps(_decrypt_row(row), ensure_ascii=False) + "\n" for (row,) in rows)
            count += len(rows)
    return count


def _decrypt_row(row: Any) -> dict[str, Any]:
    fields: dict[str, Any]
    if isinstance(row, str):
        fields = json.loads(row)
    else:
        fields = row
    for name in [name for name in fields if name.endswith("_encrypted")]:
        with suppress(InvalidToken):  # the key is gone: what is kept is what there is
            fields[name.removesuffix("_encrypted")] = secrets.decrypt(fields[name])
            del fields[name]
    return fields


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
