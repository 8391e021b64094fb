"""The platform's handlers of due work, and the modules that connect Django's, Celery's and allauth's signals."""

from crm.platform.files.stored_files import EXPIRE, expire_files
from crm.platform.work import worker_startup
from crm.platform.work.due import handler

__all__ = ["worker_startup"]

handler(EXPIRE)(expire_files)
