"""Quote: what a customer is offered for a job, in numbered versions, and its verbs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.jobs.clock import arithmetic
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import (
    Change,
    ChangedRow,
    Member,
    NumberBlock,
    TenantForeignKey,
    TenantManager,
    TenantModel,
)
from crm.platform.organization.configuration import directory
from crm.platform.undo import Undoable, restore_columns
from crm.platform.work import due
from followups.models import FollowUp
from quotes.models.quote_approval import QuoteApproval
from quotes.models.quote_line import QuoteLine
from quotes.models.quote_option import QuoteOption
from quotes.models.quote_record import LONGEST_TITLE, QuoteQuerySet
from quotes.models.quote_state import QuoteState
from quotes.models.quote_template import QuoteTemplate
from quotes.models.quote_terms import terms_of
from quotes.models.quote_version import QuoteVersion, VersionContent
from quotes.models.review_verbs import ReviewedQuote

# Due work: its last day is over.
EXPIRE = "quote.expire"
DAY = 86_400


class Quote(ReviewedQuote, Undoable):
    """A quote of a job. The customer has at most one version of it, the one that was sent last."""

    objects: ClassVar[Any] = TenantManager.from_queryset(QuoteQuerySet)()

    class Meta(ReviewedQuote.Meta):
        pass

    @classmethod
    @transaction.atomic
    def create(cls, job: Job, *, by: Member | None, title: str = "", template: QuoteTemplate | None = None) -> "Quote":
        """Create a quote with an empty first version, which the editor or a template fills. Records `quote.created`."""
        terms = terms_of(job.brand_id)
        title = title or (template.title if template else "") or job.title
        quote = cls(
            number=NumberBlock.objects.allocate_numbers("quote"),
            job=job,
            person_id=job.person_id,
            brand_id=job.brand_id,
            currency=directory().brands[job.brand_id].currency,
            title=title[:LONGEST_TITLE],
            created_by=by,
        )
        quote.save(force_insert=True)
        quote.refresh_from_db(fields=["uid"])
        QuoteVersion.objects.create(
            quote=quote,
            created_by=by,
            intro=template.intro if template else "",
            terms=terms.terms,
            tax_mode=terms.tax_mode,
            tax_rounding=terms.tax_rounding,
            deposit_ppm=terms.deposit_ppm,
        )
        data = {"template": template.pk} if template else {}
        quote.record("quote.created", by, data)
        return quote

    @transaction.atomic
    def revise(self, *, by: Member | None) -> QuoteVersion:
        """Begin a new version with a copy of what was sent. The customer keeps the old one until this is sent.

        Idempotent: a draft that is there is returned. Raises Refused for an accepted quote.
        """
        self.lock()
        if self.has_draft:
            return self.newest_version()
        if self.state == QuoteState.ACCEPTED:
            raise Refused(_("It is accepted. Write a new quote for more work."))
        sent = self.newest_version()
        self.newest += 1
        version = copy_version(sent, number=self.newest, by=by)
        self._save_change("newest")
        self.record("quote.revised", by)
        return version

    @transaction.atomic
    def drop_draft(self, *, by: Member | None) -> None:
        """Remove the draft of a new version: the sent one is the newest again. Raises Refused for a first version."""
        draft = self.lock_draft()
        if self.sent_version is None:
            raise Refused(_("There is no earlier version to go back to."))
        QuoteApproval.objects.open().filter(quote=self).update(decided_at=clock.now())
        # Lines before options: the database checks their keys at once.
        draft.lines.all().delete()
        draft.options.all().delete()
        draft.delete()
        self.newest = self.sent_version
        self._save_change("newest")
        self.record("quote.draft_dropped", by)

    @transaction.atomic
    def discard(self, *, by: Member | None) -> None:
        """Delete it with its draft. Raises Refused once a version was sent. Records `quote.discarded`."""
        draft = self.lock_draft()
        if self.sent_version is not None:
            raise Refused(_("It was sent. Withdraw it instead."))
        self.record("quote.discarded", by)
        QuoteApproval.objects.filter(quote=self).delete()
        draft.lines.all().delete()
        draft.options.all().delete()
        draft.delete()
        self.delete()

    @transaction.atomic
    def send(self, *, by: Member) -> QuoteVersion:
        """Freeze the draft as the version the customer has, and wait for the answer. The caller sends the message.

        Raises Refused without lines or a customer, outside the member's limits, or once the quote is accepted.
        """
        draft = self.lock_draft()
        content = VersionContent(draft)
        self._refuse_to_send(content, by)
        now = clock.now()
        terms = terms_of(self.brand_id)
        draft.valid_until = self.last_day_of_draft()
        draft.shown_hash = content.content_hash(draft.valid_until)
        draft.total = content.sums(content.proposed_id).total
        draft.sent_by = by
        draft.sent_at = now
        draft.save()
        self.state = QuoteState.SENT
        self.sent_version = draft.number
        self.sent_at = now
        self.valid_until = draft.valid_until
        self.decided_at = None
        self.asked_at = None
        self.seen_at = None
        self.decline_reason = ""
        self.decline_note = ""
        self.option_count = len(content.options)
        self.chosen_total = None
        self.chosen_net = None
        self.accepted_tier = ""
        self.warn_at, self.due_at, self.far_at = arithmetic.instants(
            now, terms.answer_days * DAY, None, ratios=directory().tenant.ratios
        )
        self._save_change(*self.SENT_COLUMNS, *self.keep_sums(content))
        due.schedule(EXPIRE, self.pk, self._end_of(draft.valid_until))
        self.record("quote.sent", by)
        return draft

    SENT_COLUMNS = (
        *("state", "sent_version", "sent_at", "valid_until", "decided_at", "asked_at", "seen_at"),
        *("decline_reason", "decline_note", "warn_at", "due_at", "far_at"),
        *("option_count", "chosen_total", "chosen_net", "accepted_tier"),
    )

    def refusal_to_send(self, *, by: Member) -> str:
        """Return why the draft can't be sent by a member as it is; blank if it can."""
        try:
            self._refuse_to_send(VersionContent(self.newest_version()), by)
        except Refused as why:
            return str(why)
        return ""

    def _refuse_to_send(self, content: VersionContent, by: Member) -> None:
        if self.state == QuoteState.ACCEPTED:
            raise Refused(_("It is accepted. Write a new quote for more work."))
        if self.person_id is None:
            raise Refused(_("The lead has no customer. Add one before you send the quote."))
        options: list[int | None] = [option.pk for option in content.options] or [None]
        if any(not content.lines_of(option) for option in options):
            raise Refused(_("Add at least one line to each option."))
        if content.version.valid_until and content.version.valid_until < self.today():
            raise Refused(_("The day until which it is valid has passed. Choose a later one."))
        if any(line.tax_treatment == "unknown" for line in content.lines):
            raise Refused(_("A line has no tax rate for the place of the work. Add the rate in the settings first."))
        if self.reasons_for_approval(content, by):
            raise Refused(_("It needs an approval before you can send it."))

    def _end_of(self, day: date) -> datetime:
        """Return the instant at which a day is over."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone)

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """Take it back: the customer can't accept it any more. Idempotent. Raises Refused unless it waits."""
        self.lock()
        if self.state == QuoteState.WITHDRAWN:
            return
        if self.state != QuoteState.SENT:
            raise Refused(_("Only a quote that waits for the customer can be withdrawn."))
        self.end(QuoteState.WITHDRAWN)
        self.record("quote.withdrawn", by)

    @classmethod
    def expire_all(cls, ids: Sequence[int]) -> None:
        """Expire those without an answer whose last day is over. Idempotent (due work)."""
        for quote in cls.lock_all(cls.objects.waiting().filter(pk__in=ids)):
            if quote.is_past_validity:
                quote.end(QuoteState.EXPIRED)
                quote.record("quote.expired", None)

    # Undo

    undo_columns = ("state", "decided_at", "decline_reason", "decline_note", "other_price", "other_company")
    undo_named_with = ("job",)

    @property
    def undo_name(self) -> str:
        return f"{self.code} {self.title} · {self.job.title}"

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the state before it was withdrawn or declined; one whose last day passed meanwhile expires."""
        restore_columns(rows, recorded)
        for row in rows:
            row._save_change("state")
            row.record("quote.undone", by, {"of": change.kind})
            if row.valid_until:
                due.schedule(EXPIRE, row.pk, row._end_of(row.valid_until))


def copy_version(version: QuoteVersion, *, number: int, by: Member | None) -> QuoteVersion:
    """Copy a version with its options and lines as the draft with a number. The day it is valid until is not copied."""
    columns = (
        "intro",
        "terms",
        "tax_mode",
        "tax_rounding",
        "tax_note",
        "deposit_ppm",
        "discount_amount",
        "discount_ppm",
    )
    draft: QuoteVersion = QuoteVersion.objects.create(
        quote_id=version.quote_id, number=number, created_by=by, **{name: getattr(version, name) for name in columns}
    )
    copy_content(version, draft)
    return draft


def copy_content(source: QuoteVersion, draft: QuoteVersion) -> None:
    """Copy options and lines of a version into a draft, behind those it has."""
    options = {
        option.pk: QuoteOption(version=draft, **{name: getattr(option, name) for name in QuoteOption.COPIED})
        for option in source.read_options()
    }
    QuoteOption.objects.bulk_create(list(options.values()))
    lines = source.read_lines()
    QuoteLine.objects.bulk_create(
        QuoteLine(
            version=draft,
            option=options[line.option_id] if line.option_id else None,
            **{name: getattr(line, name) for name in QuoteLine.COPIED},
        )
        for line in lines
    )


class QuoteFollowUp(TenantModel):
    """A follow-up that is about a quote; the follow-up itself refers to the quote's job and customer."""

    quote_id: int
    follow_up_id: int

    quote = TenantForeignKey(Quote, models.CASCADE, related_name="+")
    follow_up = TenantForeignKey(FollowUp, models.CASCADE, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "follow_up"], name="quote_follow_up_is_about_one_quote")
        ]
        indexes = [models.Index(fields=["tenant", "quote"], name="follow_up_of_quote")]

    def __str__(self) -> str:
        return f"follow-up {self.follow_up_id} about quote {self.quote_id}"
