"""AnsweredQuote: the verbs by which a customer answers: view, choose, ask, decline, accept. Staff decline too."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Member
from quotes.models.acceptance import AcceptedValue, CustomerSignature, OfferChoice
from quotes.models.comparison_verbs import ComparedQuote, tier_of
from quotes.models.contract_review import request_review
from quotes.models.customer_facts import QuoteAcceptance, QuoteChoice, QuoteQuestion, QuoteView
from quotes.models.quote_state import DeclineReason, QuoteState
from quotes.models.quote_version import QuoteVersion, VersionContent

# Looks within this time are one visit.
VISIT = timedelta(minutes=30)
# A page that stays open on a desk is not read all day.
LONGEST_LOOK = 1800
CHANNEL = "portal"


class AnsweredQuote(ComparedQuote):
    """Verbs of the customer."""

    class Meta(ComparedQuote.Meta):
        abstract = True

    def shown_version(self) -> QuoteVersion:
        """Return the version the customer has. Raises DoesNotExist for a quote that was never sent."""
        version: QuoteVersion = self.versions.get(number=self.sent_version)  # type: ignore[attr-defined]
        version.quote = self  # type: ignore[assignment]
        return version

    @transaction.atomic
    def note_view(
        self,
        device: str,
        *,
        person: Person | None,
        seconds: int = 0,
        pages: int = 1,
        is_first_device: bool,
        gave_code: bool,
    ) -> QuoteView:
        """Record that a device shows the version: again within half an hour it is the same visit.

        `seconds`: how long it was looked at since the last call. Records `quote.viewed` for each visit, and
        `quote.forwarded` once for a device that is neither the first nor confirmed by a code.
        """
        self.lock()
        version = self.shown_version()
        now = clock.now()
        view, is_new = QuoteView.objects.get_or_create(
            version=version,
            device=device,
            defaults={"person": person, "first_at": now, "last_at": now, "is_first_device": is_first_device},
        )
        begins = is_new or now - view.last_at > VISIT
        view.visits += begins and not is_new
        view.gave_code = view.gave_code or gave_code
        view.seconds += min(max(seconds, 0), LONGEST_LOOK)
        view.pages = max(view.pages, pages)
        view.last_at = now
        view.save()
        self.seen_at = now
        self.save(update_fields=["seen_at"])
        if is_new and view.looks_forwarded:
            self.record("quote.forwarded", None, {"view": view.pk})
        elif begins:
            self.record("quote.viewed", None, {"view": view.pk, "visit": view.visits})
        return view

    @transaction.atomic
    def choose(self, person: Person, option_id: int | None, unticked: Collection[int]) -> QuoteChoice:
        """Keep what a person has chosen, and its total. Idempotent. Raises Refused for an option there is not."""
        self.lock()
        self._refuse_unless_open()
        content = VersionContent(self.shown_version())
        option_id = _known_option(content, option_id)
        kept = _removable(content, unticked)
        sums = content.sums(option_id, kept)
        values = {"option_id": option_id, "unticked": kept, "total": sums.total, "at": clock.now()}
        choice: QuoteChoice
        choice, _is_new = QuoteChoice.objects.update_or_create(version=content.version, person=person, defaults=values)
        self.chosen_total = sums.total
        self.chosen_net = sums.net
        self.save(update_fields=["chosen_total", "chosen_net"])
        return choice

    @transaction.atomic
    def ask(self, person: Person, text: str) -> QuoteQuestion:
        """Keep a question of the customer. Raises Refused for an empty one."""
        return self._keep_question(person, text, None)

    @transaction.atomic
    def request_change(
        self, person: Person, text: str, option_id: int | None, unticked: Collection[int]
    ) -> QuoteQuestion:
        """Keep what the customer wants changed, with what they had chosen. Raises Refused without words or a change."""
        return self._keep_question(person, text, self.choose(person, option_id, unticked))

    def _keep_question(self, person: Person, text: str, choice: QuoteChoice | None) -> QuoteQuestion:
        self.lock()
        self._refuse_unless_open()
        text = text.replace("\0", "").strip()[:4_000]
        if not text and not (choice and choice.unticked):
            raise Refused(_("Write what you would like to know or change."))
        question: QuoteQuestion = QuoteQuestion.objects.create(
            version=self.shown_version(),
            person=person,
            text=text,
            wants_change=choice is not None,
            option_id=choice.option_id if choice else None,
            unticked=choice.unticked if choice else [],
            total=choice.total if choice else None,
        )
        self.asked_at = clock.now()
        self._save_change("asked_at")
        kind = "quote.change_requested" if choice else "quote.asked"
        self.record(kind, None, {"question": question.pk, "person": person.pk})
        self.job.hear(CHANNEL, cause=kind)
        return question

    @transaction.atomic
    def decline(self, reason: str, *, note: str = "", by: Member | None = None, person: Person | None = None) -> None:
        """Decline it with a reason; `by`: the member who notes it for the customer. Idempotent.

        Raises Refused if it is not waiting, or for no reason.
        """
        self.lock()
        if self.state == QuoteState.DECLINED:
            return
        self._refuse_unless_open()
        if reason not in DeclineReason.values:
            raise Refused(_("Choose a reason."))
        self.decline_reason = reason
        self.decline_note = " ".join(note.split())[:500]
        self.end(QuoteState.DECLINED, "decline_reason", "decline_note")
        data = {"reason": reason} | ({"person": person.pk} if person else {})
        self.record("quote.declined", by, data)
        if by is None:
            self.job.hear(CHANNEL, cause="quote.declined")

    ACCEPTED_COLUMNS = ("total", "net", "cost", "chosen_total", "chosen_net", "accepted_tier", "review_due_at")

    @transaction.atomic
    def accept(self, choice: OfferChoice, signature: CustomerSignature) -> QuoteAcceptance:
        """Accept a choice with a signature. The same choice by the same person again returns what is there.

        Raises Refused, with a sentence for the customer, if anything differs from what they were shown: another
        version, another price, an expired or ended quote, an acceptance by somebody else, or no proven identity.
        """
        self.lock()
        if accepted := self._repeated_acceptance(choice, signature):
            return accepted
        signature.refuse_unless_whole()
        self._refuse_unless_open()
        content = VersionContent(self.shown_version())
        changed = Refused(_("The quote has changed since you opened it. Look at the new price before you accept."))
        if choice.version != content.version.number:
            raise changed
        option_id = _known_option(content, choice.option_id)
        unticked = _removable(content, choice.unticked)
        hash_now = content.choice_hash(option_id, unticked)
        if choice.hash != hash_now:
            raise changed
        sums = content.sums(option_id, unticked)
        acceptance: QuoteAcceptance = QuoteAcceptance.objects.create(
            quote=self,
            version=content.version,
            option_id=option_id,
            unticked=unticked,
            net=sums.net,
            tax=sums.tax,
            total=sums.total,
            deposit=sums.deposit,
            shown_hash=content.version.shown_hash,
            choice_hash=hash_now,
            accepted_at=clock.now(),
            person=signature.person,
            signed_name=" ".join(signature.name.split())[:120],
            method=signature.method,
            consent=signature.consent,
            evidence=dict(signature.evidence),
        )
        self.total = sums.total
        self.net = sums.net
        self.cost = sums.cost
        self.chosen_total = sums.total
        self.chosen_net = sums.net
        self.accepted_tier = tier_of(content, option_id)
        data = acceptance_data(acceptance)
        if review := request_review(self, acceptance):
            self.review_due_at = review.due_at
            data["review"] = review.pk
        self.end(QuoteState.ACCEPTED, *self.ACCEPTED_COLUMNS)
        self.record("quote.accepted", None, data)
        if review:
            self.record("quote.review_requested", None, {"decision": review.pk})
        self.job.hear(CHANNEL, cause="quote.accepted")
        AcceptedValue.set_for(self.job, cause="quote.accepted")
        return acceptance

    def _repeated_acceptance(self, choice: OfferChoice, signature: CustomerSignature) -> QuoteAcceptance | None:
        """Return the acceptance that this one repeats, as a second click does. Raises Refused after another one."""
        if self.state != QuoteState.ACCEPTED:
            return None
        accepted = self.last_acceptance()
        assert accepted is not None
        if accepted.person_id == signature.person.pk and accepted.choice_hash == choice.hash:
            return accepted
        raise Refused(_("%(name)s has accepted this quote already.") % {"name": accepted.signed_name})

    def last_acceptance(self) -> QuoteAcceptance | None:
        """Return the signature under the version the customer has, also if that contract was returned; else None."""
        rows = QuoteAcceptance.objects.filter(quote=self, version__number=self.sent_version)
        acceptance: QuoteAcceptance | None = rows.select_related("version").first()
        return acceptance

    def _refuse_unless_open(self) -> None:
        """Raise Refused, with a sentence for the customer, unless it can be answered."""
        sentences = {
            QuoteState.DRAFT: _("This quote was not sent."),
            QuoteState.ACCEPTED: _("This quote was accepted already."),
            QuoteState.DECLINED: _("This quote was declined. Ask us for a new one."),
            QuoteState.WITHDRAWN: _("We have withdrawn this quote. Ask us for a new one."),
            QuoteState.EXPIRED: _("This quote has expired. Ask us for a new one."),
        }
        if sentence := sentences.get(QuoteState(self.state)):
            raise Refused(sentence)
        if self.is_past_validity:
            raise Refused(sentences[QuoteState.EXPIRED])

    def end(self, state: str, *columns: str) -> None:
        """Save a state that ends the waiting."""
        self.state = state
        self.decided_at = clock.now()
        self._save_change("state", "decided_at", *columns)

    def _save_change(self, *columns: str) -> None:
        self.changed_at = clock.now()
        self._save(*columns, "changed_at")


def acceptance_data(acceptance: QuoteAcceptance) -> dict[str, Any]:
    """Return the ids and amounts of an acceptance for its event: what other apps act on."""
    return {
        "acceptance": acceptance.pk,
        "option": acceptance.option_id,
        "person": acceptance.person_id,
        "net": acceptance.net,
        "tax": acceptance.tax,
        "total": acceptance.total,
        "deposit": acceptance.deposit,
    }


def _known_option(content: VersionContent, option_id: int | None) -> int | None:
    """Return the option if the version has it; None if it has none. Raises Refused for another one."""
    options = {option.pk for option in content.options}
    if not options:
        return None
    if option_id not in options:
        raise Refused(_("Choose one of the options."))
    return option_id


def _removable(content: VersionContent, unticked: Collection[int]) -> list[int]:
    """Return the ids of optional lines among those taken off; what must stay, stays."""
    return sorted(line.pk for line in content.lines if line.is_optional and line.pk in unticked)
