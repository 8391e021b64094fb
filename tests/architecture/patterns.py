"""Run every pattern of the product against generated worst cases; one line of JSON for each that explodes.

Patterns are found where modules compile them on import, and by their source where a function does. A case may use so
much processor time; one that uses more is measured again at four times the length: linear takes four times as long,
quadratic sixteen. The time of the machine plays no part, and a match without end is interrupted by the same limit.
"""

import ast
import contextlib
import copy
import importlib
import json
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from tests.architecture.packages import PACKAGES, ROOT

MATCHING = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
# Characters of a case; what it may take without a second look, and at the very most, in seconds of processor time.
QUARTER, SHORT, LONG = 500, 2_000, 8_000
UNSUSPECTED, MOST = 0.001, 1.0
# How many times longer the long case may take than the short one, which is a quarter of it.
GROWTH = 9
# And up to which nobody doubts that it is linear: a slow one that is would be measured for a second a case.
CLEARED = 6
UNBOUNDED = 50
# A source without these words asks `re` for nothing, and is not parsed.
ASKS = re.compile(rf"\bre\s*\.\s*(?:compile|{'|'.join(sorted(MATCHING))})\b")
# Read the product's own templates and style sheets alone, once.
TRUSTED = ("crm/web/design/bundles.py",)


@dataclass
class Used:
    """A pattern, where it stands, and by which methods it is used."""

    where: str
    pattern: Any
    flags: int
    methods: set[str] = field(default_factory=set)


def main() -> None:
    """Find and run all patterns."""
    recorded = record_compiled()
    modules = list(import_all())
    found, unknown = collect(modules, recorded)
    for where in unknown:
        _say({"where": where, "why": "is made while running: give it a name in its module"})
    for used in found:
        if not used.where.startswith(TRUSTED) and (bad := explodes(used)):
            _say({"where": used.where, "pattern": str(used.pattern), **bad})
    _say({"patterns": len(found)})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


def record_compiled() -> dict[tuple[str, int], set[tuple[Any, int]]]:
    """Keep from now on what is compiled, by the line of the product that asks for it."""
    recorded: dict[tuple[str, int], set[tuple[Any, int]]] = {}
    compile_ = re._compile  # type: ignore[attr-defined]

    def noting(pattern: Any, flags: int) -> Any:
        frame = sys._getframe(2)
        flags = int(flags)
        text, of = (pattern.pattern, pattern.flags) if isinstance(pattern, re.Pattern) else (pattern, flags)
        recorded.setdefault((frame.f_code.co_filename, frame.f_lineno), set()).add((text, of))
        return compile_(pattern, flags)

    re._compile = noting  # type: ignore[attr-defined]
    return recorded


def import_all() -> Iterator[ModuleType]:
    """Import every module of the product."""
    import django

    django.setup()
    for package in PACKAGES:
        top = importlib.import_module(package)
        yield top
        for module in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                yield importlib.import_module(module.name)


def collect(
    modules: Iterable[ModuleType], recorded: dict[tuple[str, int], set[tuple[Any, int]]]
) -> tuple[list[Used], list[str]]:
    """List all patterns, each with the methods it is used by; and the lines whose pattern can't be told."""
    found: dict[tuple[Any, int], Used] = {}
    unknown = []
    for module in modules:
        if not module.__file__ or "/migrations/" in module.__file__:
            continue
        text = Path(module.__file__).read_text()
        if not ASKS.search(text):
            continue
        source = _Source(module, text)
        for call in source.calls:
            asked = {
                what
                for line in range(call.lineno, (call.end_lineno or call.lineno) + 1)
                for what in recorded.get((module.__file__, line), ())
            } or source.evaluated(call)
            where = f"{Path(module.__file__).relative_to(ROOT)}:{call.lineno}"
            if not asked:
                unknown.append(where)
            for pattern, flags in asked:
                used = found.setdefault((pattern, flags), Used(where, pattern, flags))
                used.methods |= source.methods_of(call)
    return list(found.values()), unknown


class _Source:
    """A module's source: its calls of `re`, and how what they give is used."""

    def __init__(self, module: ModuleType, text: str) -> None:
        self.module = module
        nodes = list(ast.walk(ast.parse(text)))
        self.assignments = [node for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign)]
        self.calls = [
            node
            for node in nodes
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in MATCHING | {"compile"}
        ]
        # "PATTERN.search": the names patterns go by here, and the methods called of each.
        self.uses: dict[str, set[str]] = {}
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr in MATCHING and not isinstance(node.value, ast.Constant):
                self.uses.setdefault(_last_name(node.value), set()).add(node.attr)

    def evaluated(self, call: ast.Call) -> set[tuple[Any, int]]:
        """Evaluate pattern and flags with the module's own names; nothing where they depend on more."""
        flags_at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(call.func.attr, 2)  # type: ignore[attr-defined]
        flags = [k.value for k in call.keywords if k.arg == "flags"] or call.args[flags_at : flags_at + 1]
        nodes = [ast.fix_missing_locations(_Escaped().visit(copy.deepcopy(node))) for node in [call.args[0], *flags]]
        try:
            values = [eval(compile(ast.Expression(node), "", "eval"), vars(self.module)) for node in nodes]
        except NameError:
            return set()
        return {(values[0], int(values[1]) if flags else 0)}

    def methods_of(self, call: ast.Call) -> set[str]:
        """The methods by which the pattern of this call is used; all where that can't be told."""
        method: str = call.func.attr  # type: ignore[attr-defined]
        if method != "compile":
            return {method}
        named = {
            _last_name(target)
            for node in self.assignments
            if any(part is call for part in ast.walk(node))
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        }
        methods = {method for name in named for method in self.uses.get(name, ())}
        # One of several in a tuple goes by another name where it is used.
        nameless = {m for name, found in self.uses.items() if name not in vars(self.module) for m in found}
        return methods or nameless & {"match", "fullmatch", "search"} or {"match", "fullmatch", "search"}


class _Escaped(ast.NodeTransformer):
    """Take some word for what is escaped: whatever it is, it is matched as it stands."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.Constant("word") if ast.unparse(node.func) == "re.escape" else self.generic_visit(node)


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def explodes(used: Used) -> dict[str, Any] | None:
    """Return the case and method a pattern takes more than linear time for; None where there is none."""
    compiled = re.compile(used.pattern, used.flags)
    for method in sorted(used.methods):
        run = _runner(compiled, method)
        for case in cases(used):
            if (growth := _growth(run, case)) > GROWTH:
                return {"method": method, "case": str(case(24)), "growth": round(growth, 1)}
    return None


def _runner(compiled: "re.Pattern[Any]", method: str) -> Callable[[Any], Any]:
    if method in {"match", "fullmatch", "search"}:
        return getattr(compiled, method)  # type: ignore[no-any-return]

    def every(text: Any) -> None:
        for _ in compiled.finditer(text):
            pass

    return every


class _Endless(Exception):
    """A case took more processor time than any linear one could."""


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise _Endless


def _seconds(run: Callable[[Any], Any], text: Any) -> float:
    """The processor time of a case; infinite where it was interrupted."""
    signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, MOST)
    begun = time.thread_time()
    try:
        run(text)
        return time.thread_time() - begun
    except _Endless:
        return float("inf")
    finally:
        with contextlib.suppress(_Endless):
            signal.setitimer(signal.ITIMER_PROF, 0)


def _growth(run: Callable[[Any], Any], case: Callable[[int], Any]) -> float:
    """How many times longer the long case takes than the short one; 0 where nobody suspects it."""
    short = _seconds(run, case(SHORT))
    if short > MOST:  # without end, and its quarter may be as well
        return float("inf")
    if short <= UNSUSPECTED or short <= CLEARED * min(_seconds(run, case(QUARTER)) for _ in range(2)):
        return 0
    short = min(short, *(_seconds(run, case(SHORT)) for _ in range(2)))
    return min(_seconds(run, case(LONG)) for _ in range(2)) / short


# Worst cases: what a repetition takes, over and over, and then something that nothing takes


def cases(used: Used) -> Iterator[Callable[[int], Any]]:
    """Generate texts of any length that make a backtracking matcher work, from the pattern's own parts."""
    tree = re._parser.parse(used.pattern, used.flags)  # type: ignore[attr-defined]
    repeats = list(_repeats(tree, "", used.flags))
    if not repeats:
        return
    alphabet = sorted({c for _head, pump in repeats for c in pump} | _characters(tree) | set(" 0a"))[:40]
    pumps = {(head, pump) for head, pump in repeats} | {("", c) for c in alphabet} | {("", pump) for _, pump in repeats}
    pumps |= {("", one + other) for one in alphabet[:12] for other in alphabet[:12] if one != other}
    for head, pump in sorted(pumps):
        for tail in ("", "\x01", "\x01\n\x01"):
            yield _case(head, pump, tail, is_bytes=isinstance(used.pattern, bytes))


def _case(head: str, pump: str, tail: str, *, is_bytes: bool) -> Callable[[int], Any]:
    def of(length: int) -> Any:
        text = head + pump * (length // max(len(pump), 1)) + tail
        return text.encode("latin-1", "replace") if is_bytes else text

    return of


def _repeats(tree: Any, head: str, flags: int) -> Iterator[tuple[str, str]]:
    """The pattern's repetitions without an end: a text that leads to each, and one turn of it."""
    for kind, value in tree:
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _low, high, inner = value
            if high >= UNBOUNDED:
                for c in sorted(_characters(inner)):
                    yield head, c
                yield head, _sample(inner)
            yield from _repeats(inner, head, flags)
        elif name == "SUBPATTERN":
            yield from _repeats(value[-1], head, flags)
        elif name == "ATOMIC_GROUP":
            yield from _repeats(value, head, flags)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _repeats(branch, head, flags)
        elif name in {"ASSERT", "ASSERT_NOT"}:
            yield from _repeats(value[1], head, flags)
        head += _sample([(kind, value)])


def _sample(tree: Any) -> str:
    """A text the pattern takes, as short as may be."""
    text = ""
    for kind, value in tree:
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            text += _sample(value[2]) * max(1, value[0])
        elif name == "SUBPATTERN":
            text += _sample(value[-1])
        elif name == "ATOMIC_GROUP":
            text += _sample(value)
        elif name == "BRANCH":
            text += _sample(value[1][0])
        elif name not in {"ASSERT", "ASSERT_NOT", "AT", "GROUPREF", "GROUPREF_EXISTS"}:
            text += min(_characters([(kind, value)]), default="")
    return text


_OF_CATEGORY = {"DIGIT": "0", "NOT_DIGIT": "a", "SPACE": " ", "NOT_SPACE": "a", "WORD": "a", "NOT_WORD": "-"}


def _characters(tree: Any) -> set[str]:
    """Characters that tell the pattern's sets apart."""
    found: set[str] = set()
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            found.add(chr(value))
        elif name in {"NOT_LITERAL", "ANY"}:
            found |= {"a", "~"} - ({chr(value)} if value else set())
        elif name == "RANGE":
            found.add(chr(value[0]))
        elif name == "CATEGORY":
            found.add(_OF_CATEGORY[str(value).removeprefix("CATEGORY_")])
        elif name == "IN":
            negated = str(value[0][0]) == "NEGATE"
            inner = _characters(value)
            found |= {c for c in "a0 ~é" if c not in inner} if negated else inner
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            found |= _characters(value[2])
        elif name == "SUBPATTERN":
            found |= _characters(value[-1])
        elif name == "ATOMIC_GROUP":
            found |= _characters(value)
        elif name == "BRANCH":
            for branch in value[1]:
                found |= _characters(branch)
        elif name in {"ASSERT", "ASSERT_NOT"}:
            found |= _characters(value[1])
    return found


if __name__ == "__main__":
    main()
