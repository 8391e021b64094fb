"""Settings, URLs and the two entry points. Celery's app is loaded here, so that shared tasks find it everywhere."""

from crm.config.celery import app as celery_app

__all__ = ["celery_app"]
