"""Prints what the product makes of the sample app; run by test_sample.py, in a process with that app."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from crm.jobs.models import Job  # noqa: E402
from crm.platform.access import permissions  # noqa: E402
from crm.platform.events import events  # noqa: E402
from crm.platform.events.hints import topics_of  # noqa: E402
from crm.platform.models import Member, Role  # noqa: E402
from crm.platform.tenancy import row_level_security  # noqa: E402
from crm.platform.work import due  # noqa: E402
from crm.web.lists import exports  # noqa: E402
from crm.web.settings.sections import groups  # noqa: E402
from crm.web.shell import navigation, shortcuts  # noqa: E402
from crm.web.shell.record_pages import record_link, record_url  # noqa: E402
from crm.web.timeline import event_words  # noqa: E402
from tests.roofs.models import Roof  # noqa: E402

call_command("check", stdout=sys.stderr)
ada = Member(role=Role.ADMIN)
exportable = exports.exportable("roofs")
shown = {
    "pages": [entry.url for entry in navigation.entries(ada, "house", "/")],
    "trigger": navigation.count_trigger(ada),
    "record": record_url(Roof(uid="00000000-0000-7000-8000-000000000000"), "house"),
    "panel": record_link(Job(number=7), "roof", by=ada, slug="house"),
    "settings": [(group.label, [entry.url for entry in group.entries]) for group in groups(ada, "house", "/")],
    "permissions": [told.permission for _group, lines in permissions.in_words() for told in lines],
    "topics": sorted(topics_of("roof.inspected")),
    "words": event_words.told("roof.inspected", {"result": "dry"}, None).words,
    "keys": [one.keys for _group, keys in shortcuts.shortcuts() for one in keys],
    "headings": exportable.headings() if exportable else [],
    "functions": row_level_security.functions(),
    "hears": [subscriber.__name__ for subscriber in events._subscribers["job.lost"]],
    "later": "roof.stale" in due._handlers,
}
sys.stdout.write(json.dumps(shown))
