"""Whether a new organization has made its pipelines its own: a tick of the first steps."""

from crm.jobs.models import Job, Phase, Pipeline, Stage, StageTarget
from crm.platform.models import Event
from crm.web.shell.first_steps import edited


def has_own_steps() -> bool:
    """Tell whether somebody edited a pipeline, or moved a lead along the steps as they are."""
    if edited(Pipeline, Phase, Stage, StageTarget):
        return True
    return bool(Event.objects.filter(subject_kind=Job._meta.label_lower, kind="job.moved").exists())
