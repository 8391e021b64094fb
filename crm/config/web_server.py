"""Gunicorn settings, for the demo and production: `--config=python:crm.config.web_server`.

Settings that differ (address, workers, threads, timeouts) are on the command line.
"""

import gc
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

worker_class = "gthread"
# Nobody in front of us mounts the product below another path: a header that says so is a client's.
forwarder_headers = ""
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Start the health watcher in each web process: it reports workers that no longer run."""
    # Once Django stands: tests of the server serve no Django, and the bench's floor is Django without the product.
    if apps.ready and apps.is_installed("crm.web"):
        import_string("crm.web.health.watcher.start_watcher")()
    # The loaded product stays as long as the process. A full collection need not walk its 380,000 objects, which takes
    # a quarter of a second of some request (docs/what-we-replace.md).
    gc.collect()
    gc.freeze()
