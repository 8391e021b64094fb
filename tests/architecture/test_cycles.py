"""No two modules import each other, and no two folders of an app: imports in functions and for types included."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.architecture.packages import APPS, ROOT

Graph = dict[str, set[str]]


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name; migrations aside, which import each other by nature."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {_name(path): path for path in paths}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def graph() -> Graph:
    """Which module imports which. `from package import name` imports the package's face, or the module called so."""
    found = modules()
    return {name: set(_imported(name, path, found)) - {name} for name, path in found.items()}


def _imported(name: str, path: Path, known: Iterable[str]) -> Iterator[str]:
    for node in _imports(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        else:
            assert node.level == 0, f"{name} imports by dots"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from (one for one in [inner if inner in known else str(node.module)] if one in known)


def _imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """All imports but those of `AppConfig.ready()`, which runs when everything is there."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not (isinstance(node, ast.FunctionDef) and node.name == "ready"):
            yield from _imports(node)


def room(path: Path) -> str:
    """The folder that a module is in, one below its app and two in crm; or the module itself beside such folders."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[: 3 if parts[0] == "crm" else 2])


def rooms() -> Graph:
    """Which room imports from which."""
    found = modules()
    edges: Graph = {room(path): set() for path in found.values()}
    for name, imported in graph().items():
        here = room(found[name])
        edges[here] |= {room(found[other]) for other in imported} - {here}
    return edges


def knots(edges: Graph) -> list[list[str]]:
    """The sets of modules each of which reaches all others of its set (Tarjan), greatest first."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in sorted(edges[name]):
            if other not in order:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], order[other])
        if low[name] == order[name]:
            at = stack.index(name)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for name in sorted(edges):
        if name not in order:
            visit(name)
    return sorted((knot for knot in found if len(knot) > 1), key=len, reverse=True)


def test_a_knot_is_found_whichever_way_it_is_tied() -> None:
    tree = ast.parse("def f():\n    from a import b\nif TYPE_CHECKING:\n    import c\ndef ready(self):\n    import d")
    assert sorted(ast.unparse(node) for node in _imports(tree)) == ["from a import b", "import c"]
    assert knots({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


def test_no_modules_import_each_other() -> None:
    assert knots(graph()) == []


def test_a_room_is_a_folder_below_the_app() -> None:
    paths = ["crm/jobs/list/rows.py", "crm/jobs/models/losses/lost_case.py", "crm/jobs/removal.py", "leads/page.py"]
    assert [room(ROOT / path) for path in paths] == [
        "crm/jobs/list",
        "crm/jobs/models",
        "crm/jobs/removal.py",
        "leads/page.py",
    ]


def test_no_rooms_import_each_other() -> None:
    """Models import no list, view or flow above them; a folder is read after those it stands on."""
    assert knots(rooms()) == []
