"""Draft the updates that are due, in batches. Due work; safe with several workers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, prefetch_related_objects
from django.utils.translation import override

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from portal.letters.letter import LetterDraft
from portal.models import CustomerUpdate, UpdatePlan
from portal.models.customer_update import END_OF_DAY
from portal.models.update_choices import OPEN
from portal.updates.drafting.facts import FactsInput, facts_of
from portal.updates.drafting.story import LetterPlace, digest_of, draft_of

# What a job's draft is written by.
_READ = ("person", "site", "brand", "member")
# Plans whose letters are one.
_Groups = Sequence[Sequence[UpdatePlan]]


class DraftedLetter(NamedTuple):
    """Draft of a job, with its language."""

    draft: LetterDraft
    language: str


def draft_due(plan_ids: Sequence[int]) -> None:
    """Draft the updates of due plans; several places of one customer share one letter. Idempotent.

    The plans are locked until the drafts are committed, so nobody else writes them meanwhile.
    """
    now = clock.now()
    plans = [plan for plan in UpdatePlan.lock_all(_with_siblings(plan_ids)) if plan.next_due_at]
    is_due = {plan.job_id for plan in plans if plan.pk in set(plan_ids) and (plan.draft_at() or now) <= now}
    begun = set(_open_drafts([plan.job_id for plan in plans]).values_list("job_id", flat=True))
    prefetch_related_objects([plan.job for plan in plans], *_READ)
    letters: dict[Any, list[UpdatePlan]] = defaultdict(list)
    for plan in plans:
        if plan.job_id not in begun:
            job = plan.job
            letters[(job.person_id, job.brand_id) if job.person_id else job.pk].append(plan)
    wanted = [group for group in letters.values() if is_due & {plan.job_id for plan in group}]
    _create_drafts([sorted(group, key=lambda plan: (plan.next_due_at, plan.pk)) for group in wanted], now)


def _with_siblings(plan_ids: Sequence[int]) -> Any:
    """Return the plans, and those of the same customers' other jobs that share the letter."""
    people = Job.objects.filter(
        pk__in=UpdatePlan.objects.filter(pk__in=plan_ids).values("job_id"), person__isnull=False
    ).values("person_id")
    theirs = UpdatePlan.objects.running().filter(job__person_id__in=people)
    return UpdatePlan.objects.filter(pk__in={*plan_ids, *theirs.values_list("pk", flat=True)})


def _open_drafts(job_ids: Sequence[int]) -> Any:
    return CustomerUpdate.objects.filter(job_id__in=job_ids, kind=CustomerUpdate.Kind.REGULAR, state__in=OPEN)


def _create_drafts(groups: _Groups, now: datetime) -> None:
    """Create the drafts: the first of a group has the letter, the others are digest parts of it."""
    plans = [plan for group in groups for plan in group]
    if not plans:
        return
    written = write_drafts([(plan.job, plan.told_until) for plan in plans], now)
    groups = _worth_a_letter(groups, written, now)
    ids = iter(bulk_write.allocate_ids(CustomerUpdate, sum(map(len, groups))))
    rows: list[CustomerUpdate] = []
    for group in groups:
        due_at: Any = group[0].next_due_at  # of what is drafted, never null
        first = next(ids)
        for place, plan in enumerate(group):
            made = written[plan.job_id]
            row = CustomerUpdate(
                pk=next(ids) if place else first,
                job=plan.job,
                person_id=plan.job.person_id,
                brand_id=plan.job.brand_id,
                member_id=plan.job.member_id,
                digest_id=first if place else None,
                language=made.language,
                since=plan.told_until,
                until=now,
                due_at=due_at,
                created_at=now,
            )
            fill_update(row, _group_digest(group, written) if len(group) > 1 and not place else made.draft)
            rows.append(row)
    CustomerUpdate.objects.bulk_create(rows)
    letters = [row for row in rows if row.digest_id is None]
    events.record_all([EventDraft("update.drafted", row, {}) for row in letters], by=None)
    due.schedule_all(END_OF_DAY, [(row.pk, row.due_at) for row in letters])


def _worth_a_letter(groups: _Groups, written: dict[int, DraftedLetter], now: datetime) -> _Groups:
    """Exclude daily plans without news; they are checked again the next day."""
    quiet = [
        group
        for group in groups
        if all(plan.waits_for_news(now) and written[plan.job_id].draft.is_no_news for plan in group)
    ]
    for plan in (plan for group in quiet for plan in group):
        plan.postpone()
    return [group for group in groups if group not in quiet]


def _group_digest(group: Sequence[UpdatePlan], written: dict[int, DraftedLetter]) -> LetterDraft:
    with override(written[group[0].job_id].language):
        return digest_of(
            {
                str(plan.job.site.street if plan.job.site else plan.job.title): written[plan.job_id].draft
                for plan in group
            }
        )


def fill_update(row: CustomerUpdate, draft: LetterDraft) -> None:
    """Copy a draft into an update's columns."""
    row.happened, row.next, row.needed = ("\n".join(part) for part in (draft.letter.happened, *_next_and_needed(draft)))
    row.sources = list(draft.sources)
    row.negatives = list(draft.negatives)
    row.is_no_news = draft.is_no_news


def _next_and_needed(draft: LetterDraft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return draft.letter.next, draft.letter.needed


def write_drafts(jobs: Sequence[tuple[Job, datetime]], now: datetime) -> dict[int, DraftedLetter]:
    """Write drafts for jobs since an instant each, in their customers' languages, by job."""
    inputs = [FactsInput(job, since, languages_of(job)) for job, since in jobs]
    facts = facts_of(inputs, now)
    letters = {}
    for one in inputs:
        with override(one.languages[0]):
            letters[one.job.pk] = DraftedLetter(draft_of(facts[one.job.pk], _place_of(one)), one.languages[0])
    return letters


def rewrite_drafts(job_ids: Sequence[int]) -> None:
    """Draft unedited updates of these jobs again after new events."""
    now = clock.now()
    rows = _open_drafts(job_ids).filter(state=CustomerUpdate.State.DRAFT, edited_at__isnull=True)
    alone = rows.filter(digest__isnull=True).exclude(pk__in=rows.filter(digest__isnull=False).values("digest_id"))
    drafts = CustomerUpdate.lock_all(alone)
    prefetch_related_objects(drafts, *(f"job__{name}" for name in _READ))
    if not drafts:
        return
    written = write_drafts([(row.job, row.since) for row in drafts], now)
    for row in drafts:
        fill_update(row, written[row.job_id].draft)
        row.until = now
        row.version = F("version") + 1
        row.save(update_fields=["happened", "next", "needed", "sources", "negatives", "is_no_news", "until", "version"])


def languages_of(job: Job) -> tuple[str, ...]:
    """Return the languages to write in, in order of preference: the customer's, the brand's, the tenant's."""
    wanted = (job.person.language if job.person else "", job.brand.language, directory().tenant.language, "en")
    languages = dict(settings.LANGUAGES)
    return tuple(dict.fromkeys(code for one in wanted if (code := one.split("-")[0]) in languages))


def _place_of(one: FactsInput) -> LetterPlace:
    organization = directory()
    brand = one.job.brand
    hours = organization.calendars.get(organization.calendar_of(brand.pk) or 0)
    return LetterPlace(one.languages[0], brand.country, hours.zone if hours else organization.zone)
