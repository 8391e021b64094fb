"""Find the lead named in a typed line: "call Hector Salinas" is about Hector Salinas, if there is such a lead."""

from typing import NamedTuple

from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.kernel.normalization import name_key
from crm.people.models import Person
from crm.platform.models import Member
from followups.quick_entry.vocabulary import KINDS

# A name has so many words at most, and stands right behind what is to be done and one of these.
LONGEST = 4
BEFORE = {"to", "with", "for", "the", "aan", "met", "voor", "naar", "bij", "mr", "mrs", "ms", "dhr", "mevr"}
# Offered where a name is of several.
MOST = 5


class NamedLeads(NamedTuple):
    """The leads a line may be about, the line without their name, and the name."""

    jobs: list[Job]
    subject: str
    name: str = ""

    def remove_from(self, text: str) -> str:
        """Return another wording of the line without the name: it stands elsewhere where the days are left out."""
        name, words = self.name.split(), text.split()
        for start in range(len(words) - len(name) + 1):
            if name and words[start : start + len(name)] == name:
                return remove_words(text, start, start + len(name))
        return text


def find_named_leads(subject: str, *, by: Member) -> NamedLeads:
    """Find open leads named in a line that the member may see, by the most matching words; usually none."""
    words = subject.split()
    start = next((at for at, word in enumerate(words) if not _leads_on(word)), len(words))
    for end in range(min(len(words), start + LONGEST), start, -1):
        if leads := _find_leads(" ".join(words[start:end]), by):
            return NamedLeads(leads, remove_words(subject, start, end), " ".join(words[start:end]))
    return NamedLeads([], subject)


def remove_words(subject: str, start: int, end: int) -> str:
    """Return the line without these words and the preposition before them."""
    words = subject.split()
    kept = words[:start]
    while kept and kept[-1].lower().strip(".") in BEFORE:
        kept.pop()
    return " ".join([*kept, *words[end:]])


def _leads_on(word: str) -> bool:
    plain = word.lower().strip(".:")
    return plain in KINDS or plain in BEFORE


def _find_leads(text: str, by: Member) -> list[Job]:
    """Find the open leads whose name, or whose customer's, has all these words."""
    wanted = set(name_key(text).split())
    if not wanted or len(max(wanted, key=len)) < 3:
        return []
    matches = Job.objects.visible_to(by).open().meant_by(candidates(text, by=by)).in_list_order()[: 4 * MOST]
    jobs = list(matches)
    people = Person.objects.in_bulk({job.person_id for job in jobs if job.person_id})
    names = {job.pk: f"{job.title} {people[job.person_id].name if job.person_id else ''}" for job in jobs}
    return [job for job in jobs if wanted <= set(name_key(names[job.pk]).split())][:MOST]
