"""The static files of the tests: joined as the product joins them, under plain names, made once for a live server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer
from whitenoise import WhiteNoise

from crm.web.design import bundles


class BundledStorage(StaticFilesStorage):
    """One style sheet and one script, like the product's; hashes and compression are tests/web/test_static_files.py's.

    Seventy files for a page would cost a browser that has none of them a second and a half of processor time.
    """

    has_bundles = True

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[tuple[str, str, bool]]:
        """Write the bundles beside what was collected."""
        for bundle, sources in bundles.SOURCES.items():
            texts = [(Path(self.location) / name).read_text() for name in sources]
            (Path(self.location) / bundle).write_text(bundles.JOINED[bundle](texts))
            yield bundle, bundle, True


def serve(folder: Path) -> LiveServer:
    """Start a live server whose static files lie in `folder`, from where a browser takes them once a context."""
    with override_settings(STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda app: WhiteNoise(app, root=folder, prefix="static/", max_age=3600)
    server.start()
    return server
