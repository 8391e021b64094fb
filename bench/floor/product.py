"""The product with two addresses more, a write of one row and a plain list: for `bin/bench move` and `layouts`."""

from pathlib import Path

from crm.config.settings import *  # noqa: F403
from crm.config.settings import TEMPLATES

ROOT_URLCONF = "bench.floor.product_urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
