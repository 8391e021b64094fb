"""Read stored submissions, each in its own savepoint; those that give no lead are parked with the reason.

A worker's (`leads.intake`, Due), or a person's who has one read again. What is read twice opens one lead.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.health.full_disk import is_full_disk
from crm.platform.models import Member
from crm.platform.work import due
from leads.intake import arrival
from leads.intake.opening import open_from
from leads.intake.posts.payload import UnreadablePayload
from leads.models import Lead, Submission

logger = logging.getLogger(__name__)

# Failures after which it waits for a person, and how many are read in one transaction.
TRIES = 3
AT_ONCE = 25


def read_waiting(ids: Sequence[int]) -> None:
    """Read the stored submissions in order of arrival."""
    waiting = Submission.objects.waiting().filter(pk__in=ids).order_by("pk").select_for_update()
    for submission in waiting:
        read_one(submission)


def read_one(submission: Submission, *, by: Member | None = None) -> Lead | None:
    """Read one submission; park it if it gives no lead, or after repeated failures. Idempotent."""
    try:
        with transaction.atomic():
            return open_from(submission, by=by)
    except (UnreadablePayload, Refused) as why:
        submission.park(str(why))
    except (OperationalError, InterfaceError):  # the database's trouble, not the lead's
        raise
    except Exception as error:
        if is_full_disk(error):  # it waits until there is room
            raise
        logger.exception("reading a submission failed", extra={"submission": submission.pk})
        _record_failure(submission, error, is_last=by is not None)
    return None


def _record_failure(submission: Submission, error: Exception, *, is_last: bool) -> None:
    submission.attempts += 1
    if is_last or submission.attempts >= TRIES:
        submission.park(_("Reading it failed: %(error)s.") % {"error": type(error).__name__})
        return
    submission.save(update_fields=["attempts"])
    due.schedule(arrival.READ, submission.pk, clock.now() + timedelta(seconds=15 * 2**submission.attempts))
