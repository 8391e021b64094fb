"""Create one tenant's jobs from their stories: customers first, then every job from its first minute to now."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm.jobs.models import Job, JobParty, Note
from crm.jobs.pipelines.setup import PipelineSetup, pipeline_setup
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import directory
from demo.stories.customers import Customer, Customers
from demo.stories.job_history import JobHistory, fresh_ids, fresh_numbers
from demo.stories.step_times import Moment, by_day, moments
from demo.stories.story import NextStep, Story
from leads.models import Campaign, Lead
from leads.sources.funnel import qualified_steps, quoted_steps

# Names of steps from which on the work is sold.
SOLD = ("Signed", "Approved", "Contract", "Signed up", "Akkoord", "ALV akkoord", "Getekend")


class StoryPlayer:
    """Turns stories into the rows of jobs and their history."""

    def __init__(self, now: datetime, seed: str, *, boss: str) -> None:
        self.now, self.random = now, Random(seed)  # noqa: S311 (made-up data, the same every time)
        self.history = JobHistory()
        self.line: PipelineSetup = pipeline_setup()
        self.members: dict[str, Member] = {member.name: member for member in directory().members.values()}
        self.boss = self.members[boss]
        self.brands = {brand.name: brand for brand in directory().brands.values()}
        self.pipelines = {pipeline.name: pipeline for pipeline in self.line.pipelines.values()}
        self.sources = {source.name: source for source in self.line.sources.values()}
        self.campaigns: dict[tuple[str, str], Campaign] = {}
        self.milestones = {"qualified_at": qualified_steps(), "quoted_at": quoted_steps()}

    def play_all(self, stories: Sequence[Story]) -> None:
        """Write the rows of all stories, numbered by when they came in."""
        timed = sorted(((self._moments(story), story) for story in stories), key=lambda pair: pair[0][0].entered_at)
        customers = Customers(stories)
        self._create_campaigns(stories)
        ids, numbers = fresh_ids(Job, len(timed)), fresh_numbers(len(timed))
        for pk, number, (stays, story) in zip(ids, numbers, timed, strict=True):
            customer = customers.add(story, stays[0].entered_at)
            self._play(story, self._job(story, customer, pk, number, stays), customer, stays)
        customers.write()
        self.history.write(self.now)

    def _create_campaigns(self, stories: Sequence[Story]) -> None:
        wanted = {(story.source, story.campaign): None for story in stories if story.campaign}
        rows = Campaign.objects.bulk_create(Campaign(name=name, source=self.sources[of]) for of, name in wanted)
        self.campaigns = dict(zip(wanted, rows, strict=True))
        configuration_changed()

    def _moments(self, story: Story) -> list[Moment]:
        until = self.now
        if story.ending:
            until = by_day(self.now - timedelta(days=story.ending.days_ago), directory().zone)[0]
        return moments(
            story.stays,
            pipeline_id=self.pipelines[story.pipeline].pk,
            brand_id=self.brands[story.brand].pk,
            priority=story.priority,
            until=until,
        )

    def _job(self, story: Story, customer: Customer, pk: int, number: int, stays: list[Moment]) -> Job:
        brand = self.brands[story.brand]
        return Job(
            pk=pk,
            number=number,
            title=story.title or story.contact.name,
            place=story.place.city,
            brand=brand,
            pipeline=self.pipelines[story.pipeline],
            stage_id=stays[0].stage_id,
            company=customer.company,
            site=customer.site,
            source=self.sources[story.source],
            priority=story.priority,
            value=story.value,
            currency=brand.currency,
            came_in_at=stays[0].entered_at,
            entered_at=stays[0].entered_at,
        )

    def _play(self, story: Story, job: Job, customer: Customer, stays: list[Moment]) -> None:
        """Run a job's verbs in the order of its story."""
        owner, rep = self.members.get(story.owner), self.members.get(story.rep or story.owner)
        self.history.open(job, stays[0].entered_at, cause=story.source)
        # After the verb, which would store the party on its own.
        job.person_id = customer.person.pk
        self._involve(job, customer)
        lead = Lead(job=job, rep=rep, cost=story.cost)
        lead.campaign = self.campaigns.get((story.source, story.campaign))
        self.history.leads.append(lead)
        if rep:
            self._at(job, self._between(stays[0], 0.1)).assign_to(rep, by=self.boss)
        for at, stay in enumerate(stays):
            if at:
                self._enter(job, lead, stay, by=rep)
            if stay.turned_at:
                self._at(job, stay.turned_at).turn_to("customer", by=rep)
        if owner and owner != rep:
            self._at(job, self._between(stays[-1], 0.5)).assign_to(owner, by=self.boss)
        self._finish(story, job, stays[-1], by=owner or rep)
        for number, body in enumerate(story.notes):
            written = self._between(stays[min(number + 1, len(stays) - 1)], 0.6)
            self.history.notes.append(Note(job=job, author=owner or rep, body=body, at=written))

    def _involve(self, job: Job, customer: Customer) -> None:
        self.history.parties.append(JobParty(job=job, person=customer.person))
        self.history.parties += [JobParty(job=job, person=person, role=role) for person, role in customer.others]

    def _enter(self, job: Job, lead: Lead, stay: Moment, *, by: Member | None) -> None:
        """Move to the next step; in half of the cases after an answer to the customer."""
        then = self._at(job, stay.entered_at)
        if self.random.random() < 0.5:
            then.answer(self.random.choice(["phone", "email", "sms"]), by=by)
        stage = self.line.stages[stay.stage_id or 0]
        then.move_to(stage, by=by)
        for column, there in self.milestones.items():
            if stage.pk in there and getattr(lead, column) is None:
                setattr(lead, column, stay.entered_at)
        if stage.name in SOLD:
            lead.won_at = stay.entered_at
            self.history.record("lead.won", lead, stay.entered_at, {}, by=by)

    def _finish(self, story: Story, job: Job, last: Moment, *, by: Member | None) -> None:
        """Add the present state of the job: unread messages, the next step, or its end."""
        ending = story.ending
        if story.unread:
            channel, count = story.unread
            for nth in range(count):
                self._at(job, self._between(last, 0.55 + 0.4 * (nth + 1) / count)).hear(channel)
        if story.next_step:
            step = story.next_step
            planned = self._at(job, self._between(last, 0.98))
            planned.plan_next(kind=step.kind, label=step.label, at=self._when(step), by=by)
        if ending is None:
            return
        ended = self._at(job, last.left_at)
        if ending.how == "done":
            ended.finish(by=by)
        elif ending.how == "lost":
            ended.lose(ending.reason, by=by)
        elif ending.how == "dropped":
            ended.drop(ending.reason, by=by)
        else:
            back = ending.back_in_days
            until = self.now + timedelta(days=back) if back is not None else None
            ended.pause(reason=ending.reason, until=until, by=by)

    def _when(self, step: NextStep) -> datetime:
        """Return the instant of a next step, rounded to a quarter of an hour."""
        at = self.now + timedelta(days=step.in_days)
        hour = 10 if step.hour is None and abs(step.in_days) >= 1 else step.hour
        if hour is not None:
            local = at.astimezone(directory().zone).replace(hour=int(hour), minute=int(hour % 1 * 60))
            return local.replace(second=0, microsecond=0)
        minute = -(-at.minute // 15) * 15
        return at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minute)

    def _at(self, job: Job, at: datetime) -> "_JobAt":
        self.history.pass_time(job, at)
        return _JobAt(job, at)

    def _between(self, stay: Moment, share: float) -> datetime:
        return stay.entered_at + (stay.left_at - stay.entered_at) * share


class _JobAt:
    """A job at a past instant: every verb called on it runs as of then."""

    def __init__(self, job: Job, at: datetime) -> None:
        self._job, self._instant = job, at

    def __getattr__(self, verb: str) -> Callable[..., None]:
        def run(*args: Any, **kwargs: Any) -> None:
            with clock.at(self._instant):
                getattr(self._job, verb)(*args, **kwargs)

        return run
