"""Subscribers and due handlers of the reports; imported when Django starts."""

from crm.platform.events.events import on
from crm.platform.work import due
from reports.figures import upkeep
from reports.mailed.content import mail_reports
from reports.models import MAIL
from reports.months import night
from reports.unusual import detection
from reports.work import nightly_counts

on(*upkeep.EVENTS)(upkeep.hear)
due.handler(upkeep.REFRESH, in_slices=True)(upkeep.DAYS.refresh)
due.handler(MAIL)(mail_reports)
due.handler(detection.WATCH)(detection.watch)
due.handler(nightly_counts.NIGHT, in_slices=True)(nightly_counts.count_night)
due.handler(night.NIGHT, in_slices=True)(night.count_night)
