"""Actions of a person on a run: stop a waiting run, retry a failed one."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.automation.engine.runs import STEP, stop_waiting
from crm.automation.models import Mode, RuleRun, RunState
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.work import due


@transaction.atomic
def stop_run(run: RuleRun, *, by: Member) -> None:
    """Stop a waiting run. Raises Refused if it is not waiting."""
    run.lock()
    if run.state != RunState.WAITING:
        raise Refused(_("It is no longer waiting."))
    stop_waiting(run, _("Stopped by %(name)s.") % {"name": by.name})
    events.record("rule.run_stopped", subject=run.rule, by=by, data={"run": run.pk})


@transaction.atomic
def retry_run(run: RuleRun, *, by: Member) -> None:
    """Retry a failed run from the step that failed. Earlier steps are not repeated.

    A worker does it at once, as if a wait were over: where the rule is off by then, or its conditions do not hold any
    more, it stops and says so. Raises Refused where that is known already.
    """
    run.lock()
    if run.state != RunState.FAILED or not run.log:
        raise Refused(_("It didn’t fail."))
    if run.rule.mode != Mode.ON or run.rule.archived_at:
        raise Refused(_("Turn the trigger on first."))
    run.state = RunState.WAITING
    run.reason = ""
    run.step = int(run.log[-1]["step"])
    run.next_at = clock.now()
    run.save(update_fields=["state", "reason", "step", "next_at"])
    due.schedule(STEP, run.pk, run.next_at)
    events.record("rule.run_retried", subject=run.rule, by=by, data={"run": run.pk})
