"""Template context of the page frame: the navigation of a member on one page."""

from typing import Any

from django.urls import reverse

from crm.platform.models import Member
from crm.web.shell import badges, navigation, pins, shortcuts


def frame_context(member: Member, slug: str, current: str) -> dict[str, Any]:
    """Return the navigation's template context for the page with the URL name `current`."""
    entries = navigation.navigation_entries(member, slug, current)
    return {
        "entries": entries,
        "area": next((entry for entry in entries if entry.is_current), None),
        "pinned": pins.pinned_pages(member, slug, current),
        "pin": pins.pin_at(member, slug, current),
        "links": navigation.frame_links(member, slug, current),
        "keyed": [(navigation.dashed_name(page), reverse(page, args=[slug])) for page in shortcuts.keyed_pages(member)],
        "badge_topics": badges.badge_topics(member),
        "badge_trigger": badges.badge_trigger(member),
    }
