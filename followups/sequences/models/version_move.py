"""VersionMove: move those inside an older version of a sequence to another one, as a run with one undo."""

from django.db import models

from crm.jobs.models.bulk_run import ChangeRun
from crm.platform.models import TenantForeignKey
from followups.sequences.models.version import SequenceVersion


class VersionMove(ChangeRun):
    """Enrolments on one version of a sequence, to go on in another."""

    source = TenantForeignKey(SequenceVersion, models.CASCADE, related_name="+")
    target = TenantForeignKey(SequenceVersion, models.CASCADE, related_name="+")
