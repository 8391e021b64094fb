"""What a read mail is made of."""

from libs.inbound_mail.message import MailAddress, MailHeaders


def test_headers_are_found_in_any_case_and_none_is_lost() -> None:
    headers = MailHeaders([("To", "a@example.com"), ("TO", "b@example.com"), ("Subject", "Hi")])
    assert headers.get("to") == "a@example.com"
    assert headers.all("tO") == ("a@example.com", "b@example.com")
    assert headers.get("From") == ""
    assert "SUBJECT" in headers
    assert "Cc" not in headers
    assert len(list(headers)) == 3


def test_an_address_reads_as_a_person_writes_it() -> None:
    assert str(MailAddress("Ann", "ann@example.com")) == "Ann <ann@example.com>"
    assert str(MailAddress("", "ann@example.com")) == "ann@example.com"
    assert MailAddress("", "ann@example.com").domain == "example.com"
