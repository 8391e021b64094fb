"""LeadDraft: the lead that one row describes."""

from dataclasses import dataclass, field
from datetime import datetime

from crm.jobs.creation.same_place import JobPlace
from crm.jobs.models import JobState, Priority, Stage
from crm.kernel.normalization import PhoneNumber
from leads.importing.mapping.headings import LABELS, Field


@dataclass(slots=True)
class LeadDraft:
    """A lead as a row describes it. Empty strings, None and empty lists: the row has no value."""

    row: int
    name: str = ""
    company: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[PhoneNumber] = field(default_factory=list)
    # The word that stands beside an address or number: work, wife, cell.
    labels: dict[str, str] = field(default_factory=dict)
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    # The address as it stood in one cell, where it was parted.
    written: str = ""
    language: str = ""
    title: str = ""
    brand_id: int = 0
    currency: str = ""
    pipeline_id: int = 0
    # Whether the row names the pipeline, or a step of it; and the type of work it names that is no pipeline.
    says_pipeline: bool = False
    kind: str = ""
    stage: Stage | None = None
    state: str = JobState.OPEN
    ended_reason: str = ""
    won: bool = False
    won_at: datetime | None = None
    member_id: int | None = None
    source: str = ""
    campaign: str = ""
    priority: int = Priority.NORMAL
    value: int | None = None
    value_currency: str = ""
    cost: int | None = None
    came_in_at: datetime | None = None
    stage_since: datetime | None = None
    touched_at: datetime | None = None
    ended_at: datetime | None = None
    next_step: str = ""
    next_step_at: datetime | None = None
    # When its clock starts; None: when it entered its step.
    clock_started_at: datetime | None = None
    external_id: str = ""
    # What it has in the tenant's own fields, by their keys.
    own: dict[str, str] = field(default_factory=dict)
    claim_number: str = ""
    insurer: str = ""
    # Earlier steps and when it entered them, oldest first.
    history: list[tuple[datetime, Stage | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # What stands in columns without a field and may tell one job from another, by the column's name.
    told: dict[str, str] = field(default_factory=dict)
    # Sentences about cells that could not be used as what they are.
    remarks: list[str] = field(default_factory=list)
    # What its customer is recognised by (matches.keys_of), once that was asked.
    keys: tuple[str, ...] | None = None
    # What it is called by where it has neither name nor point.
    otherwise: str = ""

    @property
    def called(self) -> str:
        """The customer's name; a contact point if the row has no name."""
        return self.name or self.company or (self.emails or [each.e164 for each in self.phones] or [self.otherwise])[0]

    def note_on(self, value: str, extension: str = "") -> str:
        """Return the note on a contact point: its label and extension; "" without."""
        if not extension:
            return self.labels.get(value, "")[:80]
        return ", ".join(filter(None, [self.labels.get(value), f"ext. {extension}"]))[:80]

    @property
    def place(self) -> JobPlace:
        """The place of the work, as far as the row gives it."""
        return JobPlace(self.street, self.postcode, self.city, self.region)

    @property
    def address_key(self) -> str:
        return self.place.key


def insurer_line(draft: LeadDraft) -> str:
    """Return the note's line about an insurer without a claim."""
    return f"{LABELS[Field.INSURER]}: {draft.insurer}"
