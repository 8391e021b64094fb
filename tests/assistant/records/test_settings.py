"""The settings page: what an admin chooses is kept, what is wrong is said, the key is never shown."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from assistant.calls.queue import forget_old
from assistant.labels.labelling import label_messages
from assistant.models import AssistantCall, AssistantSetup
from crm.kernel import clock
from crm.platform.models import Event
from crm.web.models import Notice
from crm.web.shell.record_pages import record_link
from tests.assistant.records.conftest import Asks, Says
from tests.assistant.records.model_server import ModelServer
from tests.cast import House
from tests.followups.conftest import Browser
from tickets.models import Ticket

Model = Callable[..., AssistantSetup]
PAGE = "settings/assistant/"
FORM: dict[str, Any] = {
    "provider": "openai", "address": "https://llm.example/v1", "model": "house-8b", "key": "sk-1",
    "helpers": ["summary"],
    "names": "hidden", "contacts": "hidden", "numbers": "never", "prices": "sent", "notes": "never", "calls": "never",
    "spend_limit": "60", "price_in": "0.15", "price_out": "0.60",
}  # fmt: skip


def test_no_model_is_set_up_at_first(house: House, ada: Browser) -> None:
    assert "No language model has been asked." in ada.get(PAGE)
    assert not AssistantSetup.objects.exists()


def test_a_setup_is_saved_with_its_key_encrypted(house: House, ada: Browser) -> None:
    ada.post(f"{PAGE}save/", FORM | {"version": "0"})
    setup = AssistantSetup.objects.get()
    assert (setup.spend_limit, setup.price_in, setup.price_out) == (6000, 150_000, 600_000)
    assert (setup.key, "sk-1" in setup.sealed_key) == ("sk-1", False)
    assert "sk-1" not in ada.get(PAGE)


def test_an_empty_key_keeps_the_stored_one(house: House, ada: Browser) -> None:
    ada.post(f"{PAGE}save/", FORM | {"version": "0"})
    version = AssistantSetup.objects.get().form_version
    ada.post(f"{PAGE}save/", FORM | {"key": "", "model": "other", "version": version})
    assert (AssistantSetup.objects.get().model, AssistantSetup.objects.get().key) == ("other", "sk-1")


def test_a_model_without_a_limit_is_refused_and_nothing_is_lost(house: House, ada: Browser) -> None:
    response = ada.post(f"{PAGE}save/", FORM | {"spend_limit": "", "version": "0"}, status=422)
    page = response.content.decode()
    assert "Enter what it may cost a month." in page
    assert "https://llm.example/v1" in page


def test_a_stale_form_is_refused(house: House, ada: Browser) -> None:
    ada.post(f"{PAGE}save/", FORM | {"version": "0"})
    ada.post(f"{PAGE}save/", FORM | {"version": "0"}, status=409)


def test_the_preview_shows_what_would_be_sent(house: House, ada: Browser, says: Says) -> None:
    says("Call (813) 555-0142 please.")
    page = ada.post(f"{PAGE}preview/", FORM, status=200, htmx=True).content.decode()
    assert "Call [phone 1] please." in page
    assert not AssistantSetup.objects.exists()


def test_the_log_names_who_asked_and_the_text_is_kept_for_30_days(
    house: House, ada: Browser, says: Says, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot.")
    model()
    call = asks()
    assert "answer not usable" in ada.get(PAGE)
    assert "There is a brown spot." in ada.get(f"{PAGE}calls/{call.uid}/")
    with clock.at(clock.now() + timedelta(days=31)):
        forget_old([])
        call.refresh_from_db()
        assert call.text == ""
    with clock.at(clock.now() + timedelta(days=91)):
        forget_old([])
    assert not AssistantCall.objects.exists()


def test_admins_are_told_when_most_of_the_limit_is_spent(
    house: House, says: Says, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot.")
    model(spend_limit=1, price_out=10_000_000)
    server.tokens = (100, 790)
    asks()
    assert Notice.objects.filter(kind="assistant.spent").count() == 1


def test_the_bar_shows_the_part_of_the_limit_that_was_spent(
    house: House, ada: Browser, says: Says, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot.")
    model(spend_limit=2, price_in=0, price_out=10_000_000)  # two cents
    server.tokens = (1, 1000)  # costs one
    asks()
    assert '<rect class="share-part k1" x="0.0" width="50.0"' in ada.get(PAGE)


def test_switching_is_recorded_and_reps_cannot(house: House, ada: Browser, rita: Browser, model: Model) -> None:
    model()
    form = re.search(r'<form[^>]*action="[^"]*/switch/".*?</form>', ada.get(PAGE), re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(on|version)" value="([^"]*)"', form.group()))
    model(model="changed-meanwhile")
    ada.post(f"{PAGE}switch/", fields)
    assert not AssistantSetup.objects.get().is_on
    assert Event.objects.filter(kind="assistant.switched_off").exists()
    rita.get(PAGE, status=404)


def test_a_try_is_queued_and_shown(house: House, ada: Browser, model: Model) -> None:
    model()
    assert 'id="assist-switch"' in ada.get(PAGE, htmx=True)  # what reloads once the model has answered
    ada.post(f"{PAGE}try/", {})
    assert AssistantCall.objects.get().helper == "try"
    assert "waiting" in ada.get(PAGE)


def test_the_log_is_a_file_too_without_the_texts(
    house: House, ada: Browser, says: Says, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot.")
    model()
    asks()
    text = ada.get(f"{PAGE}calls.csv")
    assert "answer not usable" in text
    assert "brown spot" not in text


def test_the_log_is_for_admins(rita: Browser) -> None:
    rita.get(f"{PAGE}calls.csv", status=404)


def test_the_grid_says_which_role_has_which_helper(house: House, ada: Browser) -> None:
    assert 'value="draft:rep"' in ada.get(PAGE)
    page = ada.get(PAGE)
    cells = set(re.findall(r'name="shown_helpers" value="([a-z:]+)"', page))
    assert {"summary:rep", "labels:service", "timing:manager", "suggestions:admin"} <= cells
    chosen = sorted(cells - {"draft:rep", "timing:service"})
    ada.post(f"{PAGE}save/", FORM | {"version": "0", "shown_helpers": chosen})
    assert AssistantSetup.objects.get().helpers_off == ["draft:rep", "timing:service"]
    boxes = re.findall(r'value="draft:(?:rep|manager)"\s*(checked)?>', ada.get(PAGE))
    assert boxes == ["", "checked"]


@pytest.mark.parametrize(("helper", "words"), [("summary", "In short"), ("labels", "labels-head")])
def test_a_panel_is_hidden_from_a_role_without_its_helper(
    house: House, ticket: Ticket, rita: Browser, ada: Browser, says: Says, helper: str, words: str
) -> None:
    label_messages([says("There is a brown spot. Is water coming in?").message])
    path = {"summary": f"assistant/conversations/{ticket.number}/", "labels": f"labels/{ticket.number}/"}[helper]
    assert words in rita.get(path)
    AssistantSetup.set(by=house.ada, helpers_off=[f"{helper}:rep"])
    assert words not in rita.get(path)
    assert words in ada.get(path)


def test_a_role_without_drafts_has_no_link_to_them(house: House, ticket: Ticket, rita: Browser) -> None:
    assert record_link(ticket, "draft", by=house.rita, slug=house.tenant.slug)
    AssistantSetup.set(by=house.ada, helpers_off=["draft:rep"])
    assert not record_link(ticket, "draft", by=house.rita, slug=house.tenant.slug)
    assert record_link(ticket, "draft", by=house.ada, slug=house.tenant.slug)
    rita.get(f"assistant/conversations/{ticket.number}/reply/", status=404)
