"""The story of one demo job as data: who, what, where, and how long each step took, as shares of what was allowed.

Stories hold no instants: those follow from the present, backwards, so that the same levels show on every day.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stay:
    """A stay in a step, by name; None: without status. `used`: share of the allowance used at its end, or now.

    `theirs`: after a first stretch of our own it was the customer's move, and `used` is of that allowance.
    """

    step: str | None
    used: float
    theirs: bool = False


@dataclass(frozen=True)
class Ending:
    """How and how many days ago a job ended: done, lost, dropped; or paused, for a number of days from now."""

    how: str
    reason: str = ""
    days_ago: float = 0.0
    back_in_days: float | None = None


@dataclass(frozen=True)
class NextStep:
    """A planned next step: kind, its words, and in how many days; `hour` local, else within the next hours."""

    kind: str
    label: str
    in_days: float
    hour: float | None = None


@dataclass(frozen=True)
class Contact:
    """A customer: a person, perhaps of a firm, and how to reach them."""

    name: str
    email: str = ""
    phones: tuple[str, ...] = ()
    company: str = ""
    language: str = ""


@dataclass(frozen=True)
class Place:
    """A postal address."""

    street: str
    postcode: str
    city: str
    region: str
    country: str


@dataclass
class Story:
    """All facts of one job. `owner` has it now, `rep` gets the credit; both by name, empty for nobody."""

    contact: Contact
    place: Place
    pipeline: str
    stays: list[Stay]
    source: str
    brand: str
    title: str = ""
    owner: str = ""
    rep: str = ""
    ending: Ending | None = None
    priority: int = 3
    value: int | None = None
    cost: int | None = None
    campaign: str = ""
    next_step: NextStep | None = None
    # They wrote: channel and how often.
    unread: tuple[str, int] | None = None
    notes: list[str] = field(default_factory=list)
    # Insurer and number.
    claim: tuple[str, str] | None = None
    # Persons beside the customer, with their role.
    others: list[tuple[Contact, str]] = field(default_factory=list)
