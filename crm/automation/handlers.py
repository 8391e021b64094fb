"""Connect rules to events and scheduled work."""

from crm.automation import notices as rule_notices
from crm.automation.engine import present_records, recalculation, rounds, runs, subscriber, timers
from crm.automation.models.rule import rule_changed
from crm.automation.models.webhook_call import CALL, FORGET
from crm.automation.moves import proposals
from crm.automation.points import counting
from crm.automation.preview import dry_run  # noqa: F401 (its slices)
from crm.automation.setup import wanted_events
from crm.automation.webhooks import calls, notices
from crm.people.models import profiling_objected
from crm.platform.events.events import on, on_chosen
from crm.platform.work import due_io
from crm.platform.work.due import handler

# The events that concern the tenant's own rules.
on_chosen(wanted_events)(subscriber.handle_events)

on_chosen(counting.wanted_events)(counting.handle_events)

# What was proposed for a lead that goes another way.
on_chosen(proposals.wanted_events)(proposals.withdraw_proposals)

# Edits of calendars move the times that count by them.
on("calendar.changed")(recalculation.after_calendar)
on("brand.edited", "calendar.made_default")(recalculation.after_brand)
on("tenant.edited")(recalculation.after_tenant)

# Due work: a time of a rule has come, a run's wait is over, a rule's times are set anew, a round.
handler(timers.TIMER)(timers.fire_timers)
handler(runs.STEP)(runs.resume_runs)
handler(timers.ARM, in_slices=True)(timers.arm_slice)
handler(recalculation.RECOUNT, in_slices=True)(recalculation.recount_calendars)
handler(recalculation.RECOUNT_ALL, in_slices=True)(recalculation.recount_slice)
handler(rounds.ROUND, in_slices=True)(rounds.run_rounds)
handler(present_records.PRESENT, in_slices=True)(present_records.start_slice)
handler(counting.RECOUNT, in_slices=True)(counting.recount_slice)
due_io.handler(CALL, when_parked=calls.give_up)(calls.make_calls)
handler(FORGET)(calls.forget_calls)

on("rule.paused")(rule_notices.notify_paused)

# A call that was not delivered is told to the admins.
on("webhook.call_failed", "webhook.call_unknown")(notices.tell_lost)
on("webhook.disabled")(notices.notify_disabled)

# Signals of the same transaction.
profiling_objected.connect(counting.forget_points, dispatch_uid="automation")
rule_changed.connect(rounds.follow_rule_change, dispatch_uid="automation")
