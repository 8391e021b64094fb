"""When and how to reach a customer, and how likely an answer is, for a page. A bounded number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from assistant.models import LikelihoodModel, SegmentContacts
from assistant.models.contact_figures import CustomerSegment
from assistant.timing.attempts import CALL, ContactAttempt, LoggedMessage
from assistant.timing.best_time import OWN_FLOOR, SEGMENT_FLOOR, BestTime, find_best_time
from assistant.timing.history import customer_attempts, customer_messages
from assistant.timing.hour_table import SEGMENT_CALLS, count_calls, empty_cells, shrunk_share, sum_cells
from assistant.timing.learning import days_late, segment_of
from assistant.timing.likelihoods import ShownLikelihood, explain_likelihood, likelihood_models
from assistant.timing.signals import follow_up_signals, response_signals
from assistant.timing.writing_hours import writing_sentence
from comms.gate.candidate import SendCandidate
from comms.gate.reachability import Reachability, reach_all
from comms.models import Medium
from crm.jobs.models import Job
from crm.kernel import clock, formats
from crm.people.models import ContactPoint, Person, ProfilingObjection
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp, FollowUpOutcome

# Contacts by a medium of a customer's own, or of their segment, before it is compared.
MEDIUM_FLOOR = 2
_MEDIA = {"phone": (Medium.CALL, Medium.SMS), "email": (Medium.EMAIL,), "whatsapp": (Medium.WHATSAPP,)}


class ChannelLine(NamedTuple):
    """A medium: the share of contacts likely answered in percent, and the customer's own."""

    label: str
    percent: int
    answered: int
    tried: int
    is_best: bool


@dataclass
class TimingPanel:
    """How to reach a customer; blank where there are too few contacts."""

    objects: bool = False
    best: BestTime | None = None
    when: str = ""
    evidence: str = ""
    own_calls: int = 0
    # How many calls of their own are needed, if there are fewer.
    needed: int = 0
    segment: str = ""
    segment_calls: int = 0
    theirs: str = ""
    writes: str = ""
    call_words: str = ""
    plan_url: str = ""
    channels: list[ChannelLine] = field(default_factory=list)
    response: ShownLikelihood | None = None
    follow_up: ShownLikelihood | None = None
    follow_up_words: str = ""
    why_none: str = ""


class _CustomerReach(NamedTuple):
    """By medium, whether and when a customer may be contacted; only those that are not forbidden."""

    by_medium: dict[str, Reachability]
    zone: ZoneInfo


def timing_panel(person: Person, job: Job | None, member: Member, reader: Reader, slug: str) -> TimingPanel:
    """Return when and how a customer is best reached. `job`: the one that is shown; by default their newest."""
    if ProfilingObjection.objects.filter(person=person).exists():
        return TimingPanel(objects=True)
    if job is None:
        job = Job.objects.visible_to(member).filter(person=person).order_by("-pk").first()
    panel = TimingPanel()
    messages = customer_messages(person.pk, member, reader.now)
    attempts = customer_attempts(person.pk, messages, member, reader.now)
    reach = _read_reach(person, job, member)
    segment_name = segment_of(job.company_id if job else person.company_id)
    segment = SegmentContacts.objects.filter(segment=segment_name).first()
    panel.segment = str(CustomerSegment(segment_name).label)
    panel.channels = _channel_lines(attempts, segment, reach)
    models = likelihood_models()
    _add_best_time(panel, attempts, segment, reach, reader)
    if panel.best:
        _add_call(panel, person, job, member, reader, slug)
        signals = response_signals(attempts, CALL, panel.best.begins)
        panel.response = explain_likelihood(models.get(LikelihoodModel.Subject.RESPONSE), signals)
    else:
        panel.writes = _writing_words(messages, reach.zone, reader)
    _add_follow_up(panel, job, models.get(LikelihoodModel.Subject.FOLLOW_UP), reader)
    return panel


def _read_reach(person: Person, job: Job | None, member: Member) -> _CustomerReach:
    """Ask the gate about the customer's first number and address. Two queries."""
    brand_id = job.brand_id if job else directory().default_brand.pk
    points: dict[str, ContactPoint] = {}
    for point in ContactPoint.objects.filter(person=person).verified_first():
        points.setdefault(point.kind, point)
    candidates = [
        SendCandidate(
            medium=medium,
            address=point.value,
            brand_id=brand_id,
            author_id=member.pk,
            person_id=person.pk,
            job_id=job.pk if job else None,
        )
        for kind, point in points.items()
        for medium in _MEDIA[kind]
    ]
    reached = reach_all(candidates) if candidates else []
    allowed = {one.candidate.medium: one for one in reached if _is_possible(one)}
    zone = directory().zone
    call = allowed.get(Medium.CALL)
    if call and call.facts.hours:
        zone = ZoneInfo(call.facts.hours.narrowest(call.facts.now)[0].name)
    return _CustomerReach(allowed, zone)


def _is_possible(reach: Reachability) -> bool:
    """True if nothing but the time of day is against it."""
    return reach.refusal is None or reach.refusal.reason == "quiet_hours"


def _add_best_time(
    panel: TimingPanel,
    attempts: Sequence[ContactAttempt],
    segment: SegmentContacts | None,
    reach: _CustomerReach,
    reader: Reader,
) -> None:
    if Medium.CALL not in reach.by_medium:
        panel.why_none = _("They have no phone number, or may not be called.")
        return
    own = count_calls(attempts, reach.zone)
    panel.own_calls = sum_cells(own)[0]
    segment_cells = segment.hours if segment else empty_cells()
    panel.segment_calls = sum_cells(segment_cells)[0]
    has_segment = panel.segment_calls >= SEGMENT_FLOOR
    panel.needed = OWN_FLOOR if panel.own_calls < OWN_FLOOR else 0
    if panel.needed and not has_segment:
        return
    hours = reach.by_medium[Medium.CALL].facts.hours
    panel.best = find_best_time(own, segment_cells, hours, reach.zone, reader.now)
    if panel.best is None:
        return
    panel.when = _span_words(panel.best, reach.zone, reader)
    panel.evidence = _evidence(panel.best, sum_cells(own), reach.zone, reader)
    if reader.now.astimezone(reach.zone).utcoffset() != reader.now.astimezone(reader.zone).utcoffset():
        panel.theirs = reach.zone.key.rpartition("/")[2].replace("_", " ")


def _span_words(best: BestTime, zone: ZoneInfo, reader: Reader) -> str:
    """Return when the span next comes, by the customer's clock: "today, 4:00–6:00 PM"."""
    day = formats.day(
        best.begins.astimezone(zone).date(), reader.now.astimezone(zone).date(), reader.country, reader.language
    )
    return f"{day}, {_clock_words(best.begins, zone, reader)}–{_clock_words(best.ends, zone, reader)}"


def _clock_words(at: datetime, zone: ZoneInfo, reader: Reader) -> str:
    return formats.clock_time(at, zone, reader.country, reader.language)


def _evidence(best: BestTime, totals: tuple[int, int], zone: ZoneInfo, reader: Reader) -> str:
    """Return the customer's own calls in the span and at other hours, in words."""
    tried, answered = totals
    span = best.span
    if not tried:
        return ""
    begins = best.ends - timedelta(hours=span.last - span.first)
    values: dict[str, object] = {
        "first": _clock_words(begins, zone, reader),
        "last": _clock_words(best.ends, zone, reader),
        "answered": span.answered,
        "tried": span.tried,
        "others": answered - span.answered,
        "other_tries": tried - span.tried,
    }
    if not span.tried:
        return (
            _(
                "No call of theirs was between %(first)s and %(last)s yet; at other hours they answered %(others)s "
                "of %(other_tries)s."
            )
            % values
        )
    if tried == span.tried:
        return _("Answered %(answered)s of %(tried)s calls between %(first)s and %(last)s.") % values
    return (
        _(
            "Answered %(answered)s of %(tried)s calls between %(first)s and %(last)s; at other hours %(others)s of "
            "%(other_tries)s."
        )
        % values
    )


def _add_call(panel: TimingPanel, person: Person, job: Job | None, member: Member, reader: Reader, slug: str) -> None:
    """Add the link that opens the form of a follow-up with the time filled in; the form plans nothing by itself."""
    assert panel.best
    if not allows(member, "followups.work"):
        return
    local = panel.best.begins.astimezone(reader.zone)
    about = {"job": job.number} if job and job.is_open else {"person": person.uid}
    fields = {"kind": "call", "subject": _("Call"), "day": local.date().isoformat(), "clock": f"{local:%H:%M}"}
    panel.plan_url = f"{reverse('followups:plan', args=[slug])}?{urlencode(about | fields)}"
    panel.call_words = _("Plan a call %(when)s") % {"when": reader.near(panel.best.begins)}


def _channel_lines(
    attempts: Sequence[ContactAttempt], segment: SegmentContacts | None, reach: _CustomerReach
) -> list[ChannelLine]:
    """Return the media by which the customer may be contacted, likeliest first; those with too few contacts left out.

    A share is the customer's own, drawn to that of their segment as if it were four contacts of theirs.
    """
    own: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for attempt in attempts:
        own[attempt.medium][0] += 1
        own[attempt.medium][1] += attempt.is_answered
    shares = []
    for medium in reach.by_medium:
        tried, answered = own[medium]
        others = segment.media.get(medium, [0, 0]) if segment else [0, 0]
        if tried < MEDIUM_FLOOR and others[0] < SEGMENT_FLOOR:
            continue
        prior = shrunk_share(others[1], others[0], 0.5, 1)
        shares.append((shrunk_share(answered, tried, prior, SEGMENT_CALLS), medium, answered, tried))
    shares.sort(reverse=True)
    return [
        ChannelLine(str(Medium(medium).label), round(100 * share), answered, tried, at == 0 and len(shares) > 1)
        for at, (share, medium, answered, tried) in enumerate(shares)
    ]


def _writing_words(messages: Sequence[LoggedMessage], zone: ZoneInfo, reader: Reader) -> str:
    written = [row.at for row in messages if row.is_theirs and row.medium != CALL]
    return writing_sentence(written, zone, reader)


def _add_follow_up(panel: TimingPanel, job: Job | None, model: LikelihoodModel | None, reader: Reader) -> None:
    """Add how likely the job's next follow-up succeeds, if it is done when it is due."""
    if job is None or model is None:
        return
    upcoming = FollowUp.objects.open().filter(job=job, due_at__isnull=False).by_time().first()
    if upcoming is None or upcoming.due_at is None:
        return
    done = FollowUp.objects.filter(person_id=job.person_id, completed_at__gte=clock.now() - timedelta(days=180))
    outcomes = list(done.order_by("-completed_at").values_list("outcome", flat=True)[:50])
    before = [
        outcome == FollowUpOutcome.SUCCESSFUL for outcome in reversed(outcomes) if outcome != FollowUpOutcome.NOT_NEEDED
    ]
    at = max(upcoming.due_at, reader.now)
    signals = follow_up_signals(upcoming.kind, at.astimezone(directory().zone), days_late(upcoming.due_at, at), before)
    panel.follow_up = explain_likelihood(model, signals)
    panel.follow_up_words = f"{upcoming.subject}, {reader.near(upcoming.due_at)}"
