"""Renewal: the new date that is asked for when a follow-up is completed that was planned by a date.

The new date is saved where it is read from, so that the trigger, or the asset, plans the next follow-up by it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from crm.automation.engine.timers import fire_at
from crm.automation.models import RuleRun
from crm.automation.registry.triggers import Chosen, DayWriter, TimeTrigger
from crm.automation.setup import ReadRule, working_rules
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Event, Member
from crm.platform.models.changed_fields import set_fields
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.automation.moving_dates import find_present_date, run_of
from followups.models import FollowUp


@dataclass(frozen=True)
class DateRenewal:
    """A date that a member may renew: the record, how the date is set, and its present day."""

    row: Any
    writer: DayWriter
    # The value of the trigger's anchor, which ends in the day.
    value: str
    # When the next follow-up is planned by the present day; None if that has passed.
    next_time: Callable[[], datetime | None]
    # The options of the trigger.
    chosen: Chosen = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.writer.label(self.row, self.value, self.chosen)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.value.rpartition(":")[2])

    def write(self, day: date, *, by: Member) -> None:
        """Set the day. Raises Refused if the record does."""
        self.writer.write(self.row, self.value, self.chosen, day, by)


@dataclass(frozen=True, kw_only=True)
class RenewalSource(Feature):
    """A date by which an app plans follow-ups without a trigger, such as an asset's maintenance."""

    unique: ClassVar[tuple[str, ...]] = ("origin",)

    # What the origins of its follow-ups begin with.
    origin: str
    # The date of such a follow-up, as it is now; None if there is none.
    find: Callable[[FollowUp], DateRenewal | None]


def find_renewal(follow_up: FollowUp, member: Member) -> DateRenewal | None:
    """Return the date that completing a follow-up may renew; None if it has none, or the member may not set it."""
    renewal = _date_of_follow_up(follow_up)
    if renewal and renewal.writer.may_write(renewal.row, member):
        return renewal
    return None


def _date_of_follow_up(follow_up: FollowUp) -> DateRenewal | None:
    for source in features.of(RenewalSource):
        if follow_up.origin.startswith(source.origin):
            return source.find(follow_up)
    run = run_of(follow_up.origin)
    if run is None:
        return None
    return _date_of_run(run)


def _date_of_run(run: RuleRun) -> DateRenewal | None:
    read = working_rules().rules.get(run.rule_id)
    if read is None or not isinstance(read.trigger, TimeTrigger) or read.trigger.writer is None:
        return None
    if read.problem:
        # Such as a date field that was archived: there is nothing to read the date from.
        return None
    row, anchor = find_present_date(read, run)
    if anchor is None:
        return None
    return DateRenewal(row, read.trigger.writer, anchor.value, partial(_next_time, read, run), read.chosen)


def _next_time(read: ReadRule, run: RuleRun) -> datetime | None:
    """Return when a trigger plans the next follow-up by the present day; None if that has passed."""
    row, anchor = find_present_date(read, run)
    if anchor is None:
        return None
    at = fire_at(read, row, anchor)
    if at <= clock.now():
        return None
    return at


def renew_date(follow_up: FollowUp, day: date, reader: Reader, *, by: Member) -> str:
    """Set the new date of a completed follow-up; return a sentence with it, and when the next follow-up is planned.

    Raises Refused for a day that is not after the present one.
    """
    renewal = find_renewal(follow_up, by)
    if renewal is None:
        raise Refused(_("The date can no longer be changed here."))
    before = renewal.day
    if day <= before:
        raise Refused(_("Choose a day after %(day)s.") % {"day": reader.date(before)})
    renewal.write(day, by=by)
    _keep_days(follow_up, before, day)
    words = {"date": renewal.label, "day": reader.date(day)}
    at = renewal.next_time()
    if at is None:
        return _("%(date)s: %(day)s.") % words
    words["next"] = reader.long_day(at)
    return _("%(date)s: %(day)s. The next follow-up is planned on %(next)s.") % words


def take_back_renewals(events: Sequence[Event]) -> None:
    """Restore the date before, when a follow-up is reopened whose completion set a new one. Idempotent.

    A date that was changed since stays, and so does one whose record refuses the date before.
    """
    actors = {event.subject_id: event.actor_id for event in events}
    members = directory().members
    for follow_up in FollowUp.objects.filter(pk__in=actors, renewed_to__isnull=False).order_by("pk"):
        member = members.get(actors[follow_up.pk] or 0)
        renewal = _date_of_follow_up(follow_up)
        if follow_up.is_open and member and renewal and renewal.day == follow_up.renewed_to:
            # A record that takes no past date, as what a customer is to send, keeps the new one.
            with suppress(Refused), transaction.atomic():
                renewal.write(follow_up.renewed_from, by=member)
        _keep_days(follow_up, None, None)


def _keep_days(follow_up: FollowUp, before: date | None, after: date | None) -> None:
    """Keep on a follow-up the new date that its completion set, and the date before."""
    changed = set_fields(follow_up, {"renewed_from": before, "renewed_to": after})
    follow_up.save(update_fields=changed)
