"""The link of a video meeting: the provider's if a meeting was created, else the own link of who attends."""

from collections.abc import Mapping, Sequence

from crm.integrations.models import Meeting, MeetingPreference


def meeting_urls(
    source: str, members_by_item: Mapping[int, Sequence[int]], chosen: Mapping[int, str] | None = None
) -> dict[int, str]:
    """Return the links of entries that take place by video, given with their members. Two queries, or none.

    `chosen`: the provider of the entries for which one was chosen; a meeting at another provider is not theirs.
    """
    if not members_by_item:
        return {}
    providers = chosen or {}
    meetings = Meeting.objects.filter(source=source, item_id__in=members_by_item).exclude(url="")
    urls = {
        item_id: url
        for item_id, url, provider in meetings.values_list("item_id", "url", "provider")
        if providers.get(item_id, provider) == provider
    }
    members = {pk for members in members_by_item.values() for pk in members}
    preferences = MeetingPreference.objects.filter(member_id__in=members).exclude(url="")
    own = dict(preferences.values_list("member_id", "url"))
    for item_id, item_members in members_by_item.items():
        if item_id not in urls:
            urls[item_id] = next((own[pk] for pk in item_members if pk in own), "")
    return urls


def own_link(member_id: int | None) -> str:
    """Return a member's own link; blank without one."""
    row = MeetingPreference.objects.filter(member_id=member_id).first()
    if row:
        return str(row.url)
    return ""
