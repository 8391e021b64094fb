"""What roofs hear of, answer and do later."""

from collections.abc import Sequence

from crm.platform.events.events import on
from crm.platform.models import Event
from crm.platform.organization.calendar_effects import Effect, hours_foreseen
from crm.platform.work.due import handler


@on("job.lost")
def forget(events: Sequence[Event]) -> None:
    """Nobody inspects the roof of a job that is lost."""


@handler("roof.stale")
def remind(roof_ids: Sequence[int]) -> None:
    """A year after an inspection."""


def foresee(**_: object) -> Effect:
    return Effect(1, "One inspection moves.")


hours_foreseen.connect(foresee, dispatch_uid="roofs")
