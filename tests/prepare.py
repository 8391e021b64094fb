"""Makes the template every test database is cloned from: migrated, with the cast in it. As the owner.

In one process, for each starts with a second of imports. An inner run's template has the cast already.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command


def forget_what_waits() -> None:
    """Have nothing of the cast's own making wait: a test hears, and sees come due, what it did itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from platform_undispatched")
        cursor.execute("delete from platform_due where kind <> 'job.clock'")


if __name__ == "__main__":
    # The hasher the tests use too (runtime/testing.py): a real one costs half a second a person.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if not os.environ.get("INNER_RUN"):
        from tests.cast import build_cast

        build_cast()
        forget_what_waits()
