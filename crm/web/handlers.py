"""Register scheduled work and signals of the web layer. Imported when Django starts."""

from crm.platform.database.claims import parked
from crm.platform.work import due_io
from crm.platform.work.due import handler, register_interval_kinds
from crm.web.health import alarms
from crm.web.models.push_subscription import SEND
from crm.web.notices import parked_work
from crm.web.notices.delivery.mails import mail_due_notices
from crm.web.notices.delivery.push import push_notices
from crm.web.notices.notify import MAIL

parked.connect(parked_work.notify_parked, dispatch_uid="notices")
handler(MAIL)(mail_due_notices)
handler(alarms.WATCH)(alarms.watch_tenants)
register_interval_kinds(alarms.WATCH)
due_io.handler(SEND)(push_notices)
