"""Addresses are looked up once a process, and said as Django says them."""

import pytest
from django.template import engines
from django.urls import NoReverseMatch

from crm.web.requests import url_cache
from crm.web.requests.url_cache import address


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
