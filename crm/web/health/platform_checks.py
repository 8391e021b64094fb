"""Platform checks for the health checklist: waiting work, pages, backups, parked work, second factors."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.formats import size_in_words
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.accounts import outbox
from crm.platform.accounts.second_factor import members_without_second_factor
from crm.platform.health import full_disk, readiness
from crm.platform.models import Due, Undispatched
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.web.health.findings import Finding, HealthState, ParkedItems, ParkedSource
from crm.web.health.snapshot import HealthSnapshot, format_span
from crm.web.models import PushSubscription

# Work that waits so long is late, and so long is an alarm; pages whose slowest twentieth takes so long are slow.
LATE = timedelta(seconds=30)
STUCK = timedelta(minutes=5)
SLOW_PAGE = 1000
# A backup a night, and some hours for one that is slow; a restore that was tried within a quarter.
BACKUP_IS_OLD = timedelta(hours=36)
RESTORE_IS_OLD = timedelta(days=90)
# So many parked things are an alarm: one by one a notice tells of them.
MANY_PARKED = 20
# How long a file that could not be stored is an alarm, whatever room there is now.
FILES_FAILED = timedelta(hours=1)


def check_waiting(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that due work is not delayed."""
    for about, waits, what in zip(
        ("here", "out"), look.waits, (_("Scheduled work"), _("Messages and calls to other systems")), strict=True
    ):
        if waits >= LATE:
            words = _("%(what)s wait for %(time)s") % {"what": what, "time": format_span(waits)}
            yield Finding(HealthState.DOWN if waits >= STUCK else HealthState.SLOW, words, about=about)
    if max(look.waits) < LATE:
        yield Finding(HealthState.OK, _("Nothing waits longer than %(time)s") % {"time": format_span(LATE)})


def check_schema(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that the database matches the code: migrations, row-level policies, and the role of the connection."""
    failed = [check.__name__ for check in readiness.IN_DATABASE if not check()]
    if failed:
        yield Finding(HealthState.DOWN, _("The database has problems: %(names)s") % {"names": ", ".join(failed)})
    else:
        yield Finding(HealthState.OK, _("The database is up to date, and every table is protected"))


def check_pages(look: HealthSnapshot) -> Iterable[Finding]:
    """Check the response times of the slowest pages."""
    if not look.slowest:
        yield Finding(HealthState.SLOW, _("No pages measured yet"))
        return
    worst = look.slowest[0]
    words = _("95%% of each page’s answers within %(ms)s ms") % {"ms": worst.p95}
    if worst.is_beyond or worst.p95 > SLOW_PAGE:
        words = _("The slowest page takes %(ms)s ms") % {"ms": worst.p95}
        yield Finding(HealthState.SLOW, words, worst.route)
    else:
        yield Finding(HealthState.OK, words, _("last 24 hours"))


def check_files(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that there is disk space for files, and that no write failed recently."""
    free = full_disk.free_bytes()
    failed = full_disk.last_failure()
    if failed is not None and look.now - failed < FILES_FAILED:
        words = _("A file could not be stored %(time)s ago: there was no room") % {
            "time": format_span(look.now - failed)
        }
        yield Finding(HealthState.DOWN, words, _("Make room on the disk that holds the files."))
        return
    if full_disk.is_in_bucket():
        yield Finding(HealthState.OK, _("Files are stored in a bucket"))
        return
    if free is None:
        yield Finding(HealthState.SLOW, _("It is unknown how much room there is for files"))
        return
    words = _("%(size)s free for files") % {"size": size_in_words(free)}
    is_little = free < settings.FILES_LEAST_FREE
    earlier = ""
    if failed:
        earlier = _("A file last could not be stored %(time)s.") % {"time": look.ago(failed)}
    if is_little:
        detail = _("Make room on the disk that holds the files.")
    else:
        detail = earlier
    yield Finding(HealthState.DOWN if is_little else HealthState.OK, words, detail)


def check_backup(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that there is a backup from last night."""
    backups = look.backups
    if backups.last is None:
        # Where none was ever made, nothing has stopped: the page says it in red, and nobody is woken.
        detail = _("Run “manage.py backup” every night, or report your own backup with “note_backup”.")
        yield Finding(HealthState.DOWN, _("No backup found"), detail, tells=backups.failed is not None)
        return
    age = look.now - backups.last.at
    words = _("Last backup %(time)s ago") % {"time": format_span(age)}
    if backups.failed is not None:
        yield Finding(HealthState.DOWN, _("The last backup failed"), words)
    elif age >= BACKUP_IS_OLD:
        yield Finding(HealthState.DOWN, words, _("It is too old."))
    else:
        yield Finding(HealthState.OK, words)


def check_restore(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that a restore was tested recently."""
    tried = look.backups.restored
    if tried is None:
        yield Finding(
            HealthState.DOWN, _("Restoring has never been tested"), _("Test it with “manage.py try_restore”.")
        )
        return
    days = (look.now - tried.at).days
    words = ngettext("A restore was tried %(n)s day ago", "A restore was tried %(n)s days ago", days) % {"n": days}
    yield Finding(HealthState.SLOW if days > RESTORE_IS_OLD.days else HealthState.OK, words)


def parked_items(look: HealthSnapshot) -> list[ParkedItems]:
    """Return the parked items of all apps."""
    return [one for source in features.of(ParkedSource) for one in source.read(look) if one.count]


def platform_parked_items(look: HealthSnapshot) -> Iterable[ParkedItems]:
    """Return the parked rows of the queues, and the unsent mail to members."""
    mine = {"tenant_id": required_tenant_id(), "run_at": None}
    due = Due.objects.filter(**mine).aggregate(count=Count("pk"), oldest=Min("due_at"))
    yield ParkedItems(due["count"], _("Work that failed five times"), "parked", due["oldest"], acts=(("work", "due"),))
    events = Undispatched.objects.filter(**mine).count()
    yield ParkedItems(events, _("Events with failed follow-up work"), "parked", acts=(("work", "event"),))
    mails = outbox.stuck_mail(member.user_id for member in directory().members.values())
    stuck = mails.aggregate(count=Count("pk"), oldest=Min("created_at"))
    words = _("Emails to members that were not sent")
    yield ParkedItems(stuck["count"], words, "parked", stuck["oldest"], acts=(("work", "mail"),))


def check_parked(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that parked work does not accumulate."""
    count = sum(one.count for one in parked_items(look))
    if count == 0:
        yield Finding(HealthState.OK, _("No failed tasks"))
        return
    words = ngettext("%(n)s failed task needs attention", "%(n)s failed tasks need attention", count) % {"n": count}
    yield Finding(HealthState.DOWN if count >= MANY_PARKED else HealthState.SLOW, words, page="health")


def check_factors(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that admins use a second factor."""
    admins = [member for member in directory().members.values() if member.active and allows(member, "security.manage")]
    lacking = {member.pk for member in members_without_second_factor()}
    without = sum(member.pk in lacking for member in admins)
    if without:
        words = ngettext(
            "%(n)s admin has no second factor", "%(n)s admins have no second factor", without
        ) % {"n": without}  # fmt: skip
        yield Finding(HealthState.SLOW, words, page="security")
    else:
        count = len(admins)
        words = ngettext("%(n)s admin, with a second factor", "%(n)s admins, each with a second factor", count)
        yield Finding(HealthState.OK, words % {"n": count})


def check_devices(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that notices reach members who have no page open."""
    count = PushSubscription.objects.order_by().values("member_id").distinct().count()
    members = sum(member.active for member in directory().members.values())
    words = _("Push reaches %(n)s of %(members)s members") % {"n": count, "members": members}
    yield Finding(HealthState.OK if count else HealthState.SLOW, words, page="notice_settings")


def count_missed_minutes(look: HealthSnapshot) -> int:
    """Return the number of minutes in the last hour without due work, although the installation ran."""
    from_first = [minute for beats in look.beats.values() for minute in beats.minutes]
    ticks = {}
    if "tick" in look.beats:
        ticks = look.beats["tick"].minutes
    if not from_first:
        return 0
    first = min(from_first)
    last = look.now.replace(second=0, microsecond=0)
    minutes = round((last - first).total_seconds() / 60)
    return sum(first + timedelta(minutes=place) not in ticks for place in range(minutes))
