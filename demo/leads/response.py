"""Create the demo's first contacts, partners and what is nothing for us; and the points that past leads ended with."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.models import PriorityScore
from crm.automation.points.counting import active_points, job_kind
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event, Member
from crm.platform.models.due import Due
from crm.platform.organization.configuration import directory
from leads.models import FirstContact, NoGo, Partner
from leads.qualification.disqualification import look_at
from leads.response.first_contact import CLIMB, catch_up

# Of ten leads so many are called at once; minutes until then.
AT_ONCE, MINUTES = 9, (2, 4, 5, 7, 9, 11, 13, 6, 3)
ADDRESS = "leads@partner.example"


def create_response(now: datetime) -> None:
    """Create it inside the tenant, after its jobs, rules and points."""
    Event.objects.bulk_create(_calls())
    FirstContact.objects.all().delete()
    catch_up()
    # What came in long ago climbs no ladder any more.
    Due.objects.filter(kind=CLIMB).delete()
    _score_ended()
    with override(directory().tenant.language), clock.at(now):
        _qualify()


def _calls() -> Iterator[Event]:
    """Return a call soon after most leads came in, by who has them; those in their first step wait still."""
    moved = Job.objects.exclude(past="").filter(member__isnull=False).order_by("pk")
    for job in moved.only("pk", "number", "came_in_at", "member_id"):
        if job.number % 10 < AT_ONCE:
            at = job.came_in_at + timedelta(minutes=MINUTES[job.number % len(MINUTES)])
            data = {"kind": "call", "outcome": "reached", "touched_at": at.isoformat(), "before": {}}
            yield Event(
                at=at,
                kind="job.contacted",
                subject_kind="jobs.job",
                subject_id=job.pk,
                job_id=job.pk,
                actor_id=job.member_id,
                data=data,
            )


def _score_ended() -> None:
    """Note the points that ended leads had, as the worker does while they are open."""
    points = active_points()
    ids = list(Job.objects.exclude(state="open").order_by("pk").values_list("pk", flat=True))
    judged = judge_conditions(job_kind(), ids, [group for one in points for group in one.groups])
    rows = []
    for pk in sorted(judged):
        reasons = [[one.words, one.points] for one in points if all_groups_hold(one.groups, judged[pk])]
        rows.append(PriorityScore(job_id=pk, points=sum(one[1] for one in reasons), reasons=reasons))
    PriorityScore.objects.bulk_create(rows, ignore_conflicts=True)


def _qualify() -> None:
    admin: Member = Member.objects.filter(role="admin").order_by("pk")[0]
    name = "Klusbedrijf De Haan" if directory().tenant.language == "nl" else "Handy & Daughters"
    partner = Partner.add(name, ADDRESS, does=_("small repairs"), area=_("the whole region"), by=admin)
    NoGo.add(_("too small for us"), "where=value:max:500", partner=partner, by=admin)
    NoGo.add(_("asbestos"), "asks=asbest", by=admin)
    look_at(list(Job.objects.open().order_by("pk").values_list("pk", flat=True)))
