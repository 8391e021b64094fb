"""Templates compiled once a language: what is literal is drawn early, what is not is drawn late, and never mixed up."""

from pathlib import Path

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.base import TextNode
from django.template.loader import get_template
from django.urls import NoReverseMatch
from django.utils.translation import override

from crm.web.design.template_loader import Loader, without_layout
from crm.web.requests import url_cache
from crm.web.requests.url_cache import address


def _template(source: str) -> object:
    return engines["django"].from_string(source)


def _nodes(source: str) -> list[str]:
    return [type(node).__name__ for node in _template(source).template.nodelist]  # type: ignore[attr-defined]


def test_a_literal_is_text_by_the_time_a_page_is_drawn() -> None:
    assert set(_nodes('{% load i18n look %}{% translate "Leads" %}{% icon "x" "sm" %}')) == {"LoadNode", "TextNode"}
    [text] = [
        node
        for node in _template('{% load i18n %}{% translate "Move" context "lead" %}').template.nodelist  # type: ignore[attr-defined]
        if isinstance(node, TextNode)
    ]
    assert text.s == "Move"


@pytest.mark.parametrize(
    "source",
    [
        "{% translate word %}",
        '{% translate "Leads" as word %}',
        '{% translate "Leads"|upper %}',
        '{% translate "Leads" context word %}',
        "{% icon word %}",
        '{% icon "x" word %}',
        '{% icon "x" as word %}',
        "{% url word %}",
    ],
)
def test_what_a_page_decides_is_drawn_with_the_page(source: str) -> None:
    assert "TextNode" not in _nodes("{% load i18n look %}" + source)


def test_a_template_is_compiled_for_each_language() -> None:
    with override("en"):
        english = get_template("components/tabbar.html")
        assert english.template is get_template("components/tabbar.html").template  # type: ignore[attr-defined]
    with override("nl"):
        dutch = get_template("components/tabbar.html")
    assert english.template is not dutch.template  # type: ignore[attr-defined]
    assert "More" in _text(english)
    assert "Meer" in _text(dutch)


def _text(template: object) -> str:
    nodes = getattr(template, "template", template).nodelist.get_nodes_by_type(TextNode)
    return "".join(node.s for node in nodes)


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<ul>\n  <li>One\n\n\n  <li>Two  \n</ul>\n", "<ul>\n<li>One\n<li>Two\n</ul>\n"),
        ('<a\n  class="btn"\n  href="#"\n>\n  Go on\n</a>', '<a\nclass="btn"\nhref="#"\n>\nGo on\n</a>'),
        ("<b>One</b> <b>Two</b>  three", "<b>One</b> <b>Two</b>  three"),
        ("{% load i18n %}\n{% url 'home' as home %}\n<p>", "{% load i18n %}{% url 'home' as home %}<p>"),
        ("<p>\n  {% if a %}\n    One\n  {% endif %}\n</p>", "<p>\n{% if a %}One\n{% endif %}</p>"),
        ("<p>\n  {% if a %}One{% endif %}\n</p>", "<p>\n{% if a %}One{% endif %}\n</p>"),
        ("<p>\n  {{ a }}\n  {% include 'a.html' %}\n</p>", "<p>\n{{ a }}\n{% include 'a.html' %}\n</p>"),
        (
            "<p>\n  {% comment %}Two\n  lines.{% endcomment %}\n  One",
            "<p>\n{% comment %}Two\n  lines.{% endcomment %}One",
        ),
        ("One\n  {{ \"a\"|default:'as b' }}\n", "One\n{{ \"a\"|default:'as b' }}\n"),
        ("  <pre>\n  One\n\n  Two\n  </pre>\n  <p>", "<pre>\n  One\n\n  Two\n  </pre>\n<p>"),
        ("<textarea>\n  {{ a }}\n</textarea>", "<textarea>\n  {{ a }}\n</textarea>"),
        ("<script>\n  `\n  a`\n</script>", "<script>\n  `\n  a`\n</script>"),
        (
            "{% blocktranslate %}One\n  two{% endblocktranslate %}\n  <p>",
            "{% blocktranslate %}One\n  two{% endblocktranslate %}\n<p>",
        ),
    ],
)
def test_how_a_template_is_set_out_costs_a_page_nothing(source: str, left: str) -> None:
    assert without_layout(source) == left


def test_a_page_loses_its_layout_and_a_mail_keeps_it(tmp_path: Path) -> None:
    for name in ("page.html", "mail.txt"):
        (tmp_path / name).write_text("One\n\n  two\n")
    loader = Loader(engines["django"].engine, [("django.template.loaders.filesystem.Loader", [tmp_path])])
    assert _text(loader.get_template("page.html")) == "One\ntwo\n"
    assert _text(loader.get_template("mail.txt")) == "One\n\n  two\n"


def test_no_part_of_a_template_is_in_another_language() -> None:
    with pytest.raises(TemplateSyntaxError, match="language"):
        _template('{% load i18n %}{% language "nl" %}{% translate "Leads" %}{% endlanguage %}')


def test_an_address_is_looked_up_once_and_an_unknown_one_every_time() -> None:
    url_cache._address.cache_clear()
    assert address("leads:lead", "suncoast", 7) == address("leads:lead", "suncoast", 7) == "/suncoast/leads/7/"
    assert address("leads:lead", "suncoast", 8) == "/suncoast/leads/8/"
    assert url_cache._address.cache_info().misses == 2
    for _again in range(2):
        with pytest.raises(NoReverseMatch):
            address("leads:nowhere")


def test_a_page_says_an_address_as_django_does() -> None:
    def drawn(source: str) -> str:
        return str(engines["django"].from_string(source).render({"slug": "a&b", "number": 7}))

    assert drawn("{% url 'leads:lead' 'suncoast' number %}") == "/suncoast/leads/7/"
    assert drawn("{% url 'leads:lead' tenant='suncoast' number=number as found %}{{ found }}") == "/suncoast/leads/7/"
    assert drawn("{% url 'leads:nowhere' as found %}[{{ found }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'leads:nowhere' %}")
