"""What the platform does later; and the modules that hear Django's, Celery's and allauth's signals."""

from crm.platform.files.stored_files import EXPIRE, expire
from crm.platform.work.due import handler

handler(EXPIRE)(expire)
