"""What every test can ask for. The servers themselves are started by crm/runtime/testing.py."""

from crm.runtime.fixtures import django_db_setup, owner_connection, valkey_url

__all__ = ["django_db_setup", "owner_connection", "valkey_url"]
