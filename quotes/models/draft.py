"""DraftedQuote: the verbs that change the draft of a quote: its texts, terms, options and lines."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import MAX_MINOR
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.changed_fields import set_fields
from quotes.models.quote_line import QuoteLine
from quotes.models.quote_option import QuoteOption
from quotes.models.quote_record import LONGEST_TITLE, QuoteRecord
from quotes.models.quote_template import MOST_LINES
from quotes.models.quote_terms import terms_of
from quotes.models.quote_version import QuoteVersion, VersionContent
from quotes.sums import Discount

MOST_OPTIONS = 6
EDITED = "quote.edited"


class DraftedQuote(QuoteRecord):
    """The verbs that change a draft. Each raises Refused where there is none: what was sent is revised, not changed."""

    class Meta(QuoteRecord.Meta):
        abstract = True

    def newest_version(self) -> QuoteVersion:
        """Return its newest version."""
        version: QuoteVersion = self.versions.get(number=self.newest)  # type: ignore[attr-defined]
        return version

    def lock_draft(self) -> QuoteVersion:
        """Lock the quote and return its draft. Raises Refused if its newest version was sent."""
        self.lock()
        if not self.has_draft:
            raise Refused(_("This version was sent. Make a new version to change it."))
        version = self.newest_version()
        version.quote = self  # type: ignore[assignment]
        return version

    def last_day_of_draft(self) -> date:
        """Return the day until which the draft will be valid if it is sent today."""
        return self.newest_version().valid_until or self.today() + timedelta(days=terms_of(self.brand_id).valid_days)

    @transaction.atomic
    def set_texts(self, *, by: Member | None, title: str | None = None, **texts: str) -> None:
        """Change title, introduction, terms or our note; None leaves them. Idempotent."""
        draft = self.lock_draft()
        changed = set_fields(draft, {name: text.replace("\0", "").strip() for name, text in texts.items()})
        if changed:
            draft.save(update_fields=changed)
        if title is not None:
            title = " ".join(title.replace("\0", "").split())[:LONGEST_TITLE]
            if not title:
                raise Refused(_("Enter a title that the customer reads."))
            changed += set_fields(self, {"title": title})
        if changed:
            self.save_edit(draft, by, changed[-1])

    @transaction.atomic
    def set_conditions(self, *, valid_until: date | None, deposit_ppm: int, by: Member | None) -> None:
        """Change until when it is valid (None: the usual days from sending) and the deposit. Idempotent."""
        draft = self.lock_draft()
        if valid_until and valid_until < self.today():
            raise Refused(_("Choose a day in the future."))
        changed = set_fields(draft, {"valid_until": valid_until, "deposit_ppm": deposit_ppm})
        if changed:
            draft.save(update_fields=changed)
            self.save_edit(draft, by, changed[0])

    @transaction.atomic
    def set_discount(self, discount: Discount, *, by: Member | None) -> None:
        """Set the discount on the whole. Idempotent."""
        draft = self.lock_draft()
        changed = set_fields(draft, {"discount_amount": discount.amount, "discount_ppm": discount.ppm})
        if changed:
            draft.save(update_fields=changed)
            self.save_edit(draft, by, "discount")

    # Lines

    @transaction.atomic
    def add_line(self, *, by: Member | None, option: QuoteOption | None = None, **columns: Any) -> QuoteLine:
        """Add a line at the end, to all options or to one. Raises Refused without a name, or for too many lines."""
        [line] = self.add_lines([columns | {"option": option}], by=by)
        return line

    @transaction.atomic
    def add_lines(self, rows: Iterable[Mapping[str, Any]], *, by: Member | None) -> list[QuoteLine]:
        """Add lines at the end, as an item with its parts does. Raises Refused as `add_line` does."""
        draft = self.lock_draft()
        position = draft.lines.aggregate(last=Max("position"))["last"] or 0
        lines = []
        for columns in rows:
            position += 1
            line = QuoteLine(version=draft, position=position, **columns)
            _check_line(line)
            lines.append(line)
        if draft.lines.count() + len(lines) > MOST_LINES:
            raise Refused(_("A quote can have %(most)s lines at most.") % {"most": MOST_LINES})
        QuoteLine.objects.bulk_create(lines)
        if lines:
            self.save_edit(draft, by, "lines")
        return lines

    @transaction.atomic
    def change_lines(self, changes: Mapping[int, Mapping[str, Any]], *, by: Member | None) -> None:
        """Change columns of lines, by their ids. Unknown ids are left out: somebody removed them. Idempotent."""
        draft = self.lock_draft()
        changed = set()
        lines = list(draft.lines.filter(pk__in=changes))
        for line in lines:
            names = set_fields(line, dict(changes[line.pk]))
            _check_line(line)
            changed |= set(names)
        if changed:
            QuoteLine.objects.bulk_update(lines, sorted(changed))
            self.save_edit(draft, by, "lines")

    @transaction.atomic
    def remove_line(self, line_id: int, *, by: Member | None) -> None:
        """Remove a line. Idempotent."""
        draft = self.lock_draft()
        count, _rows = draft.lines.filter(pk=line_id).delete()
        if count:
            self.save_edit(draft, by, "lines")

    @transaction.atomic
    def move_line(self, line_id: int, *, before: int | None, by: Member | None) -> None:
        """Place a line in front of another one; None: at the end. Idempotent."""
        draft = self.lock_draft()
        lines = draft.read_lines()
        moved = next((line for line in lines if line.pk == line_id), None)
        if moved is None:
            return
        rest = [line for line in lines if line.pk != line_id]
        place = next((at for at, line in enumerate(rest) if line.pk == before), len(rest))
        rest.insert(place, moved)
        changed = [(at, line) for at, line in enumerate(rest, start=1) if line.position != at]
        for at, line in changed:
            line.position = at
        if changed:
            QuoteLine.objects.bulk_update([line for _at, line in changed], ["position"])
            self.save_edit(draft, by, "lines")

    # Options

    @transaction.atomic
    def add_option(self, name: str, *, by: Member | None, description: str = "", proposed: bool = False) -> QuoteOption:
        """Add an option. The first one is proposed. Raises Refused without a name, or for too many."""
        draft = self.lock_draft()
        options = draft.read_options()
        if len(options) >= MOST_OPTIONS:
            raise Refused(_("A quote can have %(most)s options at most.") % {"most": MOST_OPTIONS})
        option: QuoteOption = QuoteOption.objects.create(
            version=draft,
            position=options[-1].position + 1 if options else 1,
            name=_clean_name(name)[:60],
            description=" ".join(description.split())[:200],
        )
        option.refresh_from_db(fields=["uid"])
        if proposed or not options:
            _mark_proposed([*options, option], option)
        self.save_edit(draft, by, "options")
        return option

    @transaction.atomic
    def change_option(self, option_id: int, name: str, description: str, *, by: Member | None) -> None:
        """Rename and describe an option. Idempotent."""
        draft = self.lock_draft()
        option = draft.options.get(pk=option_id)
        names = {"name": _clean_name(name)[:60], "description": " ".join(description.split())[:200]}
        changed = set_fields(option, names)
        if changed:
            option.save(update_fields=changed)
            self.save_edit(draft, by, "options")

    @transaction.atomic
    def propose_option(self, option_id: int, *, by: Member | None) -> None:
        """Propose an option: the customer finds it marked. Idempotent."""
        draft = self.lock_draft()
        options = draft.read_options()
        option = next((one for one in options if one.pk == option_id), None)
        if option and not option.is_proposed:
            _mark_proposed(options, option)
            self.save_edit(draft, by, "options")

    @transaction.atomic
    def remove_option(self, option_id: int, *, by: Member | None) -> None:
        """Remove an option with its own lines. Idempotent. Another one is proposed if it was."""
        draft = self.lock_draft()
        options = draft.read_options()
        option = next((one for one in options if one.pk == option_id), None)
        if option is None:
            return
        rest = [one for one in options if one.pk != option_id]
        draft.lines.filter(option=option).delete()
        option.delete()
        if option.is_proposed and rest:
            _mark_proposed(rest, rest[0])
        self.save_edit(draft, by, "options")

    # How it is done

    def save_edit(self, draft: QuoteVersion, by: Member | None, what: str) -> None:
        """Save that the draft was changed: its sums for the list, the version of forms, and the event.

        Raises Refused if an option comes to more than an amount can be.
        """
        columns = ["title", "changed_at"]
        content = VersionContent(draft)
        _refuse_too_much(content)
        if self.sent_version is None:
            columns += self.keep_sums(content)
        self.changed_at = clock.now()
        self._save(*columns)
        # Without the job: its timeline tells of versions, not of every line.
        events.record(EDITED, subject=self, by=by, data={"version": draft.number, "what": what})

    def keep_sums(self, content: VersionContent) -> list[str]:
        """Set the sums of the proposed option on the row, and return the names of the columns."""
        sums = content.sums(content.proposed_id)
        self.total = sums.total
        self.net = sums.net
        self.cost = sums.cost
        return ["total", "net", "cost"]


def _mark_proposed(options: Iterable[QuoteOption], chosen: QuoteOption) -> None:
    """Store which option is proposed: first none, as the database allows one only."""
    for option in options:
        if option.is_proposed and option.pk != chosen.pk:
            option.is_proposed = False
            option.save(update_fields=["is_proposed"])
    chosen.is_proposed = True
    chosen.save(update_fields=["is_proposed"])


def _check_line(line: QuoteLine) -> None:
    """Tidy its name. Raises Refused without one, or for too large an amount."""
    line.name = _clean_name(line.name)
    line.refuse_too_much()


def _refuse_too_much(content: VersionContent) -> None:
    options: list[int | None] = [option.pk for option in content.options] or [None]
    if any(content.sums(option).total > MAX_MINOR for option in options):
        raise Refused(_("The quote comes to too large an amount. Check quantities and prices."))


def _clean_name(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())[:160]
    if not name:
        raise Refused(_("Enter what it is."))
    return name
