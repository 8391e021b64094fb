"""The product with one app more."""

from crm.config.settings import *  # noqa: F403
from crm.config.settings import INSTALLED_APPS as PRODUCT

INSTALLED_APPS = [*PRODUCT, "tests.roofs"]
ROOT_URLCONF = "tests.roofs.root_urls"
