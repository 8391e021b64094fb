"""Django's sessions in the database, read by one plain statement: the ORM took longer over it than the database."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from crm.platform.database.cursors import planned_once


class SessionStore(DatabaseSessions):
    """What `SESSION_ENGINE` names; all but `load` is Django's."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no key, where there is none or it is over."""
        with planned_once() as cursor:
            cursor.execute(
                "select session_data from django_session where session_key = %s and expire_date > now()",
                [self.session_key],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
