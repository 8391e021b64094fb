"""Who wrote a mail that a form or a group sent; and that what a person sends is theirs, whatever its Reply-To says."""

import pytest

from libs.inbound_mail.classification.author import find_author
from libs.inbound_mail.message import OwnAddresses
from tests.libs.inbound_mail.mails import read

OWN = OwnAddresses(frozenset({"hello@suncoast.example"}))
DANA = ("Dana Cruz", "dana@home.example")
LIST = "List-Id: <hello.suncoast.example>\nPrecedence: list"
FIELDS = "Name: Dana Cruz\nEmail: dana@home.example\nMessage: it leaks"
CELLS = "<table><tr><td>Name</td><td>Dana Cruz</td></tr><tr><td>Email</td><td>dana@home.example</td></tr></table>"


def author(sender: str, headers: str = "", text: str = "It leaks", kind: str = "plain") -> tuple[str, str, str]:
    head = f"From: {sender}\nTo: hello@suncoast.example\nSubject: Roof\n{headers}".strip()
    found = find_author(read(f"{head}\nContent-Type: text/{kind}; charset=utf-8\n\n{text}"), OWN)
    assert found.address
    return found.address.name, found.address.address, found.sent_by.address if found.sent_by else ""


@pytest.mark.parametrize(
    ("sender", "headers", "text"),
    [
        ("Site <noreply@site.example>", "Reply-To: Dana Cruz <dana@home.example>", "It leaks"),
        ("Site <wordpress@site.example>", "Reply-To: dana@home.example", FIELDS),
        ("Dana Cruz <wordpress@site.example>", "Reply-To: dana@home.example", "It leaks"),
        ("Site <website@suncoast.example>", "Reply-To: Dana Cruz <dana@home.example>", "It leaks"),
        ("Site <hello@suncoast.example>", "Reply-To: dana@home.example, hello@suncoast.example", FIELDS),
        ("Site <info@builder.example>", "Reply-To: dana@home.example", FIELDS),
        ("Site <noreply@site.example>", "", FIELDS),
        ("Site <noreply@site.example>", "", "First name\nDana\nLast name\nCruz\nE-mail\ndana@home.example"),
        ("Site <noreply@site.example>", "", "From: Dana Cruz [dana@home.example]\nSubject: Roof"),
        ("Site <noreply@site.example>", "", "Naam: Dana Cruz\nE-mailadres: dana@home.example\nBericht: het lekt"),
        ("'Dana Cruz' via Hello <hello@suncoast.example>", f"X-Original-From: dana@home.example\n{LIST}", "It leaks"),
        ("'Dana Cruz' via Hello <hello@suncoast.example>", f"X-Original-Sender: dana@home.example\n{LIST}", "It leaks"),
        ("Dana Cruz via Owners <owners@hoa.example>", "Reply-To: Dana Cruz <dana@home.example>", "It leaks"),
        ("Dana Cruz via Owners <o@hoa.example>", "Reply-To: o@hoa.example\nCc: Dana Cruz <dana@home.example>", "Leak"),
    ],
)
def test_the_author_is_the_visitor_of_a_form_or_the_member_of_a_group(sender: str, headers: str, text: str) -> None:
    assert author(sender, headers, text)[:2] == DANA


def test_a_table_of_fields_names_the_visitor() -> None:
    assert author("Site <noreply@site.example>", text=CELLS, kind="html")[:2] == DANA


@pytest.mark.parametrize(
    ("sender", "headers", "text"),
    [
        ("Lou Fox <lou@work.example>", "Reply-To: Dana Cruz <dana@home.example>", "It leaks"),
        ("Lou Fox <lou@work.example>", "X-Original-From: dana@home.example", "It leaks"),
        ("Lou Fox <lou@work.example>", "Reply-To: hello@suncoast.example", "It leaks"),
        ("Lou Fox <lou@work.example>", "Reply-To: dana@home.example", "It leaks.\n\nEmail: dana@home.example"),
        # Two who might be meant, and nobody.
        ("Site <noreply@site.example>", "Reply-To: dana@home.example, lou@work.example", "It leaks"),
        ("Site <noreply@site.example>", "Reply-To: hello@suncoast.example", "It leaks"),
    ],
)
def test_the_author_is_the_sender_where_nothing_else_is_certain(sender: str, headers: str, text: str) -> None:
    name, address, sent_by = author(sender, headers, text)
    assert (f"{name} <{address}>", sent_by) == (sender, "")


def test_everybody_at_a_public_provider_is_not_ours() -> None:
    own = OwnAddresses(frozenset({"suncoast.roofs@gmail.com"}))
    mail = read("From: Lou Fox <lou.fox@gmail.com>\nReply-To: dana@home.example\n\nIt leaks")
    assert find_author(mail, own).sent_by is None


def test_an_address_that_we_made_for_answers_is_nobodys() -> None:
    mail = read("From: Site <noreply@site.example>\nReply-To: reply+1a2b@inbox.example\n\nIt leaks")
    own = OwnAddresses(is_reply_address=lambda address: address.startswith("reply+"))
    assert (find_author(mail, OwnAddresses()).sent_by is None, find_author(mail, own).sent_by is None) == (False, True)
