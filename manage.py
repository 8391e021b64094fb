#!/usr/bin/env python
"""Django's command line.

Commands that change the schema or cross tenants connect as the owner; everything else
connects as `crm_app`, which owns nothing (docs/decisions/0002-two-logins.md).
"""

import os
import sys

OWNER_COMMANDS = {
    "migrate",
    "makemigrations",
    "sqlmigrate",
    "derive_policies",
    "create_tenant",
    "suspend_tenant",
    "export_tenant",
    "delete_tenant",
    "backup",
    "note_backup",
    "try_restore",
    "seed_demo",
    "renew_demo",
    "seed_scale",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["CRM_DATABASE_ROLE"] = "owner"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
