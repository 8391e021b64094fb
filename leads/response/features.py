"""Register the extensions of the response to new leads: notices, words of events, a filter, settings."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.assignment.features import MANAGE
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.settings.sections import Section
from crm.web.shell.announcements import Announcement
from crm.web.timeline.event_words import EventWords
from leads.response import acknowledgement, contact_lines, figures, notices
from leads.response.first_contact import catch_up
from leads.response.new_lead_news import new_leads

FEATURES: list[Feature] = [
    Announcement(new_leads),
    *notices.KINDS,
    contact_lines.CONTACT,
    figures.FILTER,
    *acknowledgement.FEATURES,
    EventWords("lead.taken", "check", _("is on it")),
    EventWords("response_policy.set", "clock", _("changed when a new lead goes to the next rep")),
    Section(
        group="sales",
        name="leads:response",
        permission=MANAGE,
        icon="zap",
        label=_("First contact"),
        note=_("How soon new leads must be contacted, and who is alerted if they are not."),
        affects=_("Affects the clock of new leads, the alerts about them and the report on response."),
        words=_("speed to lead response time new lead alert sla"),
    ),
    TenantStart(catch_up, again=catch_up),
]
