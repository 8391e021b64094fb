"""The form of targets: one row per case, entered and shown as durations; previews and saves the changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Pipeline, StageTarget
from crm.jobs.pipeline_settings import edit_effects
from crm.jobs.pipeline_settings.views.terms import Inherited, inherited_terms, workday
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel import durations
from crm.kernel.business_hours import HoursError
from crm.platform.models import Member

# A year; longer is no target, and the instants are stored.
LONGEST = 366


@dataclass
class TargetRow:
    """A case's row of the form: the typed or stored values, and the inherited ones where it is empty."""

    case: TargetCase
    label: str
    ours: str
    theirs: str
    working_hours: bool
    # What holds where a field is empty.
    from_ours: Inherited
    from_theirs: Inherited
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Prefix of the row's field names."""
        return key_of(self.case)


def key_of(case: TargetCase) -> str:
    """Return the case as part of a field name."""
    return "-".join(str(part or 0) for part in case)


class TargetForm:
    """The rows of some cases of one pipeline; bound to the POST data, if any."""

    def __init__(self, pipeline: Pipeline, cases: Mapping[TargetCase, str], posted: Mapping[str, str] | None) -> None:
        self.pipeline = pipeline
        self.posted = posted
        self.changes: dict[TargetCase, Terms] = {}
        self.rows = [self._row(case, label) for case, label in cases.items()]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """List (field id, row name, error message) of every invalid field."""
        return [(f"{name}-{row.key}", row.label, why) for row in self.rows for name, why in row.errors.items()]

    def effect(self) -> edit_effects.ClockEffect | None:
        """Return the effect of saving on open leads; None if nothing would change."""
        if self.changes:
            return edit_effects.of_targets(self.pipeline, self.changes)
        return None

    def save(self, by: Member) -> int:
        """Save every changed target; returns how many."""
        return sum(StageTarget.set(self.pipeline, case, terms, by=by) for case, terms in self.changes.items())

    def _row(self, case: TargetCase, label: str) -> TargetRow:
        stored = self._stored_terms(case)
        day = workday(case.brand_id, working_hours=stored.working_hours)
        texts = [durations.exact_duration(seconds, day) if seconds else "" for seconds in (stored.ours, stored.theirs)]
        ours, theirs = (inherited_terms(self.pipeline.pk, *case, theirs=theirs) for theirs in (False, True))
        row = TargetRow(case, label, texts[0], texts[1], stored.working_hours, ours, theirs)
        if self.posted is not None and f"ours-{row.key}" in self.posted:
            self._read(row, stored, self.posted)
        return row

    def _stored_terms(self, case: TargetCase) -> Terms:
        target = pipeline_setup().targets.get((self.pipeline.pk, *case))
        if target:
            return target.terms
        decides = pipeline_setup().rule(self.pipeline.pk, *case, theirs=False)
        return Terms(None, None, decides.working_hours if decides else True)

    def _read(self, row: TargetRow, stored: Terms, posted: Mapping[str, str]) -> None:
        row.working_hours = posted.get(f"counts-{row.key}") != "calendar"
        row.ours, row.theirs = (posted.get(f"{name}-{row.key}", "")[:60] for name in ("ours", "theirs"))
        times = [self._time(row, name) for name in ("ours", "theirs")]
        if row.errors:
            return
        terms = Terms(times[0], times[1], row.working_hours)
        if terms == stored or (not any(times) and not (stored.ours or stored.theirs)):
            return
        try:
            edit_effects.check_reachable(row.case, terms)
        except HoursError as error:
            row.errors["ours"] = _(error.sentence) % error.params
            return
        self.changes[row.case] = terms

    def _time(self, row: TargetRow, name: str) -> int | None:
        text = getattr(row, name).strip()
        if not text:
            return None
        day = workday(row.case.brand_id, working_hours=row.working_hours)
        try:
            seconds = durations.parse_duration(text, day, 5 if row.working_hours else 7)
        except ValueError:
            row.errors[name] = _("Write it like 2d 4h, 90 min or 1:30.")
            return None
        if seconds == 0:
            row.errors[name] = _("Enter a time above zero, or leave it empty to use the default.")
        elif seconds > LONGEST * day:
            row.errors[name] = _("A year at most.")
        return seconds


def words(effect: edit_effects.ClockEffect) -> str:
    """Describe an effect on due dates in a sentence."""
    if not effect.moved and not effect.more:
        return _("No due dates of open leads change.")
    count = {"count": effect.moved}
    sentences = [
        ngettext(
            "Changes the due date of %(count)s open lead.",
            "Changes the due date of %(count)s open leads.",
            effect.moved,
        )
        % count
    ]
    if effect.late:
        late = ngettext("%(count)s becomes late immediately.", "%(count)s become late immediately.", effect.late)
        sentences.append(late % {"count": effect.late})
    if effect.saved:
        saved = ngettext("%(count)s is no longer late.", "%(count)s are no longer late.", effect.saved)
        sentences.append(saved % {"count": effect.saved})
    if effect.more:
        sentences.append(_("Only the first %(count)s were checked; there are more.") % {"count": effect.looked_at})
    return " ".join(sentences)
