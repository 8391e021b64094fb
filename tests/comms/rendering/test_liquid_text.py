"""What a template may say, and that no template costs more than a message may."""

import pytest

from comms.rendering import liquid_text
from comms.rendering.liquid_text import TooMuch, missing, problems, variables, without_marks, write

VALUES = {"customer": {"first_name": "Cora", "tags": ["a", "b"]}, "job": {"number": 7}}
KNOWN = frozenset({"customer.first_name", "customer.tags", "job.number", "job.value"})


def told(source: str) -> list[tuple[str, int]]:
    return [(problem.text, problem.line) for problem in problems("body", source, KNOWN)]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Hi {{ customer.first_name }}", "Hi Cora"),
        ("{{ customer.first_name | upcase }}", "CORA"),
        ("{{ job.value | default: 'no price yet' }}", "no price yet"),
        ("{% if job.value %}{{ job.value }}{% else %}later{% endif %}", "later"),
        ("{% for tag in customer.tags %}{{ tag }};{% endfor %}", "a;b;"),
    ],
)
def test_what_it_says(source: str, said: str) -> None:
    assert told(source) == []
    written = write(source, VALUES)
    assert (without_marks(written), missing(written)) == (said, [])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Hi {{ name }}, we come", "Hi, we come"),
        ("Thank you, {{ name }}!", "Thank you!"),
        ("{{ name }}, we come", "we come"),
        ("Hi {{ name | default: 'there' }},", "Hi there,"),
    ],
)
def test_a_sentence_goes_on_without_an_empty_value(source: str, said: str) -> None:
    written = write(source, {"name": ""})
    assert (without_marks(written), missing(written)) == (said, [])


def test_every_value_that_is_missing_is_named_once() -> None:
    source = "{{ job.value }} {{ job.value | upcase }} {{ quote.link }} {{ customer.first_name }}"
    assert missing(write(source, VALUES)) == ["job.value", "quote.link"]


def test_a_loop_over_nothing_is_missing() -> None:
    assert missing(write("{% for one in documents %}x{% endfor %}", VALUES)) == ["documents"]


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("Hi\n{{ customer.frist_name }}", "no variable “customer.frist_name”", 2),
        ("{{ job.number | replace: '7', '8' }}", "no filter “replace”", 1),
        ("Hi {{ job.number", "is not closed", 1),
        ("{% if job.number %}x", "cannot be read", 0),
        ("{% include 'secrets' %}", "cannot be read", 1),
        ("{% assign x = 1 %}", "cannot be read", 1),
        ("{{ customer.__class__ }}", "no variable “customer.__class__”", 1),
        ("{% if job.number %}" * 9 + "x" + "{% endif %}" * 9, "nested too deeply", 1),
        ("x" * 20_001, "longer than 20000", 0),
    ],
)
def test_what_is_wrong_is_said_in_words(source: str, words: str, line: int) -> None:
    found = told(source)
    assert words in found[0][0]
    assert found[0][1] == line


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{% for i in (1..150) %}{% for j in (1..150) %}x{% endfor %}{% endfor %}",
        "{% for i in (1..199) %}" + "{{ i }}" * 30 + "{% endfor %}",
        "{% for i in (1..199) %}" + "x" * 400 + "{% endfor %}",
    ],
)
def test_work_is_bounded(source: str) -> None:
    with pytest.raises(TooMuch):
        write(source, VALUES)


@pytest.mark.parametrize(
    "path", ["customer.__class__", "customer.keys", "job.number.real", "customer.first_name.upper"]
)
def test_nothing_of_python_is_reached(path: str) -> None:
    assert missing(write(f"{{{{ {path} }}}}", VALUES)) == [path]


HOSTILE = {
    "braces never closed": "{{" * 10_000,
    "one brace": "{" * 20_000,
    "blanks never closed": "{{" + " " * 19_900,
    "blanks closed": ("{{" + " " * 990 + "}}") * 20,
    "other blanks": ("{{-" + "\xa0" * 990 + "-}}") * 20,
    "raw": "{% raw %}" * 2200,
    "parentheses": "{% if " + "(" * 9000 + " %}",
    "conditions": "{% if a %}" + "{% elsif a %}" * 1500 + "{% endif %}",
    "variables": "{{a}}" * 4000,
    "filters": "{{ a" + "|upcase" * 2400 + " }}",
    "long": "a" * 20_001,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_too_much_is_refused_before_it_is_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liquid_text._ENVIRONMENT, "from_string", lambda _source: pytest.fail("it is read"))
    assert len(told(HOSTILE[name])) == 1
    with pytest.raises(ValueError):
        write(HOSTILE[name], {"a": 1})
    with pytest.raises(ValueError):
        variables(HOSTILE[name])


def test_where_a_brace_is_not_closed_is_told_with_its_line() -> None:
    assert told("Dear\n{{ customer.first_name") == [("“{{” is not closed by “}}”.", 2)]


def test_a_long_letter_with_many_variables_is_read() -> None:
    assert told("Dear {{ customer.first_name }}, thank you.\n" * 400) == []


def test_writing_ends_after_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liquid_text, "WRITE_SECONDS", -1)
    with pytest.raises(TooMuch):
        write("{{ job.number }}", VALUES)
