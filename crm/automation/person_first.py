"""Protect a person's recent change from rules, so that contradictory rules cannot undo it."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext as _

from crm.automation.registry.actions import Firing
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event

# For so long a rule leaves alone what a person chose.
MOMENT = timedelta(minutes=10)


def refuse_if_just_set(firing: Firing, *kinds: str) -> None:
    """Raise Refused if a person changed the record by one of these kinds of events within the last MOMENT."""
    row: models.Model = firing.row
    recent = Event.objects.of(row).filter(kind__in=kinds, actor__isnull=False, at__gt=clock.now() - MOMENT)
    if recent.exists():
        raise Refused(_("Someone changed it a moment ago, so it stays."))
