"""The mapping of a feed as its page shows it, and as the page sends it back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from connections.feeds.pulling import PREFIX
from connections.feeds.records import FEED_RECORDS, feed_fields
from connections.models import Connection, FieldRule, FieldRuleDraft, SyncDirection, WhoWins
from crm.kernel.refusal import Refused
from leads.importing.mapping.headings import LABELS

LONGEST_NAME = 80
LONGEST_URL = 500
ADDRESSES = ("push_url", "pull_url")


def mapping_context(connection: Connection) -> dict[str, Any]:
    """Return what is sent under which name, and what the columns of the last reading hold."""
    rules = list(FieldRule.objects.filter(connection=connection))
    names = {rule.ours: rule.theirs for rule in rules if rule.direction == SyncDirection.OUT}
    fields = {rule.theirs: rule.ours.removeprefix(PREFIX) for rule in rules if rule.direction == SyncDirection.IN}
    records: dict[str, list[tuple[str, Any, str]]] = {}
    for noun, name, field in feed_fields():
        key = f"{noun}.{name}"
        records.setdefault(noun, []).append((key, field.label, names.get(key, "")))
    columns = list(dict.fromkeys([*connection.options.get("columns", []), *fields]))
    return {
        "feed_records": [(FEED_RECORDS[noun].label, lines) for noun, lines in records.items()],
        "feed_columns": [(place, column, fields.get(column, "")) for place, column in enumerate(columns)],
        "import_fields": [(str(code), label) for code, label in LABELS.items()],
    }


def read_mapping(connection: Connection, posted: Mapping[str, Any]) -> list[FieldRuleDraft]:
    """Return the mapping that a page sent. Raises Refused for a field or name that is chosen twice."""
    drafts: list[FieldRuleDraft] = []
    for noun, record in FEED_RECORDS.items():
        names: set[str] = set()
        for name in record.fields():
            theirs = " ".join(str(posted.get(f"out-{noun}.{name}", "")).split())[:LONGEST_NAME]
            if not theirs:
                continue
            if theirs in names:
                raise Refused(_("“%(name)s” is used twice. Each field needs a name of its own.") % {"name": theirs})
            names.add(theirs)
            drafts.append(FieldRuleDraft(f"{noun}.{name}", theirs, SyncDirection.OUT, WhoWins.OURS))
    for place, column, _chosen in mapping_context(connection)["feed_columns"]:
        code = str(posted.get(f"in-{place}", ""))
        if code in LABELS:
            drafts.append(FieldRuleDraft(f"{PREFIX}{code}", column, SyncDirection.IN, WhoWins.THEIRS))
    return drafts


def read_urls(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses that a page sent. Raises Refused as `check_urls` does."""
    urls = {name: str(posted.get(name, "")).strip() for name in ADDRESSES}
    check_urls(urls)
    return urls


def check_urls(options: dict[str, Any]) -> None:
    """Raise Refused without an address, and for an address that is none."""
    urls = [options.get(name, "") for name in ADDRESSES]
    if not any(urls):
        raise Refused(_("Enter the address that takes records, the one that gives records, or both."))
    for url in filter(None, urls):
        if not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL or not url.isascii() or " " in url:
            raise Refused(_("The address must begin with https:// and contain no spaces."))
