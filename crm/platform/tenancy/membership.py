"""Find the tenants a user may open: asked before a tenant is in use, through one reviewed SECURITY DEFINER function."""

from typing import NamedTuple

from django.db import connection


class Membership(NamedTuple):
    """A user's place in one tenant, with what page headers need of it."""

    tenant_id: int
    slug: str
    name: str
    suspended: bool
    config_version: int
    brand_hue: int
    member_id: int


def memberships_of(user_id: int) -> list[Membership]:
    """Return the user's active memberships, by the tenants' names. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select * from memberships_of(%s)", [user_id])
        return [Membership(*row) for row in cursor.fetchall()]
