"""Measure the language of the product's code: names of functions, locals and classes, docstrings, density.

`python -m tests.architecture.language` prints the figures, with the name of one the places behind it.
Tests, bench, demo and migrations are left out.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.files import tracked
from tests.architecture.packages import ROOT

LEFT_OUT = {"tests", "bench", "demo", "node_modules"}
IRREGULAR = frozenset(
    "found told said given held asked chosen done kept made known left seen taken wanted named shown heard judged "
    "settled stored noted counted drawn folded composed planned opened sent placed matched put added written called "
    "titled lacking typed framed compared numbered thought meant brought begun gone come".split()
)
NO_PARTICIPLES = frozenset("need feed seed speed embed proceed shed red bed read put set left let cut".split())
VAGUE_LOCALS = frozenset("found told said here known thought meant heard asked held given shown".split())
# Class names that Django asks for.
REPEATED_CLASSES = frozenset({"Meta", "Command"})
RIDDLES = re.compile(
    r":\s*nothing\b|\bwhat (came|becomes|became) of\b|\banew\b|\bwho(m|ever)\b|\bnobody\b|\btold\b"
    r"|\bof (its|their|one's) own\b|\bas ever\b|^What (is|was|were|are|came|comes|a|the)\b|\bso that of two\b"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class LanguageReport:
    """The figures of all product files, and the places behind those that are counts of places."""

    lines: int = 0
    functions: int = 0
    one_word_functions: int = 0
    tuple_assignments: int = 0
    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    classes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def shared_classes(self) -> dict[str, list[str]]:
        """Return the class names that stand more than once, each with its places."""
        return {name: places for name, places in self.classes.items() if len(places) > 1}

    def figures(self) -> dict[str, float]:
        """Return each figure by its name, as the bounds name it."""
        return {
            "participle function names": len(self.places["participles"]),
            "one-word function names, %": round(100 * self.one_word_functions / max(1, self.functions), 1),
            "shared class names": sum(map(len, self.shared_classes().values())),
            "conditional expressions per 1,000 lines": self._per_thousand_lines(len(self.places["conditionals"])),
            "tuple assignments per 1,000 lines": self._per_thousand_lines(self.tuple_assignments),
            "functions with vague locals": len(self.places["locals"]),
            "docstring riddles": len(self.places["docstrings"]),
        }

    def _per_thousand_lines(self, count: int) -> float:
        return round(1000 * count / max(1, self.lines), 1)


def measure_language() -> LanguageReport:
    """Read all product files once."""
    report = LanguageReport()
    for path in product_files():
        source = path.read_text(encoding="utf-8")
        report.lines += source.count("\n")
        for node in ast.walk(ast.parse(source)):
            measure_node(report, node, f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}")
    return report


def product_files() -> Iterator[Path]:
    for path in sorted(tracked(".py")):
        if LEFT_OUT.isdisjoint(path.relative_to(ROOT).parts[:-1]) and not path.name.startswith("test_"):
            yield path


def measure_node(report: LanguageReport, node: ast.AST, place: str) -> None:
    """Add what one node of a file's syntax counts."""
    if isinstance(node, Function) and not node.name.startswith("__"):
        _measure_function(report, node, place)
    elif isinstance(node, ast.ClassDef) and node.name not in REPEATED_CLASSES:
        report.classes[node.name].append(place)
    elif isinstance(node, ast.IfExp):
        report.places["conditionals"].append(place)
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        report.tuple_assignments += 1
    if isinstance(node, Function | ast.ClassDef | ast.Module):
        first_line = (ast.get_docstring(node) or "").split("\n")[0]
        if RIDDLES.search(first_line):
            report.places["docstrings"].append(f"{place} {first_line}")


def _measure_function(report: LanguageReport, node: Function, place: str) -> None:
    report.functions += 1
    name = node.name.strip("_")
    if "_" not in name:
        report.one_word_functions += 1
        is_property = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        if _is_participle(name) and not is_property:
            report.places["participles"].append(f"{place} {node.name}")
    stored = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    if vague := sorted(stored & VAGUE_LOCALS):
        report.places["locals"].append(f"{place} {node.name}: {', '.join(vague)}")


def _is_participle(name: str) -> bool:
    return name in IRREGULAR or (name.endswith("ed") and name not in NO_PARTICIPLES)


def main(arguments: list[str]) -> None:
    report = measure_language()
    lines = [line for kind in arguments for line in report.places[kind]]
    lines += [f"{name:40} {value:8}" for name, value in report.figures().items()]
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
