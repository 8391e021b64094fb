"""The figures of updates and of surveys: true numbers, each with its list, and as CSV."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comms.models import Message, SurveyAnswer, Template, TemplateVersion
from crm.jobs.models import Job
from crm.kernel import clock
from portal.models import CustomerUpdate
from tests.portal.updates.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def signed_in(member: Any) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def updates(house: Any, job: Job) -> None:
    """Three that were due in the last days: answered, missed and sent late, left out."""
    rows = [
        {"state": "sent", "sent_at": NOW - 10 * DAY, "seen_at": NOW - 9 * DAY, "seen_by": "visit"},
        {"state": "sent", "sent_at": NOW - 5 * DAY, "missed_at": NOW - 6 * DAY, "proposed_medium": "sms"},
        {"state": "skipped", "reason": "We spoke"},
    ]
    rows[0]["answered_at"] = NOW - 8 * DAY
    for back, row in zip((10, 6, 2), rows, strict=True):
        CustomerUpdate.objects.create(
            job=job,
            person=house.cora,
            brand=job.brand,
            member=house.rita,
            language="en",
            happened="x",
            next="y",
            since=NOW - 30 * DAY,
            until=NOW - back * DAY,
            due_at=NOW - back * DAY,
            **row,
        )
    usual = {"direction": "in", "medium": "sms", "address": "+1", "state": "received", "brand": job.brand, "job": job}
    # Two before the first, one after it; one five days before the second.
    for back in (11, 12, 9):
        Message.objects.create(**usual, at=NOW - back * DAY + timedelta(hours=1), text="?")
    # A STOP asks nothing.
    Message.objects.create(**usual, at=NOW - 9 * DAY, text="STOP", request="stop")


def test_each_number_is_true_and_opens_the_list_it_counts(house: Any, job: Job) -> None:
    updates(house, job)
    client, url = signed_in(house.mona), reverse("updates:figures", args=[house.tenant.slug])
    page = client.get(url).text
    cells = re.findall(r"<td>\s*(?:<a href=\"([^\"]*)\">)?(\d+)", page)
    numbers = [int(number) for _url, number in cells]
    # Due, sent, missed, left out, delivered, seen, answered, unseen; asked before and after, and how many fewer.
    assert numbers == [3, 2, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    for address, number in cells:
        if address:
            listed = client.get(unescape(address)).text
            assert listed.count('class="update-row"') == int(number), address
    assert "2 messages and calls" in page
    sheet = client.get(url, {"format": "csv", "by": "brand"}).content.decode("utf-8-sig").splitlines()
    assert sheet[1].split(",")[1:4] == ["3", "2", "1"]
    assert signed_in(house.rita).get(url).status_code in (403, 404)


def test_how_content_they_are_by_month_with_what_they_wrote(house: Any, job: Job) -> None:
    template = Template.objects.get(key="survey_invitation")
    version = TemplateVersion.objects.filter(template=template, medium="email", language="en").first()
    for hour in range(4):
        Message.objects.create(
            direction="out",
            medium="email",
            address="cora@x.example",
            state="sent",
            brand=job.brand,
            job=job,
            template_version=version,
            sent_at=NOW - timedelta(hours=hour + 1),
        )
    SurveyAnswer.give(job, 2, "Nobody called", asked_at=NOW - 2 * DAY)
    SurveyAnswer.give(job, 5, "", asked_at=NOW - DAY)
    client, url = signed_in(house.mona), reverse("updates:satisfaction", args=[house.tenant.slug])
    page = client.get(url).text
    assert re.findall(r"<td>\s*(?:<a href=\"[^\"]*\">)?([\d./]+)", page) == ["4", "2", "3.5/5", "1", "1"]
    assert "50% of those asked" in page
    assert page.index("Unhappy: 1 or 2") < page.index("Happy: 5")
    assert "“Nobody called”" in page
    low = client.get(url, {"month": f"{NOW:%Y-%m}", "band": "low"}).text
    assert ("Nobody called" in low, "Happy: 5" in low) == (True, False)
    assert client.get(url, {"format": "csv"})["Content-Type"].startswith("text/csv")
    by = client.get(url, {"by": "member"}).text
    assert re.findall(r"<td>\s*(?:<a href=\"[^\"]*\">)?([\d./]+)", by) == ["4", "2", "3.5/5", "1", "1"]
    assert re.findall(r"<bdi>([^<]*)</bdi></th>", by) == [job.member.name if job.member else "Nobody"]
    for address in re.findall(r"<td>\s*<a href=\"([^\"]*band=low)\"", by):
        low = client.get(url + unescape(address)).text
        assert ("Nobody called" in low, "Happy: 5" in low) == (True, False)
    nobody = client.get(url, {"by": "member", "format": "csv"}).content.decode()
    assert "Member,Asked,Answered" in nobody
    assert clock.now() == NOW
