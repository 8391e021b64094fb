"""The system that stands for all others: JSON out, JSON or CSV in."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice
from connections.feeds.mapping import ADDRESSES, check_urls, mapping_context
from connections.feeds.presets import PRESETS
from connections.feeds.preview import preview_upload
from connections.feeds.pulling import PREFIX, RUN, pull_new, read_upload
from connections.feeds.pushing import KIND, push_waiting
from connections.feeds.records import FEED_RECORDS, feed_fields
from connections.item_links import record_links
from connections.models import OF_FILE, ConnectionProblem, SyncItem
from connections.sync.sync_round import SyncRound
from connections.system_kinds import CredentialField, RemoteError, SystemKind
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from leads.importing.mapping.headings import LABELS


def nouns() -> dict[str, str]:
    """Return the records and the fields of the mapping in words."""
    fields = {f"{noun}.{name}": f"{FEED_RECORDS[noun].label}: {field.label}" for noun, name, field in feed_fields()}
    columns = {f"{PREFIX}{code}": str(label) for code, label in LABELS.items()}
    records = {noun: str(record.label) for noun, record in FEED_RECORDS.items()}
    return records | fields | columns | {"file": _("File"), "column": _("Column")}


def item_links(items: Sequence[SyncItem], slug: str) -> Mapping[int, str]:
    """Return the pages of records that were refused there, and of imports with refused rows, by the ids of items."""
    links = record_links(items, {"job": Job, "customer": Person, "invoice": Invoice}, slug)
    for item in items:
        run = item.remote_id.removeprefix(OF_FILE)
        if run.startswith(RUN):
            links[item.pk] = reverse("leads:import_run", args=[slug, run.removeprefix(RUN)])
    return links


def _synchronize(one: SyncRound) -> None:
    if not any(one.connection.options.get(name) for name in ADDRESSES):
        raise RemoteError(ConnectionProblem.SETTINGS, is_passing=False)
    push_waiting(one)
    if not one.is_over:
        pull_new(one)
    with use_tenant(one.tenant_id):
        # What a person had read again was read now, or is a dead letter again.
        SyncItem.objects.waiting().filter(connection=one.connection, subject_id=None).delete()


SYSTEM = SystemKind(
    name=KIND,
    label=gettext_lazy("Another system (JSON or CSV)"),
    note=gettext_lazy("Any other program: jobs, customers and invoices out, rows in. You choose the fields."),
    group="work",
    icon="plug",
    synchronize=_synchronize,
    fields=(
        CredentialField(
            "push_url",
            gettext_lazy("Address that takes records"),
            gettext_lazy("Changed jobs, customers and invoices are sent there as JSON. Choose the fields afterwards."),
            is_secret=False,
            is_required=False,
            longest=500,
        ),
        CredentialField(
            "pull_url",
            gettext_lazy("Address that gives records"),
            gettext_lazy("JSON or CSV, read every 15 minutes. Rows become jobs, customers and properties."),
            is_secret=False,
            is_required=False,
            longest=500,
        ),
        CredentialField(
            "key",
            gettext_lazy("Key"),
            gettext_lazy("Sent with each request (Authorization: Bearer)."),
            is_required=False,
        ),
    ),
    nouns=nouns,
    presets=PRESETS,
    check_options=check_urls,
    mapping_template="connections/_feed.html",
    mapping_context=mapping_context,
    read_backup=read_upload,
    preview_backup=preview_upload,
    item_links=item_links,
)
