"""A message as its customer reads it: short links without keys, the signature folded, a long one cut."""

from django.utils import translation

from crm.platform.tenancy.context import use_tenant
from portal.access import links
from portal.messages.text import MOST_LINES, SPARE, MessageParts, message_text
from tests.cast import Cast, House


def read(house: House, text: str, *, is_ours: bool = True) -> MessageParts:
    with use_tenant(house.tenant), translation.override("en"):
        return message_text(text, house.job, house.job.brand, is_ours=is_ours)


def test_a_link_of_ours_is_short_and_carries_no_key(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        address = links.link_url(links.make_link(house.cora, job=house.job), house.job.brand)
        other = links.link_url(
            links.make_link(house.cora, job=house.job, document="3f1c1c52-8f0e-4b0b-9a55-3b1f0a1d2c11"), house.job.brand
        )
    job = f"/my/{house.tenant.slug}/jobs/{house.job.number}/"
    assert read(house, f"Send it: {address}").shown == f'Send it: <a href="{job}">your page</a>'
    assert read(house, f"{address[:-9]}x/").shown == f'<a href="{job}">your page</a>'
    assert "/documents/3f1c1c52-8f0e-4b0b-9a55-3b1f0a1d2c11/" in read(house, other).shown
    foreign = read(house, f"https://evil.example{job}open/<b>{'x' * 60}").shown
    assert "<b>" not in foreign
    assert foreign.startswith(f'<a href="https://evil.example{job}open/"')


def test_a_foreign_address_is_shortened_and_leads_where_it_says(cast: Cast) -> None:
    shown = read(cast.house, f"See https://city.example/permits/{'a' * 80}.").shown
    assert f'href="https://city.example/permits/{"a" * 80}"' in shown
    assert f">city.example/permits/{'a' * 18}…</a>." in shown


def test_what_stands_below_ours_is_folded(cast: Cast) -> None:
    text = "Your permit is in.\n\n-- \nSuncoast Roofing · 900 N Franklin St"
    assert read(cast.house, text) == MessageParts(
        "Your permit is in.", "", "-- <br>Suncoast Roofing · 900 N Franklin St"
    )
    assert read(cast.house, "Fine.\n\n-- \nCora", is_ours=False).folded == ""


def test_a_long_one_is_cut_between_lines_and_no_word_is_lost(cast: Cast) -> None:
    lines = [f"Line {at}" for at in range(30)]
    cut = read(cast.house, "\n".join(lines))
    assert cut.shown == "<br>".join(lines[:MOST_LINES])
    assert cut.rest == "<br>".join(lines[MOST_LINES:])
    assert read(cast.house, "\n".join(lines[: MOST_LINES + SPARE])).rest == ""
