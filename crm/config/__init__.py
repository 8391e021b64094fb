"""Settings, URLs, and the WSGI and Celery entry points. Importing the package loads the Celery app for shared tasks."""

from crm.config.celery import app as celery_app

__all__ = ["celery_app"]
