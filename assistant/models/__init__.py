"""Models of the assistant."""

from assistant.models.assistant_call import AssistantCall, CallStage, CallVerdict
from assistant.models.assistant_setup import AssistantSetup, ModelProvider, Sharing, assistant_setup
from assistant.models.proposed_reply import ProposedReply, ReplyLength, ReplyTone
from assistant.models.record_opt_out import RecordOptOut
from assistant.models.stored_summary import StoredSummary

__all__ = [
    "AssistantCall",
    "AssistantSetup",
    "CallStage",
    "CallVerdict",
    "ModelProvider",
    "ProposedReply",
    "RecordOptOut",
    "ReplyLength",
    "ReplyTone",
    "Sharing",
    "StoredSummary",
    "assistant_setup",
]
