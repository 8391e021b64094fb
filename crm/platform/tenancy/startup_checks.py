"""Startup checks: refuse to serve without the app's own database login and a complete row-level security."""

import sys

from django.db import OperationalError, connection

from crm.platform import features
from crm.platform.tenancy import row_level_security


class RefusedToServe(SystemExit):
    """Serving like this would leave the tenants' data protected by Python alone.

    Exit code 4 is what makes gunicorn stop instead of starting its worker over and over.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(4)
        self.sentence = sentence
        sys.stderr.write(f"{sentence}\n")


def policy_bypass_reason() -> str | None:
    """Return why this connection would bypass the policies, or None. Checks the current and the session user."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select rolname, rolsuper, rolbypassrls,
                      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                              where c.relowner = pg_roles.oid and n.nspname = 'public')
               from pg_roles where rolname in (current_user, session_user)"""
        )
        for name, superuser, bypasses, owns in cursor.fetchall():
            if superuser:
                return f"{name} is a superuser"
            if bypasses:
                return f"{name} bypasses row-level security"
            if owns:
                return f"{name} owns tables"
    return None


def refuse_faulty_features() -> None:
    """Raise RefusedToServe with the first problem of what the apps add (`features.find_problems`)."""
    if problems := features.find_problems():
        more = ""
        if len(problems) > 1:
            more = f" (and {len(problems) - 1} more; see `manage.py check`)"
        raise RefusedToServe(f"Refused to serve: {problems[0]}{more}")


def refuse_owner() -> None:
    """Raise RefusedToServe unless policies bind this connection and none of them is missing.

    A database that does not answer yet is no reason: /readyz says so, and it may come back.
    """
    try:
        if reason := policy_bypass_reason():
            raise RefusedToServe(f"Refused to serve: {reason}; DATABASE_URL must name crm_app's login.")
        if gaps := row_level_security.find_gaps():
            more = ""
            if len(gaps) > 1:
                more = f" (and {len(gaps) - 1} more)"
            raise RefusedToServe(f"Refused to serve: {gaps[0]}{more}; run `manage.py migrate`.")
    except OperationalError:
        return
    finally:
        # gunicorn forks after this: a connection must not be shared between its processes.
        connection.close()
