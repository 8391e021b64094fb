"""Puts the cast into the template every test database is cloned from; the test plugin runs it as the owner."""

import django

if __name__ == "__main__":
    django.setup()
    from tests.cast import build_cast

    build_cast()
