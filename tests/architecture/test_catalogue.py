"""The Dutch catalogue is whole: every sentence of the product is in it, translated, with its placeholders."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.template.base import Lexer, Token, TokenType
from django.utils import translation
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, inline_re, plural_re

from tests.architecture.packages import PACKAGES, ROOT

CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"

# The names gettext is called by; where their context, sentence and plural stand.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[a-z]|%[ds]|\{[a-z_]*\}|&[a-z]+;|&#\d+;")

# Context, sentence and plural; "" where there is none.
Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="nl", abort_invalid=True)


def sides(message: Message) -> tuple[list[str], list[str]]:
    """The English and the Dutch forms of a message: one each, or singular and plural."""
    return forms(message.id), forms(message.string)


def forms(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def messages(catalogue: Catalog) -> list[Message]:
    """All messages but the header."""
    return [message for message in catalogue if message.id]


def test_every_message_is_translated(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if not all(sides(message)[1])] == []


def test_no_message_is_translated_twice(catalogue: Catalog) -> None:
    """Babel takes the first and is silent; Django's own `compilemessages` refuses the file."""
    written = CATALOGUE.read_text()
    assert written.count("\nmsgid ") == len(messages(catalogue)) + 1, "the header among them"


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if message.fuzzy] == []
    assert not catalogue.fuzzy
    assert not catalogue.obsolete


def test_placeholders_are_the_same_on_both_sides(catalogue: Catalog) -> None:
    wrong = []
    for message in messages(catalogue):
        english, dutch = sides(message)
        # A singular may leave the number out; the Dutch form is held against the English one of the same number.
        wrong += [(one, other) for one, other in zip(english, dutch, strict=True) if holes(one) != holes(other)]
    assert wrong == []


def holes(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def test_sentences_end_alike(catalogue: Catalog) -> None:
    """A colon, an ellipsis or a space at an end is what the next word is set against."""
    wrong = []
    for message in messages(catalogue):
        for one, other in zip(*sides(message), strict=True):
            ends = [(text[:1].isspace(), text[-1:].isspace(), text.endswith((":", "…"))) for text in (one, other)]
            wrong += [(one, other)] if ends[0] != ends[1] else []
    assert wrong == []


def test_the_header_names_no_machine() -> None:
    header = CATALOGUE.read_text().partition("\n\n")[0]
    for line in ("Project-Id-Version: Throughline", "Report-Msgid-Bugs-To: ", "Language: nl"):
        assert f'"{line}\\n"' in header
    assert '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"' in header


def test_every_sentence_of_the_code_is_in_the_catalogue(catalogue: Catalog) -> None:
    known = {key(message) for message in messages(catalogue)}
    missing = {f"{path.relative_to(ROOT)}: {found}" for path, found in used() if found not in known}
    assert missing == set(), "run manage.py makemessages -l nl --no-obsolete --no-wrap and fill in what is new"


def test_every_sentence_of_the_catalogue_is_used(catalogue: Catalog) -> None:
    there = {found for _path, found in used()}
    assert [message.id for message in messages(catalogue) if key(message) not in there] == []


def test_sentences_borrowed_from_django_are_ours_in_dutch() -> None:
    with translation.override("nl"):
        rules = password_validators_help_texts()
        with pytest.raises(ValidationError) as refusal:
            validate_password("7h!q")
    assert all(rule.startswith("Je wachtwoord") for rule in rules), rules
    assert refusal.value.messages == ["Dit wachtwoord is te kort. Het moet minstens 8 tekens hebben."]


def key(message: Message) -> Key:
    english = sides(message)[0]
    return str(message.context or ""), english[0], english[1] if len(english) == 2 else ""


@cache
def used() -> list[tuple[Path, Key]]:
    """Every sentence marked for translation, in Python and in templates; to read them takes seconds."""
    return list(marked())


def marked() -> Iterator[tuple[Path, Key]]:
    """All that is marked, file by file."""
    for root in PACKAGES:
        for path in sorted((ROOT / root).rglob("*.py")):
            for found in in_python(path.read_text()):
                yield path, found
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            for found in in_template(path.read_text()):
                yield path, found


def in_python(source: str) -> Iterator[Key]:
    """The sentences of a module, also those inside f-strings, which xgettext does not see."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in CALLS:
            texts = ["" if at is None else literal(node.args[at]) for at in CALLS[name]]
            if texts[1]:
                yield texts[0], texts[1], texts[2]


def literal(node: ast.expr) -> str:
    """A string written out, or "" for anything that is only known when it runs."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def in_template(source: str) -> Iterator[Key]:
    """The sentences of a template: translate, blocktranslate and _("…") as an argument."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK and (block := block_re.match(token.contents)):
            yield unquoted(block[2]), *block_texts(tokens, trimmed=" trimmed" in token.contents)
        elif token.token_type == TokenType.BLOCK and (inline := inline_re.match(token.contents)):
            yield unquoted(inline[3]), unquoted(inline[1]).replace("%", "%%"), ""
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for constant in constant_re.findall(token.contents):
                yield "", unquoted(constant), ""


def unquoted(text: str | None) -> str:
    return text[1:-1] if text else ""


def block_texts(tokens: Iterator[Token], *, trimmed: bool) -> tuple[str, str]:
    """Singular and plural of a blocktranslate whose opening tag was just read."""
    texts = [""]
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            if not plural_re.match(token.contents):
                break
            texts.append("")
        elif token.token_type == TokenType.VAR:
            texts[-1] += f"%({token.contents})s"
        else:
            texts[-1] += token.contents.replace("%", "%%")
    singular, plural = [*texts, ""][:2]
    return (trim_whitespace(singular), trim_whitespace(plural)) if trimmed else (singular, plural)


def test_what_is_marked_is_found() -> None:
    """The search of this file, on what a page and a module may hold."""
    page = """{% translate "One" context "send" %}{% blocktranslate count n=x %}{{ n }} row{% plural %}{{ n }} rows
    {% endblocktranslate %}{% include "x" with words=_("Two") %}"""
    assert next(in_template(page)) == ("send", "One", "")
    assert [found[1] for found in in_template(page)] == ["One", "%(n)s row", "Two"]
    module = """a = f"{_('Inner')} b"\nngettext("one", "more", 3)\npgettext("verb", "Text")\n_(name)\n"""
    assert set(in_python(module)) == {("", "Inner", ""), ("", "one", "more"), ("verb", "Text", "")}
