"""The messages after an action, among them the one on a conflict: who changed the lead meanwhile, and when."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Job
from crm.jobs.timeline.timeline import sentence
from crm.platform.models import Event
from crm.web.reader import Reader

# Actions after which another page shows outdated facts of a job.
ACTS = (
    "moved turned paused resumed finished lost dropped reopened assigned prioritized undone heard answered contacted"
).split()


def overtaken(job: Job, reader: Reader) -> str:
    """ "Mona Manager moved it from New to Quote sent, just now. This is how it is now." """
    kinds = [f"job.{act}" for act in ACTS]
    last = Event.objects.of_job(job.pk).filter(kind__in=kinds).order_by("-pk").first()
    if last is None:
        return _("Someone else changed this in the meantime. This is how it is now.")
    told = {"what": sentence(last, reader), "when": _ago(last, reader)}
    return _("%(what)s, %(when)s. This is how it is now.") % told


def gone(job: Job, reader: Reader) -> str:
    """Return the message for a member who may not see the lead any more, as a colleague has it now."""
    last = Event.objects.of_job(job.pk).filter(kind="job.assigned").order_by("-pk").first()
    if last is None:
        return _("You no longer have access to it.")
    told = {"what": sentence(last, reader), "when": _ago(last, reader)}
    return _("%(what)s, %(when)s. You no longer have access to it.") % told


def _ago(event: Event, reader: Reader) -> str:
    past = reader.now - event.at
    minutes = int(past / timedelta(minutes=1))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    return reader.moment(event.at)
