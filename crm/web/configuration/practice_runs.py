"""The run that creates a practice organization in a few steps, each a transaction of a worker.

If a worker dies, its step is done again. If the run ends otherwise, what it created so far is deleted.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member, Tenant
from crm.platform.models.run import WORKING
from crm.platform.organization.practice import (
    begin_practice,
    copy_configuration,
    delete_practice,
    expect_no_practice,
    find_practice,
    start_apps,
)
from crm.platform.work import runs
from crm.web.models import PracticeRun

# Of what could not be copied, so much is kept.
MOST_LEFT_OUT = 50


def start_practice(*, resets: bool, by: Member) -> PracticeRun:
    """Start the run. Raises Refused where one is under way, or where there can be no practice organization."""
    if find_practice_run():
        raise Refused(_under_way())
    if not resets:
        expect_no_practice()
    run = PracticeRun(resets=resets, by=by, total=len(STEPS))
    try:
        with transaction.atomic():
            runs.start(runs.add(run), by=by)
    except IntegrityError:
        raise Refused(_under_way()) from None
    run.refresh_from_db(fields=["uid"])
    return run


def find_practice_run() -> PracticeRun | None:
    """Return the run that is under way; None if there is none."""
    run: PracticeRun | None = PracticeRun.objects.filter(status__in=WORKING).first()
    return run


def _under_way() -> str:
    return _("The practice organization is being created already.")


def _begin(run: PracticeRun) -> None:
    if run.resets:
        delete_practice(by=run.by)
    if run.by is None:
        raise Refused(_("There is no member who would be its admin."))
    begin_practice(by=run.by)


def _copy_first(run: PracticeRun) -> None:
    copy_configuration(_get_practice())


def _start_apps(run: PracticeRun) -> None:
    start_apps(_get_practice())


def _copy_again(run: PracticeRun) -> None:
    problems = copy_configuration(_get_practice())
    run.left_out = [str(problem) for problem in problems[:MOST_LEFT_OUT]]
    run.save(update_fields=["left_out"])


def _get_practice() -> Tenant:
    practice = find_practice()
    if practice is None:
        raise Refused(_("The practice organization was deleted meanwhile."))
    return practice


STEPS: tuple[Callable[[PracticeRun], None], ...] = (_begin, _copy_first, _start_apps, _copy_again)


@runs.register
class PracticeRunKind(runs.RunKind[PracticeRun]):
    """Does one step a slice."""

    model, work, permission = PracticeRun, "practice.create", "configuration.manage"
    small = 0
    kept = timedelta(days=30)

    def check(self, run: PracticeRun) -> None:
        try:
            super().check(run)
        except runs.RunFailed:
            self.clean_up(run)
            raise

    def do_slice(self, run: PracticeRun) -> bool:
        try:
            with transaction.atomic():
                STEPS[run.done](run)
        except Refused as why:
            self.clean_up(run)
            raise runs.RunFailed(str(why)) from why
        run.save_progress(1)
        return run.done < run.total

    def clean_up(self, run: PracticeRun) -> None:
        """Delete what the run created so far, but nothing that was there before."""
        if run.done:
            delete_practice(by=None)
