"""Links from dead letters to the record that a person has to mend."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Model

from connections.models import SyncItem
from crm.web.shell.record_pages import record_url


def record_links(items: Iterable[SyncItem], models: Mapping[str, type[Model]], slug: str) -> dict[int, str]:
    """Return the URLs of the records here that items are about, by the ids of items. One query for each noun.

    `models`: by the nouns of items. Records that are gone have none.
    """
    ids: dict[str, dict[int, int]] = defaultdict(dict)
    for item in items:
        if item.noun in models and item.subject_id is not None:
            ids[item.noun][item.pk] = item.subject_id
    links: dict[int, str] = {}
    for noun, subjects in ids.items():
        rows = models[noun]._default_manager.in_bulk(list(subjects.values()))
        links |= {pk: record_url(rows[subject], slug) for pk, subject in subjects.items() if subject in rows}
    return links
