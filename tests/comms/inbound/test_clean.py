import pytest

from comms.inbound.text_cleaning import clean_all, clean_text


@pytest.mark.parametrize(
    ("given", "stored"),
    [("Hello", "Hello"), ("a\0b", "ab"), ("\ud83d\ude00", "😀"), ("x\ud800y", "x\ufffdy"), ("", "")],
)
def test_texts_become_what_postgres_stores(given: str, stored: str) -> None:
    assert clean_text(given) == stored
    stored.encode()


def test_every_text_of_a_value_is_cleaned() -> None:
    assert clean_all({"a\0": ["\ud800", 1, None, {"b": "\0"}]}) == {"a": ["\ufffd", 1, None, {"b": ""}]}
