"""Notify customers that the crew is on its way or late: one message per report."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from comms.outbox.by_template import queue_to
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Event
from service.models import Arrival, Project

logger = logging.getLogger(__name__)

KEYS = {"arrival.driving": "crew_on_the_way", "arrival.late": "crew_late"}
# Later than that nobody needs to read of it.
USEFUL = timedelta(hours=2)


def tell(said: Sequence[Event]) -> None:
    """Notify the customers of these projects, by text if they have a number, else by email."""
    rows = Project.objects.select_related("job__brand", "job__person", "team").in_bulk([one.subject_id for one in said])
    arrivals = Arrival.objects.in_bulk([one.data["arrival"] for one in said])
    for event in said:
        project = rows.get(event.subject_id)
        arrival = arrivals.get(event.data["arrival"])
        # What was said since is told by its own event.
        if (
            project
            and arrival
            and f"arrival.{arrival.state}" == event.kind
            and arrival.minutes == event.data["minutes"]
        ):
            _send_arrival(project, event)


def _send_arrival(project: Project, event: Event) -> None:
    person = project.job.person
    if person is None or person.erased_at:
        return
    properties = {"crew.name": project.team.name if project.team else "", "crew.minutes": str(event.data["minutes"])}
    for point in ContactPoint.objects.filter(person=person).phones_first()[:6]:
        try:
            queue_to(
                point,
                KEYS[event.kind],
                brand=project.job.brand,
                job=project.job,
                given=properties,
                useful_until=event.at + USEFUL,
                occasion=f"arrival:{event.pk}",
            )
        except Refused as why:
            logger.info("a customer was not told of a crew", extra={"project": project.pk, "why": str(why)})
            continue
        return
