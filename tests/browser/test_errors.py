"""The error pages: in the look, strict HTML, with the reference to quote; the 500 without a database."""

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from crm.web.requests import error_pages


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (error_pages.bad_request, 400),
        (error_pages.forbidden, 403),
        (error_pages.not_found, 404),
        (error_pages.too_many, 429),
        (error_pages.server_error, 500),
    ],
)
def test_an_error_page_needs_no_database(view, status):
    request = RequestFactory().get("/somewhere/", HTTP_COOKIE="theme=dark")
    request.id, request.user = "a1b2c3d4e5f6", AnonymousUser()
    response = view(request)
    page = response.content.decode()
    assert response.status_code == status
    assert "a1b2c3d4e5f6" in page
    assert 'data-theme="dark"' in page
    assert "css/bundle.css" in page
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.parametrize(
    ("sent", "words", "is_kept"),
    [
        ({"body": "Ask <Luz>\nfor the key", "stay": "7"}, "What you entered is kept here", True),
        ({"login": "rita", "password": "s3cret"}, "Go back to the form", False),
    ],
)
def test_a_form_that_failed_was_not_saved_and_is_sent_again(sent, words, is_kept):
    request = RequestFactory().post("/house/jobs/7/note/?a=b", sent)
    request.id, request.user = "a1b2c3d4e5f6", AnonymousUser()
    page = error_pages.server_error(request).content.decode()
    assert "Nothing was saved." in page
    assert words in page
    assert ('<form method="post" action="/house/jobs/7/note/?a=b">' in page) is is_kept
    assert ('value="Ask &lt;Luz&gt;\nfor the key"' in page) is is_kept
    assert "s3cret" not in page
    assert 'href=""' not in page, "a form's address is not there to be opened"
