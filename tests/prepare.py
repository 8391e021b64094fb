"""Makes the template every test database is cloned from: migrated, with the cast in it. As the owner.

In one process, for each starts with a second of imports. An inner run's template has the cast already.
"""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command

from runtime.template_dump import TemplateDump


def forget_what_waits() -> None:
    """Have nothing of the cast's own making wait: a test hears, and sees come due, what it did itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from platform_undispatched")
        cursor.execute("delete from platform_due where kind <> 'job.clock'")


def migrate_from_dump(dump: TemplateDump | None) -> None:
    """Migrate the empty template, from a dump of the same migrations if there is one; else leave one."""
    name = urlsplit(os.environ["MIGRATION_DATABASE_URL"]).path
    url = urlsplit(os.environ["CRM_TEST_ADMIN_URL"])._replace(path=name).geturl()
    is_restored = dump is not None and dump.restore(url)
    call_command("migrate", interactive=False, verbosity=0)
    if dump is not None and not is_restored:
        dump.save(url)


if __name__ == "__main__":
    # The hasher the tests use too (runtime/testing.py): a real one costs half a second a person.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    is_inner = bool(os.environ.get("INNER_RUN"))
    migrate_from_dump(None if is_inner else TemplateDump.find())
    if not is_inner:
        from tests.cast import build_cast

        build_cast()
        forget_what_waits()
