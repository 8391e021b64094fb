"""Confirming by the password that it is still the same person."""

from django.test import Client

from tests.cast import PASSWORD


def confirm(client: Client) -> None:
    """As the page that asks for it does."""
    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/sessions/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/sessions/")
