"""How gunicorn serves the product, in the demo and in production: `--config=python:crm.config.web_server`.

What differs between the two (address, workers, threads, patience when it stops) is on the command line.
"""

from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

worker_class = "gthread"
# Nobody in front of us mounts the product below another path: a header that says so is a client's.
forwarder_headers = ""
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Have each web process look after what the worker cannot say of itself: that it is gone."""
    # Once Django stands: tests of the server serve no Django, and the bench's floor is Django without the product.
    if apps.ready and apps.is_installed("crm.web"):
        import_string("crm.web.health.watcher.start")()
