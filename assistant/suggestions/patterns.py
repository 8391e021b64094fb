"""Find what members repeat: the same follow-up after the same step. It could be a trigger, which opens as a draft."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistant.models import FollowUpPattern, SuggestionAnswer
from assistant.models.suggestion_answer import SuggestionKind, SuggestionTopic
from assistant.scores.score_training import next_night
from assistant.suggestions.suggestion import Suggestion, SuggestionEvidence, SuggestionSubject
from crm.automation.definition import Definition, DoStep
from crm.automation.editor.draft_address import draft_query
from crm.automation.models import Rule
from crm.jobs.models import Stage
from crm.jobs.models.visit import StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.platform.work import due
from followups.automation.plan import NAME as PLAN_STEP
from followups.automation.presets.parts import build_definition, plan_follow_up
from followups.models import FollowUp
from followups.models.kind_setup import kinds

FIND = "assistant.find_patterns"
MANAGE_RULES = "automation.manage"
TRIGGER = "job.entered"
# So often in so many days, on as many leads; planned so soon after the step was reached.
LEAST_TIMES = 5
PERIOD = timedelta(days=30)
SOON = timedelta(days=1)
MOST = 5_000
# What nobody answered is deleted after so long.
KEPT = timedelta(days=90)


class PlannedAfterStep(NamedTuple):
    """A follow-up that a member planned soon after its lead reached a step."""

    job_id: int
    member_id: int
    subject: str
    days: int


def find_patterns(ids: Sequence[int]) -> None:
    """Find the patterns of the last 30 days, and schedule the next night (due work). Idempotent."""
    store_patterns()
    unanswered = SuggestionAnswer.objects.filter(answer="", shown_at__lt=clock.now() - KEPT)
    unanswered.delete()
    begin_patterns()


def begin_patterns() -> None:
    """Schedule the next night. Idempotent."""
    due.schedule(FIND, 0, next_night(clock.now()), key=FIND)


@transaction.atomic
def store_patterns() -> None:
    """Store what members repeat and no trigger does, instead of what was stored before."""
    groups = _group_by_step(clock.now())
    automatic = _steps_with_trigger()
    FollowUpPattern.objects.all().delete()
    FollowUpPattern.objects.bulk_create(
        FollowUpPattern(
            stage_id=stage_id,
            kind=kind,
            subject=planned[-1].subject,
            times=len(planned),
            members=len({row.member_id for row in planned}),
            days=round(median(row.days for row in planned)),
        )
        for (stage_id, kind, _key), planned in groups.items()
        if len({row.job_id for row in planned}) >= LEAST_TIMES and (stage_id, kind) not in automatic
    )


def _group_by_step(now: datetime) -> dict[tuple[int, str, str], list[PlannedAfterStep]]:
    """Return the follow-ups that members planned within a day after a step, by step, type and folded subject."""
    planned = FollowUp.objects.filter(
        created_at__gte=now - PERIOD, created_by__isnull=False, job__isnull=False, origin="", series=None
    )
    columns = ("job_id", "created_by_id", "created_at", "due_at", "kind", "subject")
    rows = list(planned.order_by("-created_at").values_list(*columns)[:MOST])
    entries: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    visits = StageVisit.objects.filter(
        job_id__in={row[0] for row in rows}, stage__isnull=False, entered_at__gte=now - PERIOD - SOON
    )
    for job_id, entered_at, stage_id in visits.order_by("entered_at").values_list("job_id", "entered_at", "stage_id"):
        entries[job_id].append((entered_at, stage_id))
    groups: dict[tuple[int, str, str], list[PlannedAfterStep]] = defaultdict(list)
    for job_id, member_id, created_at, due_at, kind, subject in rows:
        before = [stage_id for at, stage_id in entries[job_id] if at <= created_at <= at + SOON]
        if before:
            days = (due_at.date() - created_at.date()).days if due_at else 0
            key = (before[-1], kind, name_key(subject))
            groups[key].append(PlannedAfterStep(job_id, member_id, subject, max(0, days)))
    return groups


def _steps_with_trigger() -> set[tuple[int, str]]:
    """Return the steps after which a trigger plans a follow-up already, each with its type."""
    covered = set()
    for rule in Rule.objects.filter(archived_at__isnull=True, version__isnull=False).select_related("version"):
        definition = Definition.from_json(rule.version.definition)
        step = definition.options.get("step", "")
        if definition.trigger == TRIGGER and step.isdigit():
            covered |= {
                (int(step), one.options.get("kind", ""))
                for one in definition.steps
                if isinstance(one, DoStep) and one.action == PLAN_STEP
            }
    return covered


def find_pattern(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest a trigger for what members do again and again at the lead's step, to who may set triggers up."""
    if subject.job is None or not subject.job.stage_id or not subject.may(MANAGE_RULES):
        return None
    pattern = FollowUpPattern.objects.filter(stage_id=subject.job.stage_id).order_by("-times", "pk").first()
    stage = pipeline_setup().stages.get(subject.job.stage_id)
    if pattern is None or stage is None:
        return None
    values = {"what": pattern.subject, "step": stage.name, "times": pattern.times, "members": pattern.members}
    return Suggestion(
        SuggestionKind.PATTERN,
        f"{pattern.kind}:{name_key(pattern.subject)}"[:64],
        # Asked once for all leads at the step.
        SuggestionTopic(Stage._meta.label_lower, stage.pk),
        _("Make it a trigger: “%(what)s” after “%(step)s”.") % values,
        [
            SuggestionEvidence(
                ngettext(
                    "%(members)s colleague planned it %(times)s times in the last 30 days, within a day after the"
                    " step.",
                    "%(members)s colleagues planned it %(times)s times in the last 30 days, within a day after the"
                    " step.",
                    pattern.members,
                )
                % values
            ),
            SuggestionEvidence(_("It opens as a draft, and runs in test mode once you save it.")),
        ],
        _("Make it a trigger, in test mode…"),
        f"{reverse('automation:new_rule', args=[subject.slug])}?{_pattern_query(pattern, stage)}",
    )


def _pattern_query(pattern: FollowUpPattern, stage: Stage) -> str:
    definition = build_definition(
        "job",
        TRIGGER,
        plan_follow_up(pattern.kind, pattern.subject, days=pattern.days),
        options={"step": str(stage.pk)},
    )
    name = _("%(step)s: plan “%(what)s”") % {"step": stage.name, "what": pattern.subject or kinds().of(pattern.kind)}
    return draft_query(name, definition)
