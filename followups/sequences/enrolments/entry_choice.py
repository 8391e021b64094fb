"""Which leads start a sequence, if leads or customers are chosen; and the effect in sentences, before and after."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Job
from crm.jobs.models.job_record import JobState
from crm.platform.models import Member
from followups.sequences.models import Sequence
from followups.sequences.models.sequence import sequences_by_id


class ChosenLeads(NamedTuple):
    """The leads to enrol. `without`: how many chosen customers have no lead that the member sees."""

    jobs: list[Job]
    without: int = 0


def leads_of_people(people: Collection[int], member: Member) -> ChosenLeads:
    """Return the newest open lead of each customer, or the newest one if none is open."""
    is_open = Case(When(state=JobState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Job.objects.visible_to(member).filter(person_id__in=list(people)).annotate(closed=is_open)
    chosen: dict[int, Job] = {}
    for job in rows.order_by("closed", "-pk"):
        chosen.setdefault(job.person_id or 0, job)
    return ChosenLeads(list(chosen.values()), len(set(people)) - len(chosen))


def offered_sequences() -> list[Sequence]:
    """Return the sequences that take leads now."""
    rows = [row for row in sequences_by_id().values() if row.is_working]
    return sorted(rows, key=lambda row: (row.purpose, row.rank, row.pk))


def entry_sentences(count: int, sequence: Sequence) -> list[str]:
    """Return how many leads would start a sequence, and that nothing is sent in test mode."""
    words = ngettext("%(count)s lead starts “%(name)s”.", "%(count)s leads start “%(name)s”.", count)
    sentences = [words % {"count": count, "name": sequence.name}]
    if sequence.is_in_test:
        sentences.append(_("Test mode: it logs what it would do, and does nothing."))
    return sentences


def refusal_sentences(groups: Iterable[tuple[int, str]], without: int = 0) -> list[str]:
    """Return how many do not start, by reason: pairs of a count and a reason."""
    sentences = [
        ngettext("%(count)s does not start. %(reason)s", "%(count)s do not start. %(reason)s", count)
        % {"count": count, "reason": reason}
        for count, reason in groups
    ]
    if without:
        words = ngettext(
            "%(count)s customer has no lead to start it with.",
            "%(count)s customers have no lead to start it with.",
            without,
        )
        sentences.append(words % {"count": without})
    return sentences


def started_sentence(entered: int, refused: int, name: str) -> str:
    """Return how many started, and how many did not."""
    words = ngettext("%(count)s lead started “%(name)s”.", "%(count)s leads started “%(name)s”.", entered)
    sentence = words % {"count": entered, "name": name}
    if refused:
        more = ngettext("%(count)s did not.", "%(count)s did not.", refused) % {"count": refused}
        return f"{sentence} {more}"
    return sentence
