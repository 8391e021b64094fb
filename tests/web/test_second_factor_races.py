"""Two requests at once, each with its own connection: one wins, the other is refused with words."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from tests.cast import Cast, load_cast
from tests.together import together
from tests.web.codes import ADD_APP, AUTHENTICATE, code, set_up_app, sign_in
from tests.web.confirm import confirm

pytestmark = pytest.mark.usefixtures("mid_step")
TIMES = 4


@pytest.fixture
def cast(transactional_db: None) -> Iterator[Cast]:
    """The cast, committed: other connections see it."""
    yield load_cast()
    connection.close()


def at_once(act: Callable[[Client], Any], clients: list[Client]) -> list[Any]:
    """Let every client act at the same moment."""
    return together(*(partial(act, client) for client in clients))


def half_way(cast: Cast) -> list[Client]:
    clients = [Client() for _ in range(TIMES)]
    for client in clients:
        assert sign_in(client, cast.house.rita)["Location"] == AUTHENTICATE
    return clients


def test_one_code_lets_one_in(client: Client, cast: Cast) -> None:
    sign_in(client, cast.house.rita)
    secret = set_up_app(client)
    answers = at_once(lambda one: one.post(AUTHENTICATE, {"code": code(secret)}).status_code, half_way(cast))
    assert sorted(answers) == [200] * (TIMES - 1) + [302]


def test_one_recovery_code_lets_one_in(client: Client, cast: Cast) -> None:
    sign_in(client, cast.house.rita)
    set_up_app(client)
    first = client.get("/account/second-factor/recovery-codes/").context["unused_codes"][0]
    answers = at_once(lambda one: one.post(AUTHENTICATE, {"code": first}).status_code, half_way(cast))
    assert sorted(answers) == [200] * (TIMES - 1) + [302]


def test_two_tabs_set_up_one_app(cast: Cast) -> None:
    # Both tabs show their key before either posts: a tab that opens after the other is done is shown no form.
    tabs: dict[Client, str] = {}
    for client in (Client(), Client()):
        sign_in(client, cast.house.rita)
        confirm(client)
        tabs[client] = client.get(ADD_APP).context["form"].secret

    def add(client: Client) -> str:
        return str(client.post(ADD_APP, {"code": code(tabs[client])})["Location"])

    places = at_once(add, list(tabs))
    assert "/account/second-factor/recovery-codes/" in places
    assert "/account/second-factor/app/remove/" in places, "the other is shown that there is one"
    assert Authenticator.objects.filter(type="totp").count() == 1
