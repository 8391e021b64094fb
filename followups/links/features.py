"""Register the links to the form that plans a follow-up about a record, and to the follow-ups about it."""

from django.db.models import Model

from crm.jobs.timeline.sources import TimelineSource
from crm.people.models import Person
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink
from followups.links.person_activity import person_entries
from followups.links.planned_record import PARAMETERS


def record_links(model: type[Model], parameter: str, key: str = "uid") -> list[Feature]:
    """Return the links to the form and to the panel of follow-ups for a model of an app above (LinkedModel)."""
    return [
        RecordLink(
            model=model, purpose="plan", name="followups:plan", permission="followups.work", key=key, query=parameter
        ),
        RecordLink(
            model=model,
            purpose="follow_ups",
            name="followups:of_record",
            permission="followups.view",
            key=key,
            query=parameter,
        ),
    ]


# On the page of a job its next step is shown instead, and on a person's page a tab.
_WITH_PANEL = ("ticket", "appointment", "document", "property")
FEATURES: list[Feature] = [
    *(
        RecordLink(
            model=model, purpose="plan", name="followups:plan", permission="followups.work", key=column, query=name
        )
        for name, (model, column) in PARAMETERS.items()
    ),
    *(
        RecordLink(
            model=PARAMETERS[name][0],
            purpose="follow_ups",
            name="followups:of_record",
            permission="followups.view",
            key=PARAMETERS[name][1],
            query=name,
        )
        for name in _WITH_PANEL
    ),
    TimelineSource(person_entries),
    RecordLink(model=Person, purpose="follow_ups", name="followups:of_person", permission="followups.view"),
    RecordLink(model=Person, purpose="follow_ups_mark", name="followups:person_mark", permission="followups.view"),
]
