"""The product's settings, plus an app that listens: the servers of these tests run with them."""

from crm.config.settings import *  # noqa: F403
from crm.config.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.survival.ear"]
ROOT_URLCONF = "tests.survival.urls"
# Manifest names need a collectstatic; here nobody looks at the styles.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# The cast's passwords are stored so (tests/prepare.py); a real hash costs half a second a sign-in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
