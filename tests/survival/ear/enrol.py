"""Puts new leads into a sequence: `python -m tests.survival.ear.enrol 2525 kim 6` names them kim0 to kim5.

Its steps are a mail to the peer at that port, a follow-up that does not hold, and a wait.
"""

import sys
from typing import Any

import django


def main(port: int, name: str, count: int) -> None:
    """Enrol so many new leads, each of another customer with an address at the peer."""
    from crm.platform.models import Member, Tenant
    from crm.platform.tenancy.context import use_tenant
    from followups.sequences.enrolling import enrol_all

    with use_tenant(Tenant.objects.order_by("pk")[0]):
        by = Member.objects.get(role="manager")
        jobs = [_open_lead(f"{name}{number}", by) for number in range(count)]
        enrol_all(_find_sequence(port, by), jobs, by=by)


def _open_lead(name: str, by: Any) -> Any:
    from crm.jobs.creation.job_creation import open_job
    from crm.people.models import ContactPoint, Person

    person = Person.objects.create(name=name)
    ContactPoint.objects.create(person=person, kind="email", value=f"{name}@users.example")
    return open_job(title=name, person=person, member=by, by=by)


def _find_sequence(port: int, by: Any) -> Any:
    """Return the sequence of these leads; make it, its templates and its channel the first time."""
    from comms.library.seeding import create_library
    from comms.models import Channel
    from crm.automation.span import Span
    from crm.platform.models import Brand
    from followups.sequences.definition import SequenceDefinition, SequenceWait
    from followups.sequences.models import Sequence
    from followups.sequences.presets.parts import plan, send
    from followups.sequences.registry import USUAL_STOPS

    if made := Sequence.objects.first():
        return made
    create_library(["en"])
    brand = Brand.objects.get(is_default=True)
    brand.phone = "+18135550100"
    brand.save()
    Channel.create(
        by=by,
        brand=brand,
        medium="email",
        role="support",
        provider="smtp",
        address="hello@suncoast.example",
        settings={"host": "127.0.0.1", "port": port, "security": "none"},
    )
    steps = (send("quote_follow_up", by=("email",)), plan("call", "Call", holds=False), SequenceWait(Span(30)))
    made = Sequence.add("Killed", "quotes", SequenceDefinition(steps, stops=USUAL_STOPS), by=by)
    made.switch("on", by=by)
    return made


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
