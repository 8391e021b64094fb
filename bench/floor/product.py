"""The product as it is, with one address more: a write of one row, answered like a move. For `bin/bench move`."""

from crm.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floor.product_urls"
