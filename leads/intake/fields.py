"""The fields of a submission, their labels, and guessing the field from a sender's label. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from leads.importing.mapping.headings import Field
from leads.importing.mapping.synonyms import field_of
from leads.sources.utm import CLICKS

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CONSENT = ("consent", "consent_wording", "consent_version")

# In the order in which they are offered where fields are mapped.
LABELS = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "phone": _("Phone"),
    "email": _("Email"),
    "street": _("Street and number"),
    "postcode": _("Postal code"),
    "city": _("City"),
    "region": _("State or province"),
    "message": _("What they wrote"),
    "work": _("Which work (a pipeline)"),
    "value": _("Value"),
    "cost": _("What we paid for the lead"),
    "source": _("Source"),
    "external_id": _("External ID"),
    "consent": _("Agreed to offers (yes or no)"),
    "consent_wording": _("Words they agreed to"),
    "consent_version": _("Version of those words"),
    "landing_page": _("Landing page"),
    "referrer": _("Referrer"),
    **{name: name for name in (*UTM, *CLICKS)},
}
# By what a column of a file is called, the same word of a post means the same (leads/importing/mapping).
_OF_COLUMN = {
    Field.NAME: "name",
    Field.CONTACT: "name",
    Field.FIRST_NAME: "first_name",
    Field.LAST_NAME: "last_name",
    Field.EMAIL: "email",
    Field.PHONE: "phone",
    Field.MOBILE: "phone",
    Field.STREET: "street",
    Field.POSTCODE: "postcode",
    Field.CITY: "city",
    Field.STATE: "region",
    Field.NOTE: "message",
    Field.PIPELINE: "work",
    Field.VALUE: "value",
    Field.COST: "cost",
    Field.SOURCE: "source",
    Field.EXTERNAL_ID: "external_id",
}
_WORDS = {
    **{name: name for name in LABELS},
    "zip": "postcode",
    "zip code": "postcode",
    "post code": "postcode",
    "address": "street",
    "state": "region",
    "street address": "street",
    "user email": "email",
    "user phone": "phone",
    "phone_number": "phone",
    "full_name": "name",
    "your name": "name",
    "your email": "email",
    "your phone": "phone",
    "your message": "message",
    "landing page": "landing_page",
    "page url": "landing_page",
    "page": "landing_page",
    "referer": "referrer",
    "service": "work",
    "type of work": "work",
    "project": "message",
    "task": "work",
    **dict.fromkeys(("lead price", "price of lead", "lead fee", "leadprijs", "prijs lead", "kosten aanvraag"), "cost"),
    "question": "message",
    "zip_code": "postcode",
    "gcl_id": "gclid",
    "province": "region",
    "street_address": "street",
    "phone number": "phone",
}
LONGEST = 4000
LONGEST_LABEL = 200
_YES = frozenset({"yes", "true", "on", "1", "ja", "y", "agreed", "checked"})
# Fields of a post's envelope, which say nothing of a person: by their last word, or as a whole.
_TECHNICAL_ENDS = frozenset(
    {"id", "ids", "uuid", "guid", "token", "key", "secret", "signature", "version", "timestamp"}
)
_TECHNICAL_NAMES = (
    ("event",),
    ("event", "type"),
    ("event", "name"),
    ("submitted", "at"),
    ("landed", "at"),
    ("created", "at"),
    ("created", "time"),
)
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_A_LETTER = re.compile(r"[^a-z]")


@dataclass
class Given:
    """Values of a submission by field; texts are unchanged, and blank if missing."""

    said: dict[str, str] = field(default_factory=dict)
    # What is no field of ours, by its own label: it is kept in the lead's first note.
    more: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.said.get(name, "")

    @property
    def name(self) -> str:
        """The name, else first and last name joined."""
        return " ".join((self["name"] or f"{self['first_name']} {self['last_name']}").split())[:200]

    @property
    def has_agreed(self) -> bool:
        return self["consent"].strip().lower() in _YES


def guess(label: str) -> str:
    """Return the field that a label means, or ""."""
    plain = " ".join(label.lower().replace("*", " ").replace("?", " ").split())[:LONGEST_LABEL]
    if field_by_word := _WORDS.get(plain) or _WORDS.get(plain.replace("_", " ")) or _WORDS.get(plain.replace(" ", "_")):
        return field_by_word
    field_ = field_of(plain)
    if field_:
        return _OF_COLUMN.get(field_, "")
    return ""


def read(fields: Mapping[str, str], mapping: Mapping[str, str]) -> Given:
    """Map the fields of a submission: by the saved mapping, else by their labels.

    Of two that mean the same the first counts, and another value is kept by its label; messages are put together.
    """
    values = Given()
    # What a person mapped comes before what is guessed.
    for label, field_ in sorted(_field_meanings(fields, mapping), key=lambda each: each[0] not in mapping):
        value = fields[label].strip()[:LONGEST]
        if not value:
            continue
        if field_ == "message" and values["message"]:
            values.said["message"] = f"{values['message']}\n{value}"[:LONGEST]
        elif field_ and not values[field_]:
            values.said[field_] = value
        else:
            is_news = bool(field_) and value != values[field_]
            if is_news or (not field_ and label not in mapping and _is_telling(label)):
                values.more[label] = value
    return values


def _field_meanings(fields: Mapping[str, str], mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for label in fields:
        if label in mapping:
            field_ = mapping[label]
        else:
            field_ = guess(label)
        yield label, field_ if field_ in LABELS else ""


def _is_telling(label: str) -> bool:
    """True if a field describes the person: "contact.unit" does; "form_id" and "submittedAt" do not."""
    words = _NOT_A_LETTER.sub(" ", _CAMEL_CASE.sub(" ", label.rpartition(".")[2]).lower()).split()
    is_technical = bool(words) and (words[-1] in _TECHNICAL_ENDS or tuple(words) in _TECHNICAL_NAMES)
    return not label.startswith(UNLABELLED) and not is_technical


# What a line of a mail without a label of its own is called by: what stands before it.
UNLABELLED = "→ "
