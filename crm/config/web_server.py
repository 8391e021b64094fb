"""Gunicorn settings, for the demo and production: `--config=python:crm.config.web_server`.

Settings that differ (address, workers, threads, timeouts) are on the command line.
"""

import gc
import os
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from crm.config import metrics_folder

worker_class = "gthread"
# Nobody in front of us mounts the product below another path: a header that says so is a client's.
forwarder_headers = ""
control_socket_disable = True
# Seconds. Longer than a load balancer keeps a connection (deploy/cluster/haproxy-front.cfg): the one who closes it must
# be the one who sends on it, or a form meets a connection that is just being closed, and is not answered.
keepalive = 75


def on_starting(server: Any) -> None:
    """Prepare the folder of the metrics before web processes are forked."""
    metrics_folder.prepare_metrics_folder()


def post_worker_init(worker: Any) -> None:
    """Start the health watcher and the metrics endpoint in each web process."""
    # Once Django stands: tests of the server serve no Django, and the bench's floor is Django without the product.
    if apps.ready and apps.is_installed("crm.web"):
        import_string("crm.web.health.watcher.start_watcher")()
        if metrics_folder.VARIABLE in os.environ:
            import_string("crm.platform.observability.endpoint.serve_web")()
    # The loaded product stays as long as the process. A full collection need not walk its 380,000 objects, which takes
    # a quarter of a second of some request (docs/what-we-replace.md).
    gc.collect()
    gc.freeze()
