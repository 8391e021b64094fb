"""Register what rules know of messages."""

from comms.automation import customer_silence
from comms.automation.draft import DRAFT
from comms.automation.figures import FIGURE, OF_RULE
from comms.automation.send import SEND
from comms.automation.triggers import TRIGGERS
from crm.platform.features import Feature

FEATURES: list[Feature] = [SEND, DRAFT, FIGURE, OF_RULE, customer_silence.FILTER, *TRIGGERS]
