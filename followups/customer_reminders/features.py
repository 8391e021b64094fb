"""Register what reminders to customers add: their template, and the gate's check."""

from crm.platform.features import Feature
from followups.customer_reminders.sending import CHECK
from followups.customer_reminders.texts import PACK

FEATURES: list[Feature] = [PACK, CHECK]
