"""The authentication backend: allauth's, which reads the user of a session by one plain statement."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from crm.platform.database.cursors import planned_once
from crm.platform.models import User

_FIELDS = User._meta.concrete_fields
_READ = f"select {', '.join(str(field.column) for field in _FIELDS)} from platform_user where id = %s"


class Backend(AuthenticationBackend):
    """What `AUTHENTICATION_BACKENDS` names."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active user of that id. Asked at each request: the ORM took longer over it than the database."""
        with planned_once() as cursor:
            cursor.execute(_READ, [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        user = User.from_db(connection.alias, [field.attname for field in _FIELDS], row)
        return user if self.user_can_authenticate(user) else None
