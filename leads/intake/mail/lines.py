"""Parse a lead mail into fields: a line with a label, and other lines keyed by the line before. Pure functions.

A portal writes all its mails alike: a line that was marked once as the phone is found by the same label again.
"""

from leads.intake.fields import LONGEST_LABEL, UNLABELLED

MOST_LINES = 150
LONGEST_LINE = 1000
# A label is short; "I need a new roof: the old one leaks since last winter and the storm made it worse" is none.
_LONGEST_LABEL = 40
_MOST_WORDS = 5
SUBJECT = "Mail subject"
SENDER = "Mail sender"
FIRST = f"{UNLABELLED}1"


def fields_of_mail(subject: str, sender: str, text: str) -> dict[str, str]:
    """Return the fields of a mail, in its order."""
    fields = {SUBJECT: subject[:LONGEST_LINE], SENDER: sender[:LONGEST_LINE]}
    before = ""
    for line in text.splitlines()[:MOST_LINES]:
        plain = " ".join(line[:LONGEST_LINE].strip(" \t*|>•-").split())
        if not plain:
            continue
        label, value = _split_label(plain)
        if label and value:
            _add_field(fields, label, value)
        elif not label:
            # What follows a label alone on its line belongs to that.
            _add_field(fields, before[:-1].strip() if before.endswith(":") else _label_after(before), plain)
        before = plain
    return fields


def _split_label(line: str) -> tuple[str, str]:
    """Split a line into label and value; without a label it is text."""
    label, colon, value = line.partition(":")
    label = label.strip(" *")
    # A label has letters; an address of the web begins with one, too.
    if not colon or len(label) > _LONGEST_LABEL or len(label.split()) > _MOST_WORDS or value.startswith("//"):
        return "", line
    if any(map(str.isalpha, label)):
        return (label, value.strip(" *"))
    return ("", line)


def _label_after(before: str) -> str:
    if before:
        return f"{UNLABELLED}{before[:_LONGEST_LABEL]}"
    return FIRST


def _add_field(fields: dict[str, str], label: str, value: str) -> None:
    plain = label[:LONGEST_LABEL]
    again = 2
    while label in fields:
        label = f"{plain} {again}"
        again = again + 1
    fields[label] = value
