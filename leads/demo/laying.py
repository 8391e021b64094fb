"""Lays a demo organization down: set up two years ago, told up to now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crm.platform import demo
from crm.platform.tenancy import use_tenant
from leads.demo import charging, roofing, untidiness
from leads.demo.chargeline import PLAN as CHARGELINE
from leads.demo.house import HousePlan, create_tenant, furnish
from leads.demo.story import Story
from leads.demo.suncoast import PLAN as SUNCOAST
from leads.demo.telling import Teller


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
        demo.furnish(now)
        untidiness.lay_down(now)
    return len(stories)
