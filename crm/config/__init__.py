"""Settings, URLs and the two entry points. Celery's app is loaded here, so that shared tasks find it everywhere."""

import gc

# Before anything of ours is loaded. By default a round comes with each seven hundred objects: a seventh of every start,
# and several in every page.
gc.set_threshold(5_000, 20, 20)

from crm.config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
