"""The house's own rules: arrows go down, files stay small, one clock, one writer of the tenant."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.files import tracked
from tests.architecture.packages import APPS, LAYERS, ROOT, SIBLINGS

# Thousands by Python's own comma, which is no comma in Dutch. Answers to programs are English.
PYTHON_GROUPING = re.compile(r":,(?:\.\d+[a-z])?\}")
TO_PROGRAMS = {"leads/intake/posts/views.py", "comms/inbound/webhook.py"}

FORBIDDEN_NAMES = {"services.py", "utils.py", "helpers.py", "misc.py", "common.py"}


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax: to read all of them takes a second."""
    return ast.parse(path.read_text())


SOURCES = [path for path in tracked(".py") if path.relative_to(ROOT).parts[0] in APPS]


def test_keys_between_models_point_down() -> None:
    """import-linter cannot see ForeignKey("tickets.Ticket")."""
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in LAYERS:
            continue
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model._meta.app_label in LAYERS:
                there = field.related_model._meta.app_label
                assert LAYERS.index(there) <= LAYERS.index(here), f"{model._meta.label}.{field.name} points up"
                assert frozenset({here, there}) not in SIBLINGS


@pytest.mark.parametrize(("suffix", "most"), [(".py", 400), (".html", 150), (".css", 400), (".js", 150)])
def test_files_stay_small(suffix: str, most: int) -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in tracked(suffix)}
    assert {name: size for name, size in sizes.items() if size > most} == {}


def test_lines_of_templates_stay_short() -> None:
    """Those of Python are ruff's to watch; a template has nobody else."""
    long = [
        f"{path.relative_to(ROOT)}:{number} {len(line)}"
        for path in tracked("")
        if path.relative_to(ROOT).parts[0] == "templates"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


def test_numbers_on_a_page_are_grouped_by_its_language() -> None:
    """`formats.whole_number` and `plain_number` do it."""
    pages = [path for path in SOURCES if path.relative_to(ROOT).parts[0] not in {"demo", "runtime", "libs"}]
    grouped = {str(path.relative_to(ROOT)) for path in pages if PYTHON_GROUPING.search(path.read_text())}
    assert grouped - TO_PROGRAMS == set()


def test_folders_are_read_at_a_glance() -> None:
    """A package of more modules is grouped into packages by subject."""
    folders = Counter(
        str(path.parent.relative_to(ROOT))
        for path in tracked(".py")
        if path.name != "__init__.py" and path.relative_to(ROOT).parts[0] in (*APPS, "runtime", "bench")
    )
    assert {folder: count for folder, count in folders.items() if count > 20} == {}


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions below a node; expressions hold none, and are most of a tree."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        if not isinstance(child, ast.expr):
            yield from functions(child)


def test_functions_stay_small() -> None:
    long = []
    for path in tracked(".py"):
        for node in functions(tree(path)):
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > 60:
                long.append(f"{path.relative_to(ROOT)}:{node.name} {size}")
    assert long == []


def test_no_file_is_named_after_nothing() -> None:
    assert [str(path) for path in tracked(".py") if path.name in FORBIDDEN_NAMES] == []


def uses(pattern: str) -> set[str]:
    found = re.compile(pattern)
    return {str(path.relative_to(ROOT)) for path in SOURCES if found.search(path.read_text())}


def test_one_clock() -> None:
    assert uses(r"timezone\.now\(|datetime\.now\(|\bNow\(\)|auto_now|date\.today\(|utcnow") <= {"crm/kernel/clock.py"}


def test_one_writer_of_the_tenant() -> None:
    assert uses(r"set_config|set local app\.|SET LOCAL app\.") == {"crm/platform/tenancy/context.py"}


def test_nobody_waits_by_celery() -> None:
    """An ETA longer than the visibility timeout is executed several times (docs/rules.md#work-queue)."""
    assert uses(r"countdown=|\beta=") == set()


def test_every_module_says_what_it_is_for() -> None:
    bare = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text().strip() and path.name != "__init__.py" and not ast.get_docstring(tree(path))
    ]
    assert bare == []


def test_every_model_says_in_a_line_what_it_is() -> None:
    from crm.platform.models import TenantModel

    automatic = re.compile(r"^\w+\(.*\)$")
    for model in apps.get_models():
        if issubclass(model, TenantModel) or model._meta.app_label in LAYERS:
            assert model.__doc__, model
            assert not automatic.match(model.__doc__), f"{model._meta.label} has no line"


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert [
        str(p.relative_to(ROOT)) for p in tracked(".py", ".html", ".css", ".js", ".sql") if words.search(p.read_text())
    ] == []
