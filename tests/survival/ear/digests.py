"""Has every member of the cast something to do today, and their digest due this minute."""

import django

if __name__ == "__main__":
    django.setup()
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from crm.kernel import clock
    from crm.platform.models import Member, Tenant
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due
    from followups.models import FollowUp, ReminderPreference
    from followups.reminders.digest import DIGEST

    now = clock.now()
    for tenant in Tenant.objects.all():
        with use_tenant(tenant):
            local = now.astimezone(ZoneInfo(tenant.time_zone)).time().replace(second=0, microsecond=0)
            for member in Member.objects.all():
                ReminderPreference(member=member, digest_time=local, working_days_only=False).save()
                at = now + timedelta(seconds=1)
                FollowUp.plan(kind="task", subject="Call", due_at=at, assignee=member, by=None)
            due.schedule(DIGEST, 0, now)
