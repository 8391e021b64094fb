"""WhatsApp's approval states of our templates, fetched from providers daily and on request."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction

from comms.channels.interface import Permanent, TemplateState, Transient
from comms.channels.registry import provider_of
from comms.models import Channel, Medium, TemplateVersion
from comms.rendering.content import number_variables
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

READ = "channel.read_templates"
AGAIN = timedelta(days=1)
MOST_NAMES = 500


def begin(events: Sequence[Event]) -> None:
    """Schedule the check for a channel that was set up, edited or restored."""
    ask(Channel.objects.filter(pk__in={event.subject_id for event in events}))


def ask(channels: Iterable[Channel]) -> int:
    """Schedule the check of these channels; return how many can report states."""
    count = 0
    for channel in channels:
        carrier = provider_of(channel)
        is_asked = channel.medium == Medium.WHATSAPP and channel.archived_at is None
        if is_asked and carrier and carrier.knows_templates:
            due_io.schedule(READ, channel.pk, clock.now())
            count += 1
    return count


def read(tenant_id: int, channel_id: int) -> None:
    """Fetch and store the approval states of one channel, and schedule the next time. The call is between two
    transactions; twice does no harm.
    """
    with use_tenant(tenant_id):
        channel = Channel.objects.in_use().filter(pk=channel_id, medium=Medium.WHATSAPP).first()
        names = []
        if channel:
            names = sorted({_template_name(version) for version in _whatsapp_versions(channel)})[:MOST_NAMES]
    carrier = None
    if channel:
        carrier = provider_of(channel)
    if channel is None or carrier is None or not carrier.knows_templates:
        return
    states: Sequence[TemplateState] = ()
    problem = ""
    try:
        states = carrier.template_states(channel, names)
    except (Permanent, Transient) as error:
        problem = str(error)
    with use_tenant(tenant_id), transaction.atomic():
        for state in states:
            note(channel, state)
        if problem:
            Channel.objects.get(pk=channel_id).note_state(problem)
        else:
            Channel.objects.filter(pk=channel_id).update(templates_read_at=clock.now())
        due_io.schedule(READ, channel_id, clock.now() + AGAIN)


def note(channel: Channel, state: TemplateState) -> None:
    """Store the state of one template on the newest version with the same text; else on none."""
    if not state.state:
        return
    for version in _whatsapp_versions(channel):
        if _template_name(version) == state.name and _is_of(version, state):
            version.mark(
                state.state,
                category=state.category if state.category in _CATEGORIES else version.whatsapp_category,
                name=version.whatsapp_name,
                language=state.language or None,
                reason=state.reason,
                shape=state.shape,
                by=None,
            )
            return


_CATEGORIES = frozenset(TemplateVersion.WhatsAppCategory.values)


def _whatsapp_versions(channel: Channel) -> list[TemplateVersion]:
    """Return the WhatsApp versions a channel's brand may use, newest first."""
    rows = TemplateVersion.objects.filter(medium=Medium.WHATSAPP, template__archived_at__isnull=True)
    versions = rows.select_related("template").order_by("template_id", "language", "-number")
    return [version for version in versions if version.template.brand_id in (None, channel.brand_id)]


def _template_name(version: TemplateVersion) -> str:
    return version.whatsapp_name or version.template.key


def _is_of(version: TemplateVersion, state: TemplateState) -> bool:
    """True if a state belongs to this version: by language, and by text if reported."""
    if state.language and state.language not in (version.whatsapp_language, version.language):
        is_kin = state.language.replace("-", "_").split("_")[0] == version.language
        if version.whatsapp_language or not is_kin:
            return False
    if state.body is None:
        return True
    return number_variables(version.content["body"])[0].split() == state.body.split()
