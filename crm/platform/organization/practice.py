"""The practice organization of a tenant: a copy of its configuration without customers, from which nothing is sent.

Its tasks that call others are never claimed (crm/platform/work/io_claims.py), and the gate drops each of its messages
(comms/gate/rules/stops.py).
"""

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.configuration.transfer import ImportProblem, export_configuration, import_configuration
from crm.platform.configuration.values import members_as
from crm.platform.events import events
from crm.platform.models import Brand, BusinessCalendar, Member, Role, Tenant
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import directory
from crm.platform.organization.tenant_creation import TenantStart
from crm.platform.organization.tenant_removal import QUEUES, tables_in_key_order
from crm.platform.storage.file_trees import delete_tree
from crm.platform.tenancy.context import use_tenant

SUFFIX = "-sandbox"
LONGEST_SLUG = 40


def is_practice() -> bool:
    """True if the tenant in use is a practice organization."""
    return directory().tenant.practice_of_id is not None


def find_practice() -> Tenant | None:
    """Return the practice organization of the tenant in use; None if it has none."""
    return Tenant.objects.filter(practice_of=directory().tenant).first()


def expect_no_practice() -> None:
    """Raise Refused where a practice organization can't be created: inside one, beside another, for a long address."""
    origin = directory().tenant
    if is_practice():
        raise Refused(_("A practice organization can’t have one of its own."))
    if len(origin.slug) + len(SUFFIX) > LONGEST_SLUG:
        raise Refused(_("The address of your organization is too long for this."))
    if find_practice():
        raise Refused(_("There is a practice organization already."))


@transaction.atomic
def create_practice(*, by: Member) -> tuple[Tenant, list[ImportProblem]]:
    """Create the practice organization of the tenant in use, with `by` as its admin.

    Where a rule or template names a colleague, the admin stands for them. Returns it with what of the configuration
    could not be copied, such as a trigger that names one. Raises Refused where there can be none. The pages do the
    same steps in a run, as it takes long (crm/web/configuration/practice_runs.py).
    """
    practice = begin_practice(by=by)
    copy_configuration(practice)
    start_apps(practice)
    return practice, copy_configuration(practice)


@transaction.atomic
def begin_practice(*, by: Member) -> Tenant:
    """Create an empty practice organization of the tenant in use. Raises Refused where there can be none."""
    expect_no_practice()
    origin = directory().tenant
    names = (_first_calendar_name(), directory().default_brand.name)
    practice = _insert_practice(origin)
    events.record("tenant.practice_created", subject=origin, by=by, data={})
    with use_tenant(practice):
        _create_first_rows(practice, *names)
        Member.objects.create(user_id=by.user_id, name=by.name, role=Role.ADMIN)
        configuration_changed()
    return practice


@transaction.atomic
def copy_configuration(practice: Tenant) -> list[ImportProblem]:
    """Copy the configuration of the tenant in use. Idempotent. Returns what could not be copied.

    It is called before and after `start_apps`. What apps create may stay beside the copy; that is no problem of it.
    """
    text = export_configuration()
    with use_tenant(practice), translation.override(practice.language):
        admin = Member.objects.order_by("pk")[0]
        with members_as(admin):
            result = import_configuration(text, by=admin, prune=True, partly=True)
    return [problem for problem in result.problems if problem.line]


@transaction.atomic
def copy_section(practice: Tenant, name: str) -> None:
    """Copy one section of the configuration. Idempotent. What refers to a later section is left to the whole copy."""
    text = export_configuration(name)
    with use_tenant(practice), translation.override(practice.language):
        admin = Member.objects.order_by("pk")[0]
        with members_as(admin):
            import_configuration(text, by=admin, partly=True)


def start_apps(practice: Tenant) -> None:
    """Create what apps start a tenant with, where the copied configuration does not have it already."""
    for start in features.of(TenantStart):
        start_app(practice, start)


@transaction.atomic
def start_app(practice: Tenant, start: TenantStart) -> None:
    """Create what one app starts a tenant with; nothing where the practice organization has it already."""
    with use_tenant(practice), translation.override(practice.language):
        try:
            with transaction.atomic():
                start.begin()
        except (Refused, IntegrityError):
            return


@transaction.atomic
def delete_practice(*, by: Member | None) -> bool:
    """Delete the practice organization of the tenant in use with all its rows and files. Idempotent.

    Returns whether there was one. User accounts stay: people may be in other organizations.
    """
    practice = find_practice()
    if practice is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select delete_practice_organization(%s)", [[*QUEUES, *tables_in_key_order()]])
    events.record("tenant.practice_deleted", subject=directory().tenant, by=by, data={})
    transaction.on_commit(lambda: delete_tree(str(practice.pk)))
    return True


def reset_practice(*, by: Member) -> tuple[Tenant, list[ImportProblem]]:
    """Delete the practice organization and create it from the configuration as it is now."""
    with transaction.atomic():
        delete_practice(by=by)
        return create_practice(by=by)


def _first_calendar_name() -> str:
    row = BusinessCalendar.objects.filter(is_default=True).first()
    if row is None:
        return directory().tenant.name[:80]
    return str(row.name)


def _insert_practice(origin: Tenant) -> Tenant:
    name = _("%(name)s (practice)") % {"name": origin.name}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select create_practice_organization(%s, %s)", [name[:120], clock.now()])
            pk = cursor.fetchone()[0]
    except IntegrityError:
        raise Refused(_("There is a practice organization already.")) from None
    return Tenant.objects.get(pk=pk)


def _create_first_rows(practice: Tenant, calendar_name: str, brand_name: str) -> None:
    """Create the default calendar and brand, named as those that are copied into them."""
    calendar = BusinessCalendar(name=calendar_name, time_zone=practice.time_zone, is_default=True)
    calendar.save()
    Brand.objects.create(
        name=brand_name,
        country=practice.country,
        currency=practice.currency,
        language=practice.language,
        hue=practice.brand_hue,
        calendar=calendar,
        is_default=True,
    )
