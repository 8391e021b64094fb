"""Values of a submission that no field of the lead holds: kept in the lead's note "Also sent"."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel.normalization import name_key
from crm.people.models import ContactPoint
from leads.intake.fields import LABELS, Given
from leads.new_lead import NewLead

# How much the column of a field holds: what is longer stands in the note as a whole.
LONGEST = {"name": 200, "street": 200, "postcode": 16, "city": 120, "region": 80, "external_id": 120}
ADDRESS = ("street", "postcode", "city", "region")
LONGEST_NOTE = 20_000
_NO = frozenset({"", "no", "false", "off", "0", "nee", "n"})


def line_of(name: str, words: str) -> str:
    """Return a field as a line of the note."""
    return f"{LABELS[name]}: {words}"


def unheld_lines(given: Given, *, is_agreed: bool) -> list[str]:
    """Return the lines of values that no column of any lead holds.

    `is_agreed`: whether what they agreed to is in the ledger of consent.
    """
    lines = [line_of(name, given[name]) for name, most in LONGEST.items() if len(given[name]) > most]
    if not given["street"]:
        lines += [line_of(name, given[name]) for name in ADDRESS if 0 < len(given[name]) <= LONGEST[name]]
    if given["value"]:
        lines.append(line_of("value", given["value"]))
    if not is_agreed and given["consent"].strip().lower() not in _NO:
        lines.append(line_of("consent", given["consent"]))
    return [*_spare_names(given), *lines, *(f"{label}: {value}" for label, value in given.more.items())]


def _spare_names(given: Given) -> Iterator[str]:
    """Yield first and last name if the full name given lacks them."""
    words = set(name_key(given.name).split())
    for name in ("first_name", "last_name"):
        if not words.issuperset(name_key(given[name]).split()):
            yield line_of(name, given[name])


def lines_new_to(job: Job, given: Given, new: NewLead) -> list[str]:
    """Return the lines of values new to an existing lead: name, contact points, place, work and source."""
    person = job.person
    site = job.site
    values = {value for _kind, value, _note in new.points()}
    stored_values = set(ContactPoint.objects.filter(person=person, value__in=values).values_list("value", flat=True))
    held_by_field = {
        "name": person.name if person else "",
        "phone": given["phone"] if new.phone and new.phone.e164 in stored_values else "",
        "email": given["email"] if new.email in stored_values else "",
        "source": job.source.name if job.source else "",
        "work": job.pipeline.name,
    }
    if given["street"]:
        held_by_field |= {name: getattr(site, name, "") for name in ADDRESS}
    sent = {name: given[name] for name in held_by_field} | {"name": given.name}
    return [line_of(name, words) for name, words in _changed_values(sent, held_by_field)]


def _changed_values(sent: Mapping[str, str], held: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, words in sent.items():
        if words and name_key(words) != name_key(held[name]):
            yield name, words


def note_text(lines: list[str]) -> str:
    """Return the note with these lines, without duplicates; blank for none."""
    unique = list(dict.fromkeys(filter(None, lines)))
    if not unique:
        return ""
    text = "\n".join([_("Also sent:"), *unique])
    if len(text) <= LONGEST_NOTE:
        return text
    rest = _("See the rest in Settings, “Submissions”.")
    return f"{text[:LONGEST_NOTE]}\n{rest}"
