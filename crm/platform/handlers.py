"""The platform's handlers of due work, and the modules that connect Django's, Celery's and allauth's signals."""

from crm.platform.files.stored_files import EXPIRE, expire
from crm.platform.work.due import handler

handler(EXPIRE)(expire)
