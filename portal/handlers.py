"""Subscribers and due handlers of the portal; imported when Django starts."""

from crm.platform.events.events import on
from crm.platform.work import due, due_io
from portal.access import codes, notices
from portal.documents import asking
from portal.models.customer_update import END_OF_DAY, UNSEEN
from portal.models.update_plan import DRAFT
from portal.onboarding.start import welcome
from portal.updates import tracking
from portal.updates.drafting import drafts, schedule

on(*schedule.LIFE)(schedule.follow_jobs)
on(*schedule.NEWS)(schedule.follow_news)
on(*tracking.MESSAGES)(tracking.follow_messages)
on("message.received")(tracking.follow_answers)
on("lead.won")(welcome)
on(*asking.EVENTS)(asking.tell)
on(notices.FORWARDED)(notices.tell)

due_io.handler(codes.SEND)(codes.send)
due.handler(DRAFT, at_once=200)(drafts.draft_due)
due.handler(END_OF_DAY, at_once=50)(tracking.send_what_is_due)
due.handler(UNSEEN, at_once=50)(tracking.propose_channels)
