"""Generate job stories at random for everybody but Dana: open leads of every level, and two years of ended ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from demo.organization import OrganizationPlan, StepPlan
from demo.stories.story import Contact, Ending, NextStep, Place, Stay, Story

# How many of a rep's open leads have a level, and the shares of the allowance that give it: an ordinary day, on which
# one in eight wants somebody. Only the rep of the design has a hard one.
LEVELS: dict[str, tuple[int, float, float]] = {
    "none": (1, 0.2, 1.6),
    "crit": (1, 2.05, 2.8),
    "late": (3, 1.05, 1.9),
    "soon": (6, 0.78, 0.95),
    "ok": (26, 0.04, 0.7),
    "hold": (3, 0.1, 0.9),
}
# Shares of the allowance past steps used, by cumulated probability.
PAST = ((0.8, 0.08, 0.7), (0.93, 1.05, 1.9), (1.0, 2.05, 2.6))
PLANNED = ((0.06, "overdue"), (0.26, "today"), (0.88, "later"), (1.0, "missing"))
# Shares of the leads that ended within the last months, and how many days ago at most.
RECENT, MONTHS = 0.55, 125


@dataclass(frozen=True)
class Trade:
    """What differs between organizations: what they sell, their next steps, reasons and notes."""

    # Pipeline → how common, smallest and largest value in whole units, whether firms buy it.
    work: Mapping[str, tuple[int, int, int, bool]]
    # Kind and label of next steps.
    next_steps: Sequence[tuple[str, str]]
    lost: Sequence[str]
    dropped: Sequence[str]
    held: Sequence[str]
    notes: Sequence[str]
    campaigns: Mapping[str, str]
    # Source → what a lead from it costs, in whole units.
    costs: Mapping[str, int]
    channels: Sequence[str]
    # The brand, place and customer of a job, by pipeline and whether a firm asks.
    customer: Callable[[str, bool], tuple[str, Contact, Place]]
    # Insurer and number, where one is involved.
    claim: Callable[[str], tuple[str, str] | None]
    # The work that goes to service once it is sold, from this phase on.
    service_phase: int = 4


class StoryMaker:
    """Generates stories; the same for the same random numbers."""

    def __init__(self, plan: OrganizationPlan, trade: Trade, random: Random) -> None:
        self.plan, self.trade, self.random = plan, trade, random
        # Its own, so that whose move it was changes nothing else of the stories.
        self.turns = Random(plan.name)  # noqa: S311 (made-up data, the same every time)
        self.pipelines = {pipeline.name: pipeline for pipeline in plan.pipelines}

    def open_leads(self, rep: str, service: Sequence[str] = ()) -> list[Story]:
        """Generate a rep's open leads; some of them are sold and assigned to service."""
        levels = [level for level, (count, _, _) in LEVELS.items() for _ in range(count)]
        return [self._open(level, rep, service) for level in levels]

    def _open(self, level: str, rep: str, service: Sequence[str]) -> Story:
        random = self.random
        _, low, high = LEVELS[level]
        story = self._story(rep)
        steps = self.pipelines[story.pipeline].steps
        share = random.uniform(low, high)
        if level == "none":
            story.stays = [Stay(None, share)]
            story.value = None
        else:
            theirs = level != "hold" and random.random() < 0.3
            at = self._where(steps, theirs)
            theirs = theirs and steps[at].theirs is not None
            story.stays = [*self._past(steps[:at]), Stay(steps[at].name, share, theirs)]
            is_services = service and steps[at].phase >= self.trade.service_phase and level != "hold"
            if is_services and random.random() < 0.5:
                story.owner, story.rep = random.choice(list(service)), rep
        if level == "hold":
            back = random.choice([3, 9, 16, 30, None])
            story.ending = Ending("paused", random.choice(self.trade.held), random.uniform(0.5, 12), back)
        else:
            story.next_step = self._next_step(level)
        last = story.stays[-1]
        if not last.theirs and level != "hold" and random.random() < 0.1:
            story.unread = (random.choice(self.trade.channels), random.choice([1, 1, 1, 2, 3]))
        return story

    def ended(self, rep: str, days_ago: float) -> Story:
        """Generate a lead that was done, lost or dropped some days ago."""
        random = self.random
        story = self._story(rep)
        steps = self.pipelines[story.pipeline].steps
        how = random.choices(["done", "lost", "dropped"], [52, 37, 11])[0]
        decided = next(at for at, step in enumerate(steps) if step.phase >= 3)
        if how == "done":
            at, reason = len(steps) - 1, ""
        elif how == "lost":
            at, reason = random.randint(1, max(1, decided)), random.choice(self.trade.lost)
        else:
            at, reason = random.randint(0, 1), random.choice(self.trade.dropped)
        story.stays = [*self._past(steps[:at]), Stay(steps[at].name, self._share())]
        story.ending = Ending(how, reason, days_ago)
        return story

    def unclaimed(self) -> Story:
        """Generate a lead without an owner, so without a step or in the first one."""
        story = self._story("")
        first = self.pipelines[story.pipeline].steps[0].name
        touched = self.random.random() < 0.4
        story.stays = [Stay(first if touched else None, self.random.uniform(0.2, 1.4))]
        story.value = None
        return story

    def _story(self, rep: str) -> Story:
        random, trade = self.random, self.trade
        pipeline = random.choices(list(trade.work), [row[0] for row in trade.work.values()])[0]
        _, low, high, firms = trade.work[pipeline]
        brand, contact, place = trade.customer(pipeline, firms)
        source = random.choice(list(self.plan.sources))
        cost = trade.costs.get(source)
        story = Story(contact, place, pipeline, [], source, brand, owner=rep)
        story.title = contact.company or contact.name
        story.value = round(random.triangular(low, high, (low + low + high) / 3) / 10) * 1000
        story.cost = round(cost * random.uniform(0.6, 1.6)) * 100 if cost else None
        story.campaign = trade.campaigns.get(source, "")
        story.priority = random.choices([1, 2, 3, 4], [6, 16, 64, 14])[0]
        story.notes = random.sample(list(trade.notes), random.choices([0, 1, 2], [45, 40, 15])[0])
        story.claim = trade.claim(pipeline)
        return story

    def _where(self, steps: Sequence[StepPlan], theirs: bool) -> int:
        """Choose a step; earlier ones are more common, and a customer's move needs a step that allows one."""
        at = min(int(self.random.triangular(0, len(steps), len(steps) * 0.25)), len(steps) - 1)
        if not theirs:
            return at
        having = [nth for nth, step in enumerate(steps) if step.theirs]
        return min(having, key=lambda nth: abs(nth - at)) if having else at

    def _past(self, steps: Sequence[StepPlan]) -> list[Stay]:
        # Now and then a step is skipped; where a step can wait for the customer, three of four leads did.
        kept = [step for step in steps if step is steps[0] or self.random.random() > 0.04]
        return [Stay(step.name, self._share(), self._was_theirs(step)) for step in kept]

    def _was_theirs(self, step: StepPlan) -> bool:
        return step.theirs is not None and self.turns.random() < 0.75

    def _share(self) -> float:
        dice = self.random.random()
        low, high = next((low, high) for limit, low, high in PAST if dice <= limit)
        return self.random.uniform(low, high)

    def _next_step(self, level: str) -> NextStep | None:
        dice = self.random.random()
        when = next(name for limit, name in PLANNED if dice <= limit)
        if when == "missing" or level == "none":
            return None
        kind, label = self.random.choice(list(self.trade.next_steps))
        if when == "today":
            return NextStep(kind, label, self.random.uniform(0.02, 0.2))
        days = -self.random.randint(1, 5) if when == "overdue" else self.random.randint(1, 9)
        return NextStep(kind, label, days, self.random.choice([8.5, 9, 10, 11.25, 13, 14.5, 16]))


def two_years(random: Random, count: int) -> list[float]:
    """List how many days ago `count` leads ended: most of them in the last months, none within the last week.

    As many in each of these months: what came in this month must not stand out against the one before.
    """
    recent = round(count * RECENT)
    return [random.uniform(8, MONTHS) for _ in range(recent)] + [
        MONTHS + 600 * random.random() ** 1.8 for _ in range(count - recent)
    ]
