"""Indexes of jobs: one for each order and filter of the list, and covering indexes for reports."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from crm.jobs.clock.arithmetic import Level

JOB_INDEXES = [
    # The list, most urgent first: all, one member's (or nobody's), and by each common filter.
    models.Index(fields=["tenant", "level", "sort_at", "id"], name="job_order"),
    models.Index(fields=["tenant", "member", "level", "sort_at", "id"], name="job_member_order"),
    models.Index(fields=["tenant", "brand", "level", "sort_at", "id"], name="job_brand_order"),
    models.Index(fields=["tenant", "pipeline", "level", "sort_at", "id"], name="job_pipeline_order"),
    models.Index(fields=["tenant", "stage", "level", "sort_at", "id"], name="job_stage_order"),
    models.Index(fields=["tenant", "source", "level", "sort_at", "id"], name="job_source_order"),
    models.Index(fields=["tenant", "priority", "level", "sort_at", "id"], name="job_priority_order"),
    models.Index(
        fields=["tenant", "level", "sort_at", "id"],
        condition=Q(waiting_since__isnull=False),
        name="job_waiting",
    ),
    # Its other orders (crm/jobs/list/job_list.py), of open leads.
    models.Index(
        F("tenant"),
        Coalesce(F("value"), -1),
        F("id"),
        condition=Q(level__lt=Level.ENDED),
        name="job_value_order",
    ),
    models.Index(fields=["tenant", "entered_at", "id"], condition=Q(level__lt=Level.ENDED), name="job_age_order"),
    # A rep's own by age, of whom thousands would be sorted for a page.
    models.Index(
        fields=["tenant", "member", "entered_at", "id"],
        condition=Q(level__lt=Level.ENDED),
        name="job_member_age_order",
    ),
    # What the reports add up of many thousand leads stands in the index itself: what came in by source, and the
    # open ones by who has them.
    models.Index(
        fields=["tenant", "came_in_at"],
        include=["id", "source", "currency", "value", "state", "ended_at", "person"],
        name="job_by_arrival",
    ),
    # The next step in it costs every move of a next step a heap-only update: of 20,000 moves none was one, without it
    # 95 %, in a sixth of the time. But without it the dashboard reads 24,000 blocks of 90,000 open leads and not 1,400.
    models.Index(
        # In the order of a rep's own by value, of whom thousands would be sorted for a page.
        *(F("tenant"), F("member"), Coalesce(F("value"), -1), F("id")),
        include=[
            *("stage", "brand", "pipeline", "level", "currency", "value", "entered_at"),
            *("waiting_since", "next_step_at", "next_step_kind"),
        ],
        condition=Q(level__lt=Level.ENDED),
        name="job_open_sums",
    ),
    models.Index(
        fields=["tenant", "member", "stage", "brand", "pipeline"],
        condition=Q(level__lt=Level.ENDED, touched_at__isnull=True),
        name="job_untouched",
    ),
    models.Index(fields=["tenant", "ended_at"], condition=Q(ended_at__isnull=False), name="job_by_end"),
    models.Index(fields=["tenant", "id"], condition=~Q(own_fields={}), name="job_with_own_fields"),
    # Edits of a calendar recompute the clocks that count by it.
    models.Index(fields=["tenant", "calendar", "id"], condition=Q(due_at__isnull=False), name="job_open_calendar"),
]
