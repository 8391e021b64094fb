"""Pages of the documentation are short, their links lead somewhere, and what they name exists."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.files import tracked
from tests.architecture.packages import APPS, ROOT

LINK = re.compile(r"\]\(([^)\s]{1,200})\)")
CITED = re.compile(r"docs/([\w/-]{1,60}\.md)#([\w-]{1,60})")
# A rule by its bare number, or a document that is not here.
BARE = re.compile(r"\bRULES §|\bRULES \d|\bARCHITECTURE §|(?<![\w/#\[-])K(?:20|1?\d)(?=[\s,;:.)'])")
# A model in the glossary: its module and its name.
MODEL = re.compile(r"\| `([\w.]{3,120})` \|")
PAGES = sorted(path for path in tracked(".md") if path.relative_to(ROOT).parts[0] == "docs" or path.parent == ROOT)


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors GitHub gives the headings of a page."""
    titles = re.findall(r"^#{1,4} (.+)$", page.read_text(), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_is_short_and_its_links_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    assert len(text.splitlines()) <= 250
    for link in LINK.findall(text):
        if re.match(r"[a-z]{2,8}:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_a_rule_that_is_cited_is_in_the_repository() -> None:
    cited = {
        (page, anchor)
        for suffix in (".py", ".html", ".sql", ".css")
        for path in tracked(suffix)
        for page, anchor in CITED.findall(path.read_text())
    }
    assert len(cited) > 20
    assert {found for found in cited if found[1] not in anchors(ROOT / "docs" / found[0])} == set()


def test_no_rule_is_cited_by_its_bare_number() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for suffix in (".py", ".html", ".sql")
        for path in tracked(suffix)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if BARE.search(line)
    ]
    assert bare == []


def test_the_glossary_names_every_model_and_no_other() -> None:
    pages = (ROOT / "docs/glossary.md", ROOT / "docs/glossary-delivery.md")
    listed = [model for page in pages for model in MODEL.findall(page.read_text())]
    models = {f"{model.__module__}.{model.__name__}" for model in apps.get_models()}
    assert {*listed} ^ {name for name in models if name.partition(".")[0] in APPS} == set()
    assert len(listed) == len({*listed})
