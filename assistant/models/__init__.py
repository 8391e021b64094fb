"""Models of the assistant."""

from assistant.models.assistant_call import AssistantCall, CallStage, CallVerdict
from assistant.models.assistant_setup import AssistantSetup, ModelProvider, TextSharing, assistant_setup
from assistant.models.contact_figures import CustomerSegment, LikelihoodModel, SegmentContacts
from assistant.models.label_review import LabelReview
from assistant.models.lead_score import LeadScore, LeadScoreModel
from assistant.models.message_labels import MessageLabels
from assistant.models.proposal_rating import ProposalRating, RatingReason
from assistant.models.proposed_reply import ProposedReply, ReplyLength, ReplyTone
from assistant.models.record_opt_out import RecordOptOut
from assistant.models.stored_summary import StoredSummary
from assistant.models.suggestion_answer import FollowUpPattern, SuggestionAnswer, SuggestionKind
from assistant.models.trained_labels import TrainedLabels, trained_labels

__all__ = [
    "AssistantCall",
    "AssistantSetup",
    "CallStage",
    "CallVerdict",
    "CustomerSegment",
    "FollowUpPattern",
    "LabelReview",
    "LeadScore",
    "LeadScoreModel",
    "LikelihoodModel",
    "MessageLabels",
    "ModelProvider",
    "ProposalRating",
    "ProposedReply",
    "RatingReason",
    "RecordOptOut",
    "ReplyLength",
    "ReplyTone",
    "SegmentContacts",
    "StoredSummary",
    "SuggestionAnswer",
    "SuggestionKind",
    "TextSharing",
    "TrainedLabels",
    "assistant_setup",
    "trained_labels",
]
