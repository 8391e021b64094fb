"""The models of sequences."""

from followups.sequences.models.choices import (
    EndReason,
    EnrolmentEntry,
    EnrolmentState,
    PauseReason,
    Reentry,
    SequenceMode,
    SequencePurpose,
    StepResult,
)
from followups.sequences.models.enrolment import Enrolment
from followups.sequences.models.sequence import Sequence
from followups.sequences.models.step_record import EnrolmentStep
from followups.sequences.models.version import SequenceVersion
from followups.sequences.models.version_move import VersionMove

__all__ = [
    "EndReason",
    "Enrolment",
    "EnrolmentEntry",
    "EnrolmentState",
    "EnrolmentStep",
    "PauseReason",
    "Reentry",
    "Sequence",
    "SequenceMode",
    "SequencePurpose",
    "SequenceVersion",
    "StepResult",
    "VersionMove",
]
