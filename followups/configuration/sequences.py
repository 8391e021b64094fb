"""Section of the configuration file: sequences with their steps."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.configuration import decode_action, decode_span, encode_action, encode_span
from crm.automation.setup import organization_member
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, RowPart
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.configuration.values import check_names, plain_flag, plain_list, plain_mapping
from crm.platform.models import Member
from crm.web.configuration.book import BookChapter, BookEntry, BookPart
from crm.web.lists.conditions.plain_conditions import decode_conditions, encode_conditions
from followups.sequences.definition import (
    Otherwise,
    SequenceAct,
    SequenceDefinition,
    SequenceFork,
    SequenceStep,
    SequenceWait,
    Unanswered,
)
from followups.sequences.editor.sequence_text import definition_sentences
from followups.sequences.models import Sequence, SequenceMode, SequencePurpose, SequenceVersion
from followups.sequences.setup import job_kind, parse_version

DEFINITION_FIELDS = ("steps", "stays", "stops")


def _encode_where(where: str) -> list[dict[str, Any]]:
    return encode_conditions(job_kind().filterset, where, organization_member())


def _decode_where(plain: Any) -> str:
    return decode_conditions(job_kind().filterset, plain or [], organization_member())


def _encode_definition(sequence: Sequence) -> dict[str, Any]:
    if sequence.version is None:
        return {}
    definition = sequence.version.parsed
    return {
        "stays": _encode_where(definition.stays),
        "stops": list(definition.stops),
        "steps": [_encode_step(step) for step in definition.steps],
    }


def _encode_step(step: SequenceStep) -> dict[str, Any]:
    if isinstance(step, SequenceWait):
        return {"wait": encode_span(step.span)}
    if isinstance(step, SequenceFork):
        ways = {name: [_encode_step(one) for one in way] for name, way in (("yes", step.yes), ("no", step.no))}
        return {"question": step.question, "if": _encode_where(step.where), **ways}
    return {
        **encode_action(step.action, step.options),
        "otherwise": step.otherwise.value,
        "holds": step.holds,
        "unanswered": step.unanswered.value,
    }


def _decode_definition(plain: Any) -> SequenceDefinition:
    values = plain_mapping(plain)
    check_names(values, DEFINITION_FIELDS)
    return SequenceDefinition(
        steps=_decode_steps(values.get("steps"), ("steps",)),
        stays=_decode_where(values.get("stays")),
        stops=tuple(str(name) for name in plain_list(values.get("stops") or [])),
    )


def _decode_steps(plain: Any, path: tuple[str, ...]) -> tuple[SequenceStep, ...]:
    steps = []
    for at, step in enumerate(plain_list(plain or [])):
        try:
            steps.append(_decode_step(plain_mapping(step)))
        except FieldRefused as why:
            raise FieldRefused((*path, str(at), *why.path), str(why)) from why
        except Refused as why:
            raise FieldRefused((*path, str(at)), str(why)) from why
    return tuple(steps)


def _decode_step(plain: Mapping[str, Any]) -> SequenceStep:
    if "wait" in plain:
        return SequenceWait(decode_span(plain["wait"]))
    if "yes" in plain or "no" in plain:
        ways = [_decode_steps(plain.get(name), (name,)) for name in ("yes", "no")]
        return SequenceFork(str(plain.get("question") or ""), _decode_where(plain.get("if")), *ways)
    action, options = decode_action(plain)
    otherwise = plain.get("otherwise", Otherwise.SKIP)
    unanswered = plain.get("unanswered", Unanswered.GO_ON)
    if otherwise not in Otherwise.values or unanswered not in Unanswered.values:
        raise Refused(_("“%(code)s” is not one of the choices.") % {"code": f"{otherwise}, {unanswered}"[:60]})
    return SequenceAct(
        action, options, Otherwise(otherwise), plain_flag(plain.get("holds", True)), Unanswered(unanswered)
    )


def _checked_definition(plain: Any) -> SequenceDefinition:
    """Return a definition that works. Raises Refused for one that doesn’t."""
    definition = _decode_definition(plain)
    read = parse_version(SequenceVersion(definition=definition.to_json()))
    if problem := next(iter(read.problems.values()), ""):
        raise Refused(problem)
    return definition


def _add_sequence(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Sequence:
    try:
        definition = _checked_definition(values["definition"])
    except FieldRefused as why:
        raise FieldRefused(("definition", *why.path), str(why)) from why
    purpose = values.get("purpose", SequencePurpose.QUOTES)
    sequence = Sequence.add(name, purpose, definition, by=by, preset=values.get("preset", ""))
    columns = ("purpose", "reentry", "reentry_days", "mode")
    _edit_sequence(sequence, {name: values.get(name, getattr(sequence, name)) for name in columns}, by)
    return sequence


def _edit_sequence(sequence: Sequence, values: dict[str, Any], by: Member | None) -> None:
    sequence.set_rules(purpose=values["purpose"], reentry=values["reentry"], reentry_days=values["reentry_days"], by=by)
    sequence.switch(SequenceMode(values["mode"]), by=by)


def _write_definition(sequence: Sequence, plain: Any, by: Member | None) -> None:
    sequence.edit(_checked_definition(plain), by=by)


def _sequence_parts() -> Iterator[BookPart]:
    for sequence in Sequence.objects.filter(archived_at=None).select_related("version"):
        if sequence.version is not None:
            mode = str(SequenceMode(sequence.mode).label)
            yield BookEntry(sequence.name, mode, tuple(definition_sentences(sequence.version.parsed)))


CHAPTER = BookChapter(name="sequences", label=gettext_lazy("Sequences"), read=_sequence_parts, sections=("sequences",))
SEQUENCES = ConfigurationSection(
    name="sequences",
    label=gettext_lazy("Sequences"),
    page="sequences:list",
    content=RowContent(
        model=Sequence,
        fields=("purpose", "mode", "reentry", "reentry_days", "preset"),
        rows=lambda: Sequence.objects.select_related("version").order_by("purpose", "rank", "pk"),
        parts={"definition": RowPart(_encode_definition, _write_definition)},
        begins_with="definition",
        is_ordered=True,
        can_move=False,
        add=_add_sequence,
        edit=_edit_sequence,
    ),
)
