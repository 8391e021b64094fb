"""What posts and mails say, read without a database: every shape a service sends, and what nobody can read."""

import json
import time
from typing import Any

import pytest

from leads.intake.fields import guess, read
from leads.intake.mail.lines import fields_of_mail
from leads.intake.posts.payload import MOST_FIELDS, UnreadablePayload, fields_of

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TYPEFORM: dict[str, Any] = {
    "event_id": "01H",
    "form_response": {
        "hidden": {"utm_source": "newsletter"},
        "definition": {
            "fields": [
                {"id": "a", "title": "Your name", "type": "short_text"},
                {"id": "b", "title": "Phone number", "type": "phone_number"},
                {"id": "c", "title": "Which roof?", "type": "multiple_choice"},
            ]
        },
        "answers": [
            {"type": "text", "text": "Ann Field", "field": {"id": "a"}},
            {"type": "phone_number", "phone_number": "+18135550101", "field": {"id": "b"}},
            {"type": "choice", "choice": {"label": "Tile"}, "field": {"id": "c"}},
        ],
    },
}
META = {
    "id": "9",
    "field_data": [{"name": "full_name", "values": ["Ann Field"]}, {"name": "email", "values": ["a@b.co"]}],
}
GOOGLE = {
    "lead_id": "L1",
    "user_column_data": [
        {"column_name": "Full Name", "string_value": "Ann Field", "column_id": "FULL_NAME"},
        {"column_name": "User Phone", "string_value": "+18135550101", "column_id": "PHONE_NUMBER"},
    ],
    "gcl_id": "click-1",
}
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="rawRequest"\r\n\r\n{"q3_name": "Ann Field", "email": "a@b.co"}\r\n'
    b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\nbinary\r\n--x--\r\n'
)


ANN = {"name": "Ann Field", "phone": "+18135550101"}
MAILED = {"name": "Ann Field", "email": "a@b.co"}
NESTED = {"data": {"contact": {"Voornaam": "Jan", "Achternaam": "Bos"}}}
NAMES = {"data.contact.Voornaam": "first_name", "data.contact.Achternaam": "last_name"}


@pytest.mark.parametrize(
    ("kind", "body", "mapping", "said"),
    [
        (JSON, ANN | {"text": "Hi"}, {"text": "message"}, ANN | {"message": "Hi"}),
        (JSON, TYPEFORM, {"Which roof?": "message"}, ANN | {"message": "Tile", "utm_source": "newsletter"}),
        (JSON, META, {}, MAILED | {"external_id": "9"}),
        (JSON, GOOGLE, {}, ANN | {"gclid": "click-1", "external_id": "L1"}),
        (JSON, NESTED, NAMES, {"first_name": "Jan", "last_name": "Bos"}),
        (FORM, b"your+name=Ann+Field&E-mail=a%40b.co&ZIP=33611", {}, MAILED | {"postcode": "33611"}),
        (FORM, GOOGLE, {}, ANN | {"gclid": "click-1", "external_id": "L1"}),
        ("multipart/form-data; boundary=x", MULTIPART, {"q3_name": "name"}, MAILED),
        (JSON, {"email": "a@b.co", "lead": ""}, {"email": ""}, {}),
    ],
    ids=["json", "typeform", "meta", "google", "nested", "form", "json called a form", "multipart", "left out"],
)
def test_a_post_of_any_shape_says_what_it_says(
    kind: str, body: Any, mapping: dict[str, str], said: dict[str, str]
) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    assert read(fields_of(raw, kind), mapping).said == said


HOSTILE = {
    "semicolons": b"; ".join([b"form-data", b";" * 40_000]),
    "quotes": b"form-data; name=" + b'"' * 40_000,
    "parentheses": b"form-data; name=a " + b"(" * 40_000,
    "parameters": b"form-data; " + b"a=b; " * 8_000,
    "continuations": b"form-data; " + b"".join(b"name*%d=a; " % at for at in range(4_000)),
    "a codec that is no charset": b"form-data; name*=punycode''" + b"9" * 40_000,
    "encoded words": b'form-data; name="' + b"=?punycode?q?a-9?= " * 2_000 + b'"',
}


@pytest.mark.parametrize("disposition", HOSTILE.values(), ids=HOSTILE)
def test_a_part_of_a_form_made_to_be_read_for_ever(disposition: bytes) -> None:
    head = b"Content-Disposition: " + disposition
    body = b"".join(b"--x\r\n" + each + b"\r\n\r\nAnn\r\n" for each in (head, b'Content-Disposition: a; name="b"'))
    begun = time.thread_time()
    assert fields_of(body + b"--x--\r\n", "multipart/form-data; boundary=x")["b"] == "Ann"
    assert time.thread_time() - begun < 1


def test_many_parts_are_read_at_once_or_not_at_all() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nAnn\r\n'
    begun = time.thread_time()
    assert len(fields_of(part * 2_000 + b"--x--", "multipart/form-data; boundary=x")) == MOST_FIELDS
    with pytest.raises(UnreadablePayload):
        fields_of(part * 4_000 + b"--x--", "multipart/form-data; boundary=x")
    with pytest.raises(UnreadablePayload):
        fields_of(part, "multipart/form-data; boundary " + "(" * 7_000)
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b"not json"),
        (JSON, b'"a text"'),
        (JSON, b"\xff\xfe\x00"),
        (JSON, b"[" * 100_000),
        (FORM, b"&".join(b"a=1" for _ in range(500))),
        ("multipart/form-data; boundary=", b"x"),
    ],
)
def test_what_nobody_can_read_is_said_in_words(kind: str, body: bytes) -> None:
    with pytest.raises(UnreadablePayload, match=r"\w+ \w+"):
        fields_of(body, kind)


def test_hostile_fields_stay_texts_and_few() -> None:
    nasty = {"name": "<script>alert(1)</script>\0", "note": "=cmd|' /C calc'!A0", "x" * 9000: "y" * 9000}
    nasty |= {f"field {n}": "v" for n in range(1000)}
    fields = fields_of(json.dumps(nasty).encode(), JSON)
    assert len(fields) == 200
    assert max(map(len, fields)) <= 200
    assert max(map(len, fields.values())) <= 4000
    given = read(fields, {})
    assert given.name == "<script>alert(1)</script>", "no NUL, and nothing else is touched: pages escape it"
    assert given["message"] == "=cmd|' /C calc'!A0"


ANGI = """
You have a new lead!

Customer Name: Ann Field
Phone:  (813) 555-0101
Email: ann@field.example
Task:
Roof repair
Comments: leaks since the storm; see https://x.example/a
Two storms, in fact
"""


def test_a_lead_mail_is_read_by_the_labels_of_its_lines() -> None:
    fields = fields_of_mail("New lead", "leads@angi.example", ANGI)
    assert fields["Task"] == "Roof repair", "what follows a label alone on its line"
    assert fields["→ 1"] == "You have a new lead!"
    last = next(label for label in fields if label.startswith("→ Comments"))
    assert fields[last] == "Two storms, in fact", "a line without a label is called by the one before it"
    given = read(fields, {"Task": "work", last: "message"})
    assert (given.name, given["phone"], given["email"], given["work"]) == (
        *("Ann Field", "(813) 555-0101", "ann@field.example", "Roof repair"),
    )
    assert given["message"] == "Two storms, in fact\nleaks since the storm; see https://x.example/a"
    assert "leads@angi.example" not in given.said.values(), "the portal is nobody's address"


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("E-mailadres", "email"),
        ("Your Phone?*", "phone"),
        ("postal_code", "postcode"),
        ("utm_campaign", "utm_campaign"),
        ("Favourite colour", ""),
        ("Telefoonnummer", "phone"),
        ("full_name", "name"),
        ("opmerkingen", "message"),
        ("Lead price", "cost"),
        ("Lead_Fee", "cost"),
        ("Leadkosten", "cost"),
        ("Value", "value"),
    ],
)
def test_a_label_means_what_the_same_heading_of_a_file_means(label: str, field: str) -> None:
    assert guess(label) == field
