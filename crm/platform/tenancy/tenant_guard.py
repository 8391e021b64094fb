"""Refuse SQL on a tenant's table outside `use_tenant`: a guard put on every connection of the app's login.

The loud policy is lazy: on an empty table, or under LIMIT 0, it raises nothing.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from crm.platform.tenancy.context import NoTenant, current_tenant_id
from crm.platform.tenancy.row_level_security import tenant_models


def guard_tenant_tables(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute wrapper: raise NoTenant for a statement on a policed table when no tenant is set."""
    if current_tenant_id() is None and (match := _policed_tables().search(str(sql))):
        raise NoTenant(f"no tenant: wrap this in use_tenant(...) (table {match[1]})")
    return execute(sql, params, many, context)


@cache
def _policed_tables() -> re.Pattern[str]:
    return re.compile(r'"(' + "|".join(re.escape(model._meta.db_table) for model in tenant_models()) + r')"')
