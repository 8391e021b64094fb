"""Puts the cast into the template every test database is cloned from; the test plugin runs it as the owner."""

import django
from django.conf import settings

if __name__ == "__main__":
    # The hasher the tests use too (runtime/testing.py): a real one costs half a second a person.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    from tests.cast import build_cast

    build_cast()
