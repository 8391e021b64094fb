"""Export the configuration of the tenant in use as YAML, and import such a file: idempotent, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.configuration.comparison import Entries, EntryChange, EntryChangeKind, SectionChanges, compare_entries
from crm.platform.configuration.document import ConfigurationDocument, dump_document, parse_document
from crm.platform.configuration.row_content import FieldRefused, entry_values
from crm.platform.configuration.sections import ONLY, ConfigurationSection, configuration_sections
from crm.platform.configuration.values import check_names_differ, plain_mapping
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration
from crm.platform.tenancy.context import forget_configuration


@dataclass(frozen=True)
class ImportProblem:
    """Something in the file that can't be imported. `line` from 1, or 0 for an entry that the file lacks."""

    line: int
    section: str
    name: str
    words: str

    def __str__(self) -> str:
        where = " › ".join(part for part in (self.section, self.name) if part)
        if self.line:
            return _("Line %(line)s, %(where)s: %(words)s") % {"line": self.line, "where": where, "words": self.words}
        return f"{where}: {self.words}"


@dataclass
class TransferResult:
    """What an import changed, or would change, and what it could not."""

    sections: list[SectionChanges] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    is_applied: bool = False

    @property
    def changes_something(self) -> bool:
        """True if at least one entry is added, changed, moved or removed."""
        return any(section.changes_something for section in self.sections)


@dataclass(frozen=True)
class _SectionWork:
    """A section of the file with its entries as given, and the entries before the import."""

    section: ConfigurationSection
    given: dict[str, dict[str, Any]]
    before: Entries


def read_configuration(only: str = "") -> dict[str, Any]:
    """Return the configuration of the tenant in use as plain values, by section. `only`: the name of one section."""
    content: dict[str, Any] = {}
    for section in configuration_sections():
        if only not in ("", section.name):
            continue
        entries = section.content.read()
        if section.content.is_single:
            content[section.name] = entries[ONLY]
        else:
            content[section.name] = entries
    return content


def export_configuration(only: str = "") -> str:
    """Return the configuration of the tenant in use as YAML. `only`: the name of one section."""
    return dump_document(read_configuration(only))


def import_configuration(
    text: str, *, by: Member | None, prune: bool = False, dry_run: bool = False, partly: bool = False
) -> TransferResult:
    """Import a YAML text into the tenant in use, in one transaction. Idempotent.

    A section that the file lacks, and a field that an entry lacks, stay as they are. `prune`: archive entries that a
    section of the file lacks. `dry_run`: report, and change nothing. With a problem nothing is changed either, unless
    `partly`. Raises Refused for a text that is no configuration.
    """
    document = parse_document(text)
    result = TransferResult()
    with transaction.atomic():
        lock_configuration()
        works = [work for section in configuration_sections() if (work := _read_work(section, document, result))]
        _report_unknown_sections(document, result)
        for work in works:
            _write_section(work, document, result, by)
        if prune:
            for work in reversed(works):
                _prune_section(work, result, by)
        result.sections = [_compare_section(work) for work in works]
        result.is_applied = not dry_run and (partly or not result.problems)
        if not result.is_applied:
            transaction.set_rollback(True)
    forget_configuration()
    return result


def _read_work(
    section: ConfigurationSection, document: ConfigurationDocument, result: TransferResult
) -> _SectionWork | None:
    """Return a section of the file as work; None if the file lacks it, or it can't be read."""
    if section.name not in document.sections:
        return None
    try:
        content = plain_mapping(document.sections[section.name] or {})
        if section.content.is_single:
            entries = {ONLY: content}
        else:
            check_names_differ(content)
            entries = {name: entry_values(values) for name, values in content.items()}
    except Refused as why:
        result.problems.append(ImportProblem(document.line_of(section.name), section.name, "", str(why)))
        return None
    return _SectionWork(section, entries, section.content.read())


def _report_unknown_sections(document: ConfigurationDocument, result: TransferResult) -> None:
    names = {section.name for section in configuration_sections()}
    for name in document.sections:
        if name not in names:
            words = _("There is no section “%(name)s”.") % {"name": name[:60]}
            result.problems.append(ImportProblem(document.line_of(name), name[:60], "", words))


def _write_section(
    work: _SectionWork, document: ConfigurationDocument, result: TransferResult, by: Member | None
) -> None:
    """Write the entries that differ. Refused entries are tried again after the others, which they may refer to."""
    waiting = [name for name, values in work.given.items() if _differs(work.before.get(name), values)]
    while waiting:
        refused = {name: problem for name in waiting if (problem := _write_entry(work, name, document, by))}
        if len(refused) == len(waiting):
            result.problems.extend(refused.values())
            break
        waiting = list(refused)
    names = list(work.given)
    if not work.section.content.is_single:
        work.section.content.arrange(names, by=by)


def _write_entry(
    work: _SectionWork, name: str, document: ConfigurationDocument, by: Member | None
) -> ImportProblem | None:
    """Write one entry in a savepoint; return the problem if it is refused."""
    path: tuple[str, ...] = (work.section.name, name)
    if name == ONLY:
        path = (work.section.name,)
    try:
        with transaction.atomic():
            work.section.content.write(name, work.given[name], by=by)
    except FieldRefused as why:
        forget_configuration()
        line = document.line_of(*path, *why.path)
        return ImportProblem(line, *_names(path, document.read_path(*path, *why.path)[len(path) :]), str(why))
    except Refused as why:
        forget_configuration()
        return ImportProblem(document.line_of(*path), *_names(path, ()), str(why))
    except (IntegrityError, ValueError, TypeError, KeyError):
        forget_configuration()
        words = _("These values don’t fit together.")
        return ImportProblem(document.line_of(*path), *_names(path, ()), words)
    return None


def _names(path: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, str]:
    """Return the section, and the entry with its field."""
    return path[0], " › ".join((*path[1:], *below))


def _differs(before: Mapping[str, Any] | None, values: Mapping[str, Any]) -> bool:
    """True if an entry is new, or a given field has another value."""
    return before is None or any(name not in before or before[name] != value for name, value in values.items())


def _prune_section(work: _SectionWork, result: TransferResult, by: Member | None) -> None:
    """Archive the entries that the file lacks, and within the others what it lacks there."""
    content = work.section.content
    if content.is_single:
        return
    kept_entries = {name.casefold(): values for name, values in work.given.items()}
    for name in content.read():
        try:
            with transaction.atomic():
                if name.casefold() in kept_entries:
                    content.prune(name, kept_entries[name.casefold()], by=by)
                else:
                    content.remove(name, by=by)
        except FieldRefused as why:
            forget_configuration()
            where = _names((work.section.name, name), why.path)
            result.problems.append(ImportProblem(0, *where, str(why)))
        except Refused as why:
            forget_configuration()
            result.problems.append(ImportProblem(0, work.section.name, name, str(why)))


def _compare_section(work: _SectionWork) -> SectionChanges:
    after = work.section.content.read()
    kept_names = frozenset(name.casefold() for name in work.given)
    entries, unchanged = compare_entries(work.before, after, kept_names)
    if not work.section.content.is_single and _order_differs(work.before, after):
        entries = (*entries, EntryChange(" · ".join(after), EntryChangeKind.MOVED))
    return SectionChanges(work.section.name, str(work.section.label), entries, unchanged)


def _order_differs(before: Entries, after: Entries) -> bool:
    """True if the entries that are in both readings stand in another order."""
    return [name for name in before if name in after] != [name for name in after if name in before]
