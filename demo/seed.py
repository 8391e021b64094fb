"""Lays a demo organization down: set up two years ago, told up to now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crm.platform.tenancy.context import use_tenant
from demo import flaws, followups
from demo.chargeline import charging
from demo.chargeline.setup import PLAN as CHARGELINE
from demo.organization import HousePlan, create_tenant, furnish
from demo.stories.playback import Teller
from demo.stories.story import Story
from demo.suncoast import roofing
from demo.suncoast.setup import PLAN as SUNCOAST


@dataclass(frozen=True)
class House:
    """An organization and what happened in it."""

    plan: HousePlan
    stories: Callable[[], list[Story]]
    boss: str


HOUSES = (
    House(SUNCOAST, roofing.stories, "Marcus Hale"),
    House(CHARGELINE, charging.stories, "Joris van den Berg"),
)


def lay_down(house: House, now: datetime) -> int:
    """Create the tenant with everything in it. Returns how many jobs it has. As the owner, in a transaction."""
    tenant = create_tenant(house.plan)
    stories = house.stories()
    with use_tenant(tenant):
        furnish(house.plan, now.date())
        Teller(now, house.plan.slug, boss=house.boss).tell(stories)
        followups.lay_down(now)
        flaws.lay_down(now)
    return len(stories)
