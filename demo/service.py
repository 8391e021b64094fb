"""Create the demo's service: crews, templates, hand-offs that wait or came back, and the projects of what is sold.

Written as rows: nobody is asked for papers, told or reminded for what happened weeks ago.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from crm.jobs.models import Job, Level
from crm.jobs.models.appointments import Appointment
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.models import Event, Member, Role, Team
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from demo.chargeline import milestones as chargeline
from demo.organization import Milestones
from demo.suncoast import milestones as suncoast
from leads.models import Lead
from service.models import Forecast, HandOff, HandOffState, Issue, Milestone, Project, ProjectTemplate, Promise
from service.models.hand_off import FAR, LATE
from service.models.hand_off_answer import due_dates

CUSTOMER = "customer@"
WAITING = 5
WEEK = timedelta(days=7)
# The chance of rain on a wet day, from six in the morning on.
RAIN = [[hour, chance] for hour, chance in enumerate((5, 8, 12, 30, 55, 80, 90, 88, 82, 76, 70, 48, 30, 20), 6)]


# The three days of work of a project.
Days = tuple[date, date, date]


class Words(NamedTuple):
    """What the demo says in a language."""

    crews: tuple[str, ...]
    template: str
    milestones: Milestones
    checklist: tuple[str, ...]
    papers: tuple[tuple[str, int], ...]
    date: str
    extra: str
    said: str
    sent_back: str
    hold: str
    on_site: str
    rain: str
    solved: str
    # Cause, what happened, what is offered, in whole units, where it stands.
    issues: tuple[tuple[str, str, str, int, str], ...]


WORDS = {
    "en": Words(
        ("Crew A", "Crew B", "Crew C"),
        "Standard job",
        suncoast.MILESTONES,
        ("HOA letter of approval",),
        (("HOA letter", 7), ("Utility letter", 14)),
        "The crew starts before the end of next week",
        "The satellite dish goes back on, at no charge",
        "we’ll be on your roof before the weekend",
        "Agree the second of the month with them, or move Crew C.",
        "Rain on Thursday",
        "Not on Mondays: night shift. Dog stays inside",
        "Rain from ten, wind in the afternoon",
        "Sealed again on the next day, and it holds.",
        (
            ("damage", "A nail went through a tire in the drive.", "refund", 240, "to_approve"),
            ("delay", "The crew came two hours late, twice.", "discount", 120, "offered"),
            ("quality", "One gutter still drips at the corner.", "repair", 0, "solved"),
        ),
    ),
    "nl": Words(
        ("Ploeg Noord", "Ploeg Zuid", "Storingsploeg"),
        "Standaard klus",
        chargeline.MILESTONES,
        ("Foto’s van de meterkast",),
        (("Foto’s van de meterkast", 7), ("Akkoord van de VvE", 14)),
        "De monteur komt voor het eind van volgende week",
        "De oude wandcontactdoos halen we kosteloos weg",
        "voor het weekend kun je laden",
        "Spreek een andere dag af, of verschuif de Storingsploeg.",
        "Wachten op de netbeheerder",
        "Niet op maandag: nachtdienst. De hond blijft binnen",
        "Regen vanaf tien uur, wind in de middag",
        "De volgende dag rechtgehangen, en de klant is tevreden.",
        (
            ("damage", "Een tegel van de oprit is gebroken.", "refund", 210, "to_approve"),
            ("delay", "De monteur kwam twee keer twee uur te laat.", "discount", 90, "offered"),
            ("quality", "Het laadpunt hangt iets scheef.", "repair", 0, "solved"),
        ),
    ),
}


def create_service(now: datetime) -> None:
    """Create it inside the tenant, after its jobs and members."""
    words = WORDS.get(directory().tenant.language, WORDS["en"])
    crews, staff = _crews(words), [one for one in directory().members.values() if one.role == Role.SERVICE]
    template = _template(words, crews[0], staff[0])
    sold = [job for job in Job.objects.open().order_by("number") if job.is_sold and job.level != Level.HOLD]
    _accepted(sold, template, crews, staff[0], words, now)
    _waiting(words, template, staff[0], now)
    _trouble(sold, words, staff[0], now)


def _crews(words: Words) -> list[Team]:
    members = [one for one in directory().members.values() if one.active and one.role in (Role.SERVICE, Role.REP)]
    crews = []
    for at, name in enumerate(words.crews):
        crew = Team.create(name, by=None)
        for member in members[at::3]:
            crew.add(member, by=None)
        crews.append(crew)
    return crews


def _template(words: Words, crew: Team, contact: Member) -> ProjectTemplate:
    return ProjectTemplate.add(
        words.template,
        by=None,
        team=crew,
        contact=contact,
        days=3,
        checklist=list(words.checklist),
        milestones=[
            {
                "name": name,
                "customer_texts": {language: list(pair) for language, pair in texts.items()},
                "weight": weight,
                "day": day,
                "internal": internal,
                # Halfway, and when it is as good as done.
                "asks": weight > 20,
            }
            for name, texts, weight, day, internal in words.milestones
        ],
        papers=[{"title": title, "days": days} for title, days in words.papers],
    )


def _accepted(
    jobs: Sequence[Job], template: ProjectTemplate, crews: list[Team], by: Member, words: Words, now: datetime
) -> None:
    """Write the hand-offs and projects of jobs that stand in a step of the work, or behind it."""
    today = now.astimezone(directory().zone).date()
    leads = Lead.objects.in_bulk([job.pk for job in jobs])
    customers = set(
        ContactPoint.objects.filter(value__startswith=CUSTOMER, value__endswith=".example").values_list(
            "person_id", flat=True
        )
    )
    hand_offs, projects, milestones, events = [], [], [], []
    ordinal = 0
    for job in jobs:
        begun = how_far(job)
        is_customers = job.person_id in customers
        if not is_customers:
            ordinal += begun >= 0
        accepted = min(job.entered_at, now - timedelta(days=2))
        seller = leads[job.pk].rep_id if job.pk in leads else None
        sold_at = accepted - timedelta(hours=5)
        hand_offs.append(_hand_off(job, HandOffState.ACCEPTED, seller, sold_at, accepted, by, template))
        project, days, done = _project(job, template, crews[ordinal % len(crews)], today, begun, ordinal, is_customers)
        project.accepted_at = accepted
        if ordinal == 7 and not is_customers:
            project.hold_reason, project.hold_until, project.held_at = words.hold, today + timedelta(days=3), now
        projects.append(project)
        milestones += _milestones(project, template, days, done, accepted, by)
        events += [
            _event("handoff.accepted", HandOff, job, accepted, by, {"owed": 0}),
            _event("project.started", Project, job, accepted, by, {"template": template.pk}),
        ]
    HandOff.objects.bulk_create(hand_offs)
    Project.objects.bulk_create(projects)
    Milestone.objects.bulk_create(milestones)
    Event.objects.bulk_create(events)


def how_far(job: Job) -> float:
    """Return how far the work is by its step: -1 before it begins, 0.5 in the middle of it, 1 once it is paid for."""
    here = pipeline_setup()
    phases = [here.phase_of(stage.pk) for stage in here.steps(job.pipeline_id)]
    steps = [stage.pk for stage in here.steps(job.pipeline_id)]
    work = [pk for pk, phase in zip(steps, phases, strict=True) if phase == 5]
    if here.phase_of(job.stage_id) > 5:
        return 1
    at = work.index(job.stage_id) if job.stage_id in work else -1
    return 0.5 if at >= 2 or (at >= 0 and at == len(work) - 1) else -1


def _project(
    job: Job, template: ProjectTemplate, crew: Team, today: date, begun: float, ordinal: int, is_customers: bool
) -> tuple[Project, Days, int]:
    """Return a job's project, its days of work, and how many of its milestones are reached."""
    count = len(template.milestones)
    days: Days | None = None
    if begun == 1:
        first, done = today - timedelta(days=20 + ordinal), count
    elif is_customers:
        # Day 2 of 3, two thirds done, whatever day of the week it is.
        hours = directory().calendars.get(directory().calendar_of(job.brand_id) or 0)
        days = second_of_three(today, lambda day: not hours or bool(hours.week[day.weekday()]))
        first, done = days[0], 4
    elif begun == 0.5:
        # One on site a crew, the others a little later.
        first, done = today - timedelta(days=1) + timedelta(days=3 * (ordinal // 3)), 3 if ordinal < 3 else 2
    else:
        first, done = today + timedelta(days=5 + job.pk % 20), 1 if job.pk % 2 else 0
    days = days or (first, first + timedelta(days=1), first + timedelta(days=2))
    weights = [plan["weight"] for plan in template.milestones]
    project = Project(
        job=job,
        template=template,
        team=crew,
        starts_on=days[0],
        ends_on=days[2],
        percent=100 * sum(weights[:done]) // sum(weights),
        finished_at=job.entered_at if begun == 1 else None,
    )
    return project, days, done


def second_of_three(today: date, is_open: Callable[[date], bool]) -> Days:
    """Return three days of work, two of them begun by today: a customer's page counts the days somebody works."""
    before = [day for ago in range(14) if is_open(day := today - timedelta(days=ago))]
    after = [day for ahead in range(1, 15) if is_open(day := today + timedelta(days=ahead))]
    return before[1], before[0], after[0]


def _milestones(
    project: Project, template: ProjectTemplate, days: Days, done: int, since: datetime, by: Member
) -> list[Milestone]:
    return [
        Milestone(
            project=project,
            name=plan["name"],
            customer_texts=plan["customer_texts"],
            weight=plan["weight"],
            visibility="internal" if plan["internal"] else "customer",
            asks=plan["asks"],
            position=at,
            planned_on=days[plan["day"]],
            done_at=since + timedelta(hours=at + 1) if at < done else None,
            done_by=by if at < done else None,
        )
        for at, plan in enumerate(template.milestones)
    ]


def _waiting(words: Words, template: ProjectTemplate, by: Member, now: datetime) -> None:
    """Write hand-offs of what is won and not in work: some to be answered, two late, one sent back."""
    won = Lead.objects.filter(won_at__isnull=False, job__ended_at=None, job__hand_off=None).select_related("job")
    jobs = [lead for lead in won.order_by("job__entered_at", "pk") if lead.job.level != Level.HOLD][:WAITING]
    tenant, events = directory().tenant, []
    for at, lead in enumerate(jobs):
        job, opened = lead.job, now - timedelta(hours=(80, 30, 7, 52, 3)[at])
        opened = max(opened, job.entered_at)
        is_returned = at == 2
        state = HandOffState.RETURNED if is_returned else HandOffState.OPEN
        row = _hand_off(
            job, state, lead.rep_id, opened, now - timedelta(hours=2) if is_returned else None, by, template
        )
        if is_returned:
            row.return_reason, row.return_note, row.returned = "date", words.sent_back, 1
        row.save(force_insert=True)
        job.await_acceptance(True)
        if job.value is not None:
            price = formats.money(job.value, job.currency, tenant.country, tenant.language)
            Promise.objects.create(hand_off=row, kind="price", text=price, answer="yes" if is_returned else "")
        Promise.objects.create(hand_off=row, kind="date", text=words.date, words=words.said)
        Promise.objects.create(hand_off=row, kind="extras", text=words.extra)
        events.append(_event("handoff.opened", HandOff, job, opened, None, {}))
        for kind, due_at in ((LATE, row.due_at), (FAR, row.far_at)):
            if due_at > now:
                due.schedule(kind, row.pk, due_at)
    Event.objects.bulk_create(events)


def _trouble(jobs: Sequence[Job], words: Words, by: Member, now: datetime) -> None:
    """Write issues, one of which waits for a manager, and the forecasts of two days to come."""
    boss = next(one for one in directory().members.values() if one.role == Role.MANAGER)
    rep = min((one for one in directory().members.values() if one.role == Role.REP), key=lambda one: one.pk)
    # One of the rep's whom people sign in as, so that their page of issues is not empty.
    own = [job for job in jobs[2:] if job.member_id == rep.pk][:1]
    chosen = [*own, *(job for job in jobs[2:] if job not in own)]
    for at, (job, (cause, told, offer, amount, state)) in enumerate(zip(chosen, words.issues, strict=False)):
        opened, is_over = now - timedelta(days=2 * at, hours=5), state == "solved"
        Issue.objects.create(
            job=job,
            cause=cause,
            words=told,
            state=state,
            offer=offer,
            amount=amount * 100,
            offered_by=by,
            approved_by=boss if state == "offered" else None,
            approved_at=opened + timedelta(hours=2) if state == "offered" else None,
            outcome=words.solved if is_over else "",
            opened_at=opened,
            opened_by=by,
            ended_at=opened + timedelta(hours=9) if is_over else None,
        )
    wet = _wet_day(now)
    for day, chance, text, hours in ((wet, 90, words.rain, RAIN), (wet + timedelta(days=1), 20, "", [])):
        Forecast.objects.create(day=day, chance=chance, words=text, hours=hours, noted_at=now)
    for job in jobs[:6]:
        Promise.objects.create(hand_off_id=job.pk, kind="on_site", text=words.on_site, answer="yes")


def _wet_day(now: datetime) -> date:
    """Return the day of the next five with the most visits: the one rain would hurt."""
    zone = directory().zone
    today = now.astimezone(zone).date()
    coming = Appointment.objects.live().filter(type__way="visit", starts_at__gt=now, starts_at__lt=now + WEEK)
    days = Counter(at.astimezone(zone).date() for at in coming.values_list("starts_at", flat=True))
    ahead = [today + timedelta(days=away) for away in range(1, 6)]
    return max(ahead, key=lambda day: days[day])


def _hand_off(
    job: Job,
    state: str,
    seller_id: int | None,
    opened: datetime,
    answered: datetime | None,
    by: Member,
    template: ProjectTemplate,
) -> HandOff:
    due_at, far_at = due_dates(job.brand_id, opened)
    return HandOff(
        job=job,
        state=state,
        seller_id=seller_id,
        opened_at=opened,
        due_at=due_at,
        far_at=far_at,
        answered_at=answered,
        answered_by=by if answered else None,
        template=template,
    )


def _event(kind: str, model: Any, job: Job, at: datetime, by: Member | None, data: dict[str, Any]) -> Event:
    label = model._meta.label_lower
    return Event(kind=kind, subject_kind=label, subject_id=job.pk, job_id=job.pk, at=at, actor=by, data=data)
