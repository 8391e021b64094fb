"""Customer satisfaction: answers by month or member, response rate, and comments."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, DateField, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from comms.models import Message, SurveyAnswer
from comms.models.survey_answer import BEST
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

# The templates that ask, at a milestone and at the end.
ASKING = ("survey_invitation", "milestone_survey")
# From 1 to 5: who gives two or less is not content, who gives five is glad.
BANDS = {"low": (1, 2), "middle": (3, 4), "high": (5, BEST)}
MOST = 200


@dataclass
class SatisfactionLine:
    """A month or member: asked, answered, average, and number of low ratings."""

    # The first day of the month; the id of the member who has the jobs now, or None.
    key: Any
    asked: int = 0
    answered: int = 0
    average: float | None = None
    low: int = 0
    high: int = 0

    @property
    def response_percent(self) -> int | None:
        """Percentage of those asked who answered; None if the number asked is unknown."""
        if self.asked:
            return min(100, round(100 * self.answered / self.asked))
        return None


@dataclass(frozen=True)
class Comment:
    """A customer's comment with their rating."""

    score: int
    words: str
    title: str
    number: int
    at: datetime
    step: str
    brand: str


def answers_of(member: Member, brand_id: int | None = None) -> "QuerySet[SurveyAnswer]":
    """Return the answers about jobs the member may see."""
    jobs = Job.objects.visible_to(member)
    answers: QuerySet[SurveyAnswer] = SurveyAnswer.objects.filter(
        job_id__in=(jobs.filter(brand_id=brand_id) if brand_id else jobs).values("pk")
    )
    return answers


def score_band(name: str) -> Q:
    """Return the filter for a band of ratings; all for an unknown one."""
    least, most = BANDS.get(name, (1, BEST))
    return Q(score__gte=least, score__lte=most)


def lines_by_month(
    answers: "QuerySet[SurveyAnswer]", since: datetime, zone: ZoneInfo, brand_id: int | None
) -> list[SatisfactionLine]:
    """Return the months since an instant, newest first."""
    answered, sent = (TruncMonth(at, tzinfo=zone, output_field=DateField()) for at in ("at", "sent_at"))
    return sorted(_build_lines(answers, since, brand_id, answered, sent), key=lambda line: line.key, reverse=True)


def by_member(answers: "QuerySet[SurveyAnswer]", since: datetime, brand_id: int | None) -> list[SatisfactionLine]:
    """Return a line per member whose customers were asked since an instant, most answers first."""
    lines = _build_lines(answers, since, brand_id, F("job__member_id"), F("job__member_id"))
    return sorted(lines, key=lambda line: (line.key is None, -line.answered, -line.asked, line.key or 0))


def _build_lines(
    answers: "QuerySet[SurveyAnswer]", since: datetime, brand_id: int | None, answered: Any, sent: Any
) -> list[SatisfactionLine]:
    lines: dict[Any, SatisfactionLine] = {}
    for row in (
        answers.filter(at__gte=since)
        .order_by()
        .values(key=answered)
        .annotate(
            count=Count("pk"),
            average=Avg("score"),
            low=Count("pk", filter=score_band("low")),
            high=Count("pk", filter=score_band("high")),
        )
    ):
        lines[row["key"]] = SatisfactionLine(row["key"], 0, row["count"], row["average"], row["low"], row["high"])
    invitations = Message.objects.filter(
        direction="out", state=Message.State.SENT, sent_at__gte=since, template_version__template__key__in=ASKING
    )
    if brand_id:
        invitations = invitations.filter(brand_id=brand_id)
    for row in invitations.order_by().values(key=sent).annotate(count=Count("pk")):
        lines.setdefault(row["key"], SatisfactionLine(row["key"])).asked = row["count"]
    return list(lines.values())


def latest_comments(answers: "QuerySet[SurveyAnswer]") -> dict[str, list[Comment]]:
    """Return the newest comments by band, low ratings first."""
    organization = directory()
    stages = pipeline_setup().stages
    grouped: dict[str, list[Comment]] = defaultdict(list)
    read: list[Any] = list(answers.select_related("job", "note").order_by("-at", "-pk")[:MOST])
    for answer in read:
        name = next(name for name, (least, most) in BANDS.items() if least <= answer.score <= most)
        stage = stages.get(answer.stage_id or 0)
        grouped[name].append(
            Comment(
                score=answer.score,
                words=_comment_text(answer),
                title=answer.job.title,
                number=answer.job.number,
                at=answer.at,
                step=stage.name if stage else "",
                brand=organization.brands[answer.job.brand_id].name,
            )
        )
    return {name: grouped[name] for name in BANDS if grouped[name]}


def _comment_text(answer: Any) -> str:
    """Return the customer's comment without the surrounding text of the note."""
    body = ""
    if answer.note:
        body = answer.note.body
    return str(body.partition("“")[2].rpartition("”")[0] or body)
