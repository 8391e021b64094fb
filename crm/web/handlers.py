"""Due work of the web layer; imported when Django starts."""

from crm.platform.work.due import handler
from crm.web.notices.mails import mail_waiting
from crm.web.notices.notify import MAIL

handler(MAIL)(mail_waiting)
