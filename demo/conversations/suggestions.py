"""Create what suggestions rest on: a follow-up that members repeat after a step, and answers to earlier suggestions."""

from collections import Counter
from datetime import datetime, timedelta

from assistant.models import SuggestionAnswer
from assistant.suggestions.choice import choose_suggestion
from assistant.suggestions.patterns import LEAST_TIMES, store_patterns
from assistant.suggestions.suggestion import SuggestionSubject
from crm.jobs.models import Job
from crm.jobs.models.visit import StageVisit
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome

SUBJECTS = {"en": "Ask for photos", "nl": "Om foto's vragen"}
# So many leads were looked at, so long ago that what was put aside comes again.
ANSWERED = 40
LONG_AGO = timedelta(days=10)


def create_suggestions(now: datetime) -> None:
    """Create them inside the tenant, and find the pattern as the product does at night."""
    _repeat_follow_up(now)
    store_patterns()
    _answer_some(now)


def _repeat_follow_up(now: datetime) -> None:
    """Have the owners of leads that came to the busiest step plan the same follow-up within two hours."""
    visits = StageVisit.objects.filter(
        entered_at__gte=now - timedelta(days=28),
        entered_at__lt=now - timedelta(days=2),
        stage__isnull=False,
        job__member__isnull=False,
    )
    rows = list(visits.order_by("entered_at", "pk").select_related("job__member"))
    if not rows:
        return
    [(busiest, _count)] = Counter(row.stage_id for row in rows).most_common(1)
    subject = SUBJECTS.get(directory().tenant.language, SUBJECTS["en"])
    jobs: dict[int, StageVisit] = {}
    for row in rows:
        if row.stage_id == busiest:
            jobs.setdefault(row.job_id, row)
    for row in list(jobs.values())[: LEAST_TIMES + 2]:
        member = row.job.member
        with clock.at(row.entered_at + timedelta(hours=2)):
            due_at = clock.now() + timedelta(days=1)
            follow_up = FollowUp.plan(
                kind=FollowUpKind.TASK, subject=subject, due_at=due_at, job=row.job, assignee=member, by=member
            )
        with clock.at(due_at):
            follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=member)


def _answer_some(now: datetime) -> None:
    """Answer the suggestions of some leads: every third is accepted, every fifth put aside."""
    slug = directory().tenant.slug
    jobs = Job.objects.open().filter(member__isnull=False).select_related("member", "person").order_by("-pk")
    for at, job in enumerate(jobs[:ANSWERED]):
        subject = SuggestionSubject(job, job.member, Reader.of(job.member, now), slug)
        suggestion = choose_suggestion(subject)
        if suggestion is None:
            continue
        topic = suggestion.topic
        kind = suggestion.kind
        key = suggestion.key
        with clock.at(now - LONG_AGO):
            SuggestionAnswer.note_shown(topic, kind, key, job.member)
            if at % 3 == 0:
                SuggestionAnswer.give(topic, kind, key, SuggestionAnswer.SuggestionReaction.ACCEPTED, by=job.member)
            elif at % 5 == 0:
                SuggestionAnswer.give(topic, kind, key, SuggestionAnswer.SuggestionReaction.NOT_NOW, by=job.member)
