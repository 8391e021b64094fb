"""Offer a time to the customer of an appointment, hold it, and record whether they accept or decline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy, override

from crm.jobs.models.appointments.appointment_record import AppointmentRecord, by_way
from crm.jobs.models.appointments.states import AppointmentState
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due

# The due work that ends a hold.
HOLD_ENDS = "appointment.hold_ends"
# Nobody reads and answers in less.
LEAST_HOLD = timedelta(minutes=15)
# Why a time is held no longer.
WHY = {
    "time": gettext_lazy("No answer in time"),
    "customer": gettext_lazy("It does not suit the customer"),
    "unreached": gettext_lazy("The question did not reach the customer"),
    "member": gettext_lazy("Withdrawn"),
}


class AppointmentOffer(AppointmentRecord):
    """Methods for offering a time: it is held, accepted, confirmed or declined. Attendance rows hold it.

    `way`: how the customer said it, by "reply" or "link"; blank where a colleague did.
    """

    class Meta(AppointmentRecord.Meta):
        abstract = True

    @property
    def offered_ids(self) -> list[int]:
        """Ids of the members who would attend at the time on offer."""
        return sorted(one.member_id for one in self.attendances.all() if one.is_offered)

    @transaction.atomic
    def offer(
        self,
        starts_at: datetime,
        *,
        by: Member | None,
        members: Sequence[Member] | None = None,
        minutes: int = 0,
        anyway: bool = False,
    ) -> None:
        """Hold another time and ask the customer. The agreed time stays valid until they accept. Idempotent.

        Raises as `reschedule`, and Refused where they cannot be asked, or not in time.
        """
        self.lock()
        self._expect_live()
        people, ends_at = self._asked_for(starts_at, members, minutes)
        if (starts_at, ends_at) == (self.starts_at, self.ends_at):
            raise Refused(gettext("It is at that time already."))
        same_people = {one.pk for one in people} == set(self.offered_ids)
        if same_people and (starts_at, ends_at) == (self.offered_starts_at, self.offered_ends_at):
            return
        self._check_time(starts_at, ends_at)
        self._drop_offer()
        self._check_free(people, by, anyway, (starts_at, ends_at))
        self.offered_starts_at = starts_at
        self.offered_ends_at = ends_at
        self._ask(by)
        self._save()
        self._place(people, is_offered=True)
        data = {"from": self.starts_at.isoformat(), "to": starts_at.isoformat(), "members": self.offered_ids}
        self._record("appointment.offered", by, data)

    @transaction.atomic
    def accept(self, *, by: Member | None, way: str = "") -> None:
        """Record that the customer accepts the held time. Raises Stale if none is held, InTheWay for absent members."""
        self.lock()
        self._expect_live()
        if not self.is_held:
            raise Stale(self, gettext("That time is no longer held. This is how it is now."))
        data: dict[str, Any] = {"agreed": True, "asked_by": self.asked_by_id} | by_way(way)
        starts_at = self.offered_starts_at
        ends_at = self.offered_ends_at
        if starts_at is None or ends_at is None:
            self._drop_offer()
            self._begin_anew(is_chosen=True)
            self._save("state", "confirmed_at", "asked_at", "asked_words")
            data["to"] = self.starts_at.isoformat()
            self._record("appointment.booked", by, data | {"members": self.member_ids})
            self._record("appointment.confirmed", by, data)
            return
        people = self._present_members(is_offered=True)
        before = self.starts_at
        self.starts_at = starts_at
        self.ends_at = ends_at
        self._drop_offer()
        self._check_free(people, by, anyway=True)
        self._begin_anew(is_chosen=True)
        self._save_time(people)
        self._record_rescheduled(before, by, data)

    @transaction.atomic
    def release(self, why: str, *, by: Member | None, way: str = "") -> None:
        """Release the held time for a reason in WHY. Cancels an appointment without an agreed time. Idempotent."""
        self.lock()
        if not self.is_held:
            return
        data = {"to": self.asked_time.isoformat(), "why": why, "asked_by": self.asked_by_id}
        is_new = self.offered_starts_at is None
        self._drop_offer()
        if is_new:
            self.state = AppointmentState.CANCELLED
            with override(directory().tenant.language):
                self.reason = str(WHY[why])
            self.attendances.update(is_live=False)
        self._save("state", "reason")
        self._record("appointment.released", by, data | {"new": is_new} | by_way(way))

    @transaction.atomic
    def confirm(self, *, by: Member | None, way: str = "") -> None:
        """Record that the customer will come; accept a first time on offer. Idempotent. Raises Stale once closed."""
        self.lock()
        self._expect_live()
        if self.is_held and self.offered_starts_at is None:
            self.accept(by=by, way=way)
            return
        if self.is_confirmed:
            return
        self.state = AppointmentState.CONFIRMED
        self.confirmed_at = clock.now()
        self.asked_at = None
        self.asked_words = ""
        self._save("state", "confirmed_at", "asked_at", "asked_words")
        self._record("appointment.confirmed", by, by_way(way))

    @transaction.atomic
    def unconfirm(self, *, by: Member | None) -> None:
        """Return a confirmed appointment to planned, if it was confirmed by mistake. Idempotent."""
        self.lock()
        self._expect_live()
        if self.is_confirmed:
            self.state = AppointmentState.PLANNED
            self.confirmed_at = None
            self._save("state", "confirmed_at")
            self._record("appointment.unconfirmed", by, {})

    @transaction.atomic
    def ask_for_another_time(self, words: str, *, way: str) -> None:
        """Record that the customer asks for another time, in their words; the newest counts. Raises Stale once closed.

        Another time that was held for them is free again; what is new is held until its end, to be moved meanwhile.
        """
        self.lock()
        self._expect_live()
        if self.offered_starts_at:
            self._drop_offer()
        self.asked_at = clock.now()
        self.asked_words = " ".join(words.split())[:500]
        self.state = AppointmentState.PLANNED
        self.confirmed_at = None
        self._save("asked_at", "asked_words", "state", "confirmed_at")
        self._record("appointment.asked", None, by_way(way))

    def hold_from(self, at: datetime) -> None:
        """Start the hold at an instant: when the question can be sent. Raises Refused if it would be too short."""
        ends = [at + timedelta(minutes=self.type.hold_minutes), self.asked_time]
        if self.starts_at > clock.now():
            ends.append(self.starts_at)
        self.held_until = min(ends)
        if self.held_until - at < LEAST_HOLD:
            raise Refused(gettext("There is no time left to ask the customer first."))
        type(self).objects.filter(pk=self.pk).update(held_until=self.held_until)
        due.schedule(HOLD_ENDS, self.pk, self.held_until)

    def _ask(self, by: Member | None) -> None:
        self.asked_by = by
        self.hold_from(clock.now())

    def _drop_offer(self) -> None:
        """Clear the hold and the offered time. The caller saves."""
        if not self.is_held:
            return
        self.attendances.filter(is_offered=True).delete()
        self.held_until = self.offered_starts_at = self.offered_ends_at = self.asked_by = None
        due.cancel(HOLD_ENDS, [self.pk])
