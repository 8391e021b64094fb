"""Register response times: how their events are told, and what a new tenant starts with."""

from crm.platform.features import Feature
from crm.platform.tenancy.tenant_creation import TenantStart
from tickets.sla.event_words import EVENT_WORDS
from tickets.sla.setup import begin

FEATURES: list[Feature] = [*EVENT_WORDS, TenantStart(begin)]
