"""The options for reading a file: what each column holds, what its values mean, its date and amount formats.

The options are defined here once: the page shows them, and what a form sends back is taken only if it is one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from crm.jobs.fields.setup import all_fields
from crm.jobs.models import Priority
from crm.jobs.models.fields import OwnField, OwnFieldRecord
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from leads.importing.mapping.columns import HEADER_WITHIN, KEEP, LEAVE, OWN, STEP
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.mapping.plan import NAMING, Choices, Plan
from leads.importing.mapping.without_headings import NO_HEADER
from leads.importing.values.vocabulary import IS, Vocabulary, vocabulary
from leads.models import ImportRun
from libs.tabular import ENCODINGS

# The button that leaves out all columns that would go into the note; from so many of them on it is shown.
LEAVE_REST = "leave_rest"
MANY_KEPT = 4
# A word that stays a word: it goes into the lead's note.
AS_IT_IS = ""


@dataclass(frozen=True, slots=True)
class Option:
    """An option to choose."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Options under one heading; "" for none."""

    label: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class ColumnOption:
    """A column with sample values, and its present meaning."""

    at: int
    heading: str
    samples: Sequence[str]
    code: str
    # Whether the page asks for it.
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a column that names a rep, step or the like: its count, and its present meaning."""

    name: str
    text: str
    count: int
    code: str
    # What it means by itself, where it means something; "" for an unknown one.
    known: str


@dataclass(frozen=True, slots=True)
class OptionWords:
    """The values of one column."""

    field: str
    label: str
    groups: Sequence[OptionGroup]
    unknown: Sequence[Word]
    known: Sequence[Word]
    # What happens to a word for which nothing is chosen.
    otherwise: str


def columns_of(run: ImportRun, plan: Plan) -> list[ColumnOption]:
    """List the file's columns that hold values or have a meaning."""
    samples = run.layout["gathered"]["samples"]
    return [
        ColumnOption(
            at,
            heading.strip() or _("column %(number)s") % {"number": at + 1},
            samples.get(str(at), []),
            code,
            at in plan.columns.unsure,
        )
        for at, heading in enumerate(plan.header)
        if (code := plan.columns.code(at)) not in (KEEP, LEAVE) or samples.get(str(at))
    ]


def _own_label(field: OwnField) -> str:
    """Return the name of an own field; that of another record than the lead says which."""
    if field.record == OwnFieldRecord.LEAD:
        return field.name
    return f"{OwnFieldRecord(field.record).label}: {field.name}"


def column_groups(words: Vocabulary) -> list[OptionGroup]:
    """List the fields a column can hold, in groups."""
    fields = [Option(str(name), str(label)) for name, label in LABELS.items()]
    steps = [
        Option(
            f"{STEP}{stage.pk}",
            f"{words.line.pipelines[pk].name}: {stage.name}" if len(words.steps) > 1 else stage.name,
        )
        for pk in words.steps
        for stage in words.line.steps(pk)
    ]
    first = Option(KEEP, _("keep in the lead’s note")), Option(LEAVE, _("left out"))
    own = [Option(f"{OWN}{field.pk}", _own_label(field)) for field in all_fields().live]
    added = []
    if own:
        added = [OptionGroup(_("Custom fields"), own)]
    return [
        OptionGroup("", first),
        OptionGroup(_("Contains"), fields),
        *added,
        OptionGroup(_("Date it entered the step"), steps),
    ]


def encoding_groups(plan: Plan) -> list[OptionGroup]:
    """List the encodings of a text file: the possible ones, each with a sample cell, then all."""
    likely = [
        Option(codec, ": ".join(filter(None, (_encoding_label(codec), example))))
        for codec, example in plan.staged.candidates or [(plan.staged.encoding, "")]
    ]
    if plan.staged.encoding not in {option.code for option in likely}:
        likely.insert(0, Option(plan.staged.encoding, _encoding_label(plan.staged.encoding)))
    codes = {option.code for option in likely}
    others = [Option(codec, _encoding_label(codec)) for codec in ENCODINGS if codec not in codes]
    return [OptionGroup("", likely), OptionGroup(_("Another"), others)]


def _encoding_label(codec: str) -> str:
    return _(ENCODINGS.get(codec, codec))


def words_of(run: ImportRun, plan: Plan) -> list[OptionWords]:
    """List the values of columns that name records, the unknown ones first."""
    words = vocabulary()
    gathered = run.layout["gathered"]["words"]
    result = []
    for name in NAMING:
        if texts := gathered.get(name):
            rows = [
                _build_word(words, plan.choices, name, at, text, count)
                for at, (text, count) in enumerate(texts.items())
            ]
            # The most frequent first; what was stored keeps no order of its own.
            rows.sort(key=lambda word: (-word.count, word.text))
            unknown = [row for row in rows if not row.known]
            recognised = [row for row in rows if row.known]
            result.append(
                OptionWords(
                    name, str(LABELS[name]), value_groups(words, name), unknown, recognised, _default_label(name)
                )
            )
    return result


def _default_label(name: Field) -> str:
    if name == Field.SOURCE:
        return _("create a source with this name")
    return _("keep it in the note")


def _build_word(words: Vocabulary, choices: Choices, name: Field, at: int, text: str, count: int) -> Word:
    code = choices.values.get(name, {}).get(name_key(text), AS_IT_IS)
    return Word(f"value-{name}-{at}", text, count, code, _default_meaning(words, name, text))


def _default_meaning(words: Vocabulary, name: Field, text: str) -> str:
    """Return the default meaning of a value; "" for none."""
    try:
        if name in (Field.STAGE, Field.STATUS):
            step = words.step(text, None)
            if step:
                return step.name
            return str(_status_labels().get(words.status(text) or "", ""))
        if name == Field.REP:
            if pk := words.rep(text):
                return words.here.members[pk].name
            return ""
        if name == Field.BRAND:
            return words.brand(text).name
        if name == Field.PIPELINE:
            return words.line.pipelines[words.pipeline(text)].name
        if name == Field.PRIORITY:
            return str(Priority(words.priority(text)).label)
        pk = words.sources.get(name_key(text))
        if pk:
            return words.line.sources[pk].name
        return ""
    except Refused:
        return ""


def _status_labels() -> dict[str, str]:
    return {
        "open": _("open"),
        "won": _("won"),
        "lost": _("lost"),
        "done": _("done"),
        "dropped": _("dropped: spam, duplicate, not a fit"),
    }


def value_groups(words: Vocabulary, name: Field) -> list[OptionGroup]:
    """List the meanings that a value of a column can have."""
    line = words.line
    organization = words.here
    if name in (Field.STAGE, Field.STATUS):
        steps = [
            OptionGroup(line.pipelines[pk].name, [Option(str(stage.pk), stage.name) for stage in line.steps(pk)])
            for pk in words.steps
        ]
        return [
            *steps,
            OptionGroup(_("Closed or won"), [Option(IS + code, label) for code, label in _status_labels().items()]),
        ]
    options: dict[Field, list[Option]] = {
        Field.REP: [Option(str(m.pk), m.name) for m in organization.members.values() if m.active],
        Field.SOURCE: [Option(str(pk), source.name) for pk, source in line.sources.items()],
        Field.BRAND: [Option(str(brand.pk), brand.name) for brand in words.brands.values()],
        Field.PIPELINE: [Option(str(pk), line.pipelines[pk].name) for pk in words.steps],
        Field.PRIORITY: [Option(str(value), str(label)) for value, label in Priority.choices],
    }
    return [OptionGroup("", options[name])]


def read_choices(run: ImportRun, plan: Plan, sent: Mapping[str, str]) -> Choices:
    """Read the choices from a form; invalid options count as not chosen."""
    words = vocabulary()
    old = plan.choices
    groups = {option.code for group in column_groups(words) for option in group.options}
    columns = {str(at): code for at in range(plan.columns.width) if (code := sent.get(f"column-{at}", "")) in groups}
    if LEAVE_REST in sent:
        rest = {str(at): LEAVE for at in plan.columns.others if columns.get(str(at), KEEP) == KEEP}
        columns |= rest
    sheet = sent.get("sheet", "")
    row = sent.get("header_row", "")
    rows = {str(NO_HEADER), *(str(record.row) for record in plan.staged.sample[:HEADER_WITHIN])}
    day_first = {"day": True, "month": False}.get(sent.get("dates", ""))
    moved = row in rows and int(row) != plan.columns.header_row
    return replace(
        old,
        sheet=sheet if sheet in plan.staged.sheets else old.sheet,
        encoding=sent["encoding"] if sent.get("encoding") in ENCODINGS else old.encoding,
        header_row=int(row) if row in rows else old.header_row,
        # Names of another row are other names.
        columns={} if moved else columns,
        values=_chosen_values(run, words, sent, old),
        day_first=day_first,
        last_name_first={"last": True, "stand": False}.get(sent.get("names", "")),
        clocks=sent.get("clocks", "") if sent.get("clocks") == "now" else "",
        decimal=sent.get("decimal", "") if sent.get("decimal") in {".", ","} else "",
    )


def differs(run: ImportRun, plan: Plan, sent: Mapping[str, str]) -> bool:
    """True if the form differs from the page as rendered: it was changed and not previewed again."""
    page_values = {f"column-{column.at}": column.code for column in columns_of(run, plan)}
    page_values |= {word.name: word.code for words in words_of(run, plan) for word in words.unknown}
    page_values["dates"] = {True: "day", False: "month", None: ""}[plan.choices.day_first]
    page_values["names"] = {True: "last", False: "stand", None: ""}[plan.choices.last_name_first]
    page_values |= {
        "clocks": plan.choices.clocks,
        "decimal": plan.choices.decimal,
        "sheet": plan.staged.sheet,
        "header_row": str(plan.columns.header_row),
    }
    page_values["encoding"] = plan.staged.encoding
    return any(name in sent and sent[name] != code for name, code in page_values.items())


def open_words(words: Sequence[OptionWords]) -> list[tuple[str, str, int]]:
    """Count each column's values that have no meaning yet, and so would go to the note."""
    counts = [(each.field, each.label, sum(not word.code for word in each.unknown)) for each in words]
    return [counted for counted in counts if counted[2] and counted[0] != Field.SOURCE]


def _chosen_values(
    run: ImportRun, words: Vocabulary, sent: Mapping[str, str], old: Choices
) -> dict[str, dict[str, str]]:
    values = {name: dict(codes) for name, codes in old.values.items()}
    for name, texts in run.layout["gathered"]["words"].items():
        options = {option.code for group in value_groups(words, Field(name)) for option in group.options}
        for at, text in enumerate(texts):
            code = sent.get(f"value-{name}-{at}")
            if code is None:
                continue
            codes = values.setdefault(name, {})
            codes.pop(name_key(text), None)
            if code in options:
                codes[name_key(text)] = code
    return {name: codes for name, codes in values.items() if codes}
