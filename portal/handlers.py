"""Subscribers and due handlers of the portal; imported when Django starts."""

from crm.platform.events.events import on
from crm.platform.work import due, due_io
from followups.next_step import customer_acts
from portal.access import codes
from portal.access import notices as access_notices
from portal.access.sessions import visited
from portal.documents import asking
from portal.models.customer_update import END_OF_DAY
from portal.models.update_delivery import UNSEEN
from portal.models.update_plan import DRAFT
from portal.onboarding.start import welcome_customer
from portal.preferences import inheritance
from portal.sharing import notices as share_notices
from portal.updates import notices as update_notices
from portal.updates import tracking
from portal.updates.automation import visit_events
from portal.updates.drafting import drafts, schedule

on(*schedule.LIFE)(schedule.follow_jobs)
on(*schedule.NEWS)(schedule.follow_news)
on(*tracking.MESSAGES)(tracking.follow_messages)
on("message.received")(tracking.follow_answers)
on("lead.won")(welcome_customer)
on("update_plan.begun")(inheritance.inherit_preferences)
on(*asking.EVENTS)(asking.announce_requests)
visited.connect(tracking.note_visit, dispatch_uid="updates")
visited.connect(customer_acts.complete_by_visit, dispatch_uid="followups")
visited.connect(visit_events.record_visit, dispatch_uid="rules")
on("update.missed")(update_notices.tell_missed)
on(access_notices.FORWARDED)(access_notices.notify_members)
on(share_notices.SHARED)(share_notices.notify_sharing)

due_io.handler(codes.SEND)(codes.send_code)
due.handler(DRAFT, at_once=200)(drafts.draft_due)
due.handler(END_OF_DAY, at_once=50)(tracking.send_what_is_due)
due.handler(UNSEEN, at_once=50)(tracking.propose_channels)
