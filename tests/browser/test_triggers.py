"""A trigger is made by keyboard alone."""

import re
from typing import Any

import pytest

from crm.automation.models import Rule
from crm.platform.tenancy.context import use_tenant
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until a field or button has the focus, as somebody does who has no mouse."""
    for _press in range(120):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def tab_to_new(page: Any, selector: str) -> None:
    """The same for a field that is still to come."""
    page.locator(selector).wait_for()
    tab_to(page, selector)


def test_a_trigger_is_made_by_keyboard_alone(site: Site, open_page: Any) -> None:
    house = site.cast.house
    page = open_page(member=house.ada)
    page.goto(site.path("triggers/new/"))
    tab_to(page, "#rule-name")
    page.keyboard.type("Tell whose it is")
    tab_to(page, "#add-step")
    page.keyboard.press("Enter")
    # The new step has the focus, and a letter chooses what it does.
    page.locator("#s0-first:focus").wait_for()
    page.keyboard.press("n")
    tab_to_new(page, "[name='s0-o-who']")
    page.locator("[name='s0-o-who'] option[value='owner']:checked").wait_for(state="attached")
    tab_to(page, "[name='s0-o-text']")
    page.keyboard.type("It came in")
    tab_to(page, ".savebar [value='save']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/triggers/[0-9a-f-]{36}/$"))
    with use_tenant(house.tenant):
        rule = Rule.objects.select_related("version").get()
    assert (rule.name, rule.mode) == ("Tell whose it is", "shadow")
    [step] = rule.version.definition["steps"]
    assert (step["action"], step["options"]["text"]) == ("tell", "It came in")


def test_enter_in_the_search_of_a_trial_searches_and_saves_nothing(site: Site, open_page: Any) -> None:
    page = open_page(member=site.cast.house.ada)
    page.goto(site.path("triggers/new/"))
    page.locator("#rule-name").fill("Half typed")
    page.locator("#trial-q").fill(str(site.cast.house.job.number))
    page.locator("#trial-q").press("Enter")
    page.locator("#trial [value^='try:']").wait_for()
    assert page.locator("#rule-name").input_value() == "Half typed"
    with use_tenant(site.cast.house.tenant):
        assert not Rule.objects.filter(name="Half typed").exists()
