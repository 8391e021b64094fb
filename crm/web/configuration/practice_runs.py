"""The run that creates a practice organization in small steps, each a transaction of a worker.

A step copies one section of the configuration, or starts one app: together they take longer than a task may at a high
load. If a worker dies or its time is over, that step alone is done again. If the run ends otherwise, what it created
so far is deleted.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.configuration.sections import configuration_sections
from crm.platform.models import Member, Tenant
from crm.platform.models.run import WORKING
from crm.platform.organization.practice import (
    begin_practice,
    copy_configuration,
    copy_section,
    delete_practice,
    expect_no_practice,
    find_practice,
    start_app,
)
from crm.platform.organization.tenant_creation import TenantStart
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
    run = PracticeRun(resets=resets, by=by, total=len(practice_steps()))
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


def _copy_section(run: PracticeRun, name: str) -> None:
    copy_section(_get_practice(), name)


def _start_app(run: PracticeRun, start: TenantStart) -> None:
    start_app(_get_practice(), start)


def _copy_whole(run: PracticeRun) -> None:
    problems = copy_configuration(_get_practice())
    run.left_out = [str(problem) for problem in problems[:MOST_LEFT_OUT]]
    run.save(update_fields=["left_out"])


def _get_practice() -> Tenant:
    practice = find_practice()
    if practice is None:
        raise Refused(_("The practice organization was deleted meanwhile."))
    return practice


def practice_steps() -> list[Callable[[PracticeRun], None]]:
    """Return the steps: begin, a copy of each section, a start of each app, and what then still differs."""
    sections = [section.name for section in configuration_sections()]
    return [
        _begin,
        *(partial(_copy_section, name=name) for name in sections),
        *(partial(_start_app, start=start) for start in features.of(TenantStart)),
        _copy_whole,
    ]


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
                steps = practice_steps()
                # After an upgrade there may be fewer; the last one copies all that differs.
                steps[min(run.done, len(steps) - 1)](run)
        except Refused as why:
            self.clean_up(run)
            raise runs.RunFailed(str(why)) from why
        run.save_progress(1)
        return run.done < run.total

    def clean_up(self, run: PracticeRun) -> None:
        """Delete what the run created so far, but nothing that was there before."""
        if run.done:
            delete_practice(by=None)
