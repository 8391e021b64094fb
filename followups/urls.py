"""URLs of follow-ups, under /<tenant>/followups/."""

from django.urls import path

from crm.web.lists.urls import list_urls
from followups.bulk import views as bulk
from followups.follow_up_list import FOLLOW_UPS
from followups.planning_templates import views as templates
from followups.reminders import views as reminders
from followups.views import (
    board,
    bulk_plan,
    calendar,
    kinds,
    list,
    of_record,
    panel,
    plan,
    status_triggers,
    timeline,
    verbs,
)

app_name = "followups"
urlpatterns = [
    path("", list.follow_ups, name="list"),
    *list_urls(FOLLOW_UPS),
    path("calendar/", calendar.calendar, name="calendar"),
    path("board/", board.board, name="board"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("new/", plan.plan, name="plan"),
    path("new/many/", bulk_plan.plan_many, name="plan_many"),
    path("new/many/<int:instant>/undo/", bulk_plan.undo_many, name="undo_many"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/add/", templates.add_template, name="add_template"),
    path("templates/<int:pk>/edit/", templates.edit_template, name="edit_template"),
    path("templates/<int:pk>/archive/", templates.archive_template, name="archive_template"),
    path("templates/<int:pk>/restore/", templates.restore_template, name="restore_template"),
    path("bulk/", bulk.bulk_actions, name="bulk"),
    path("bulk/<uuid:uid>/", bulk.bulk_run, name="bulk_run"),
    path("bulk/<uuid:uid>/cancel/", bulk.bulk_cancel, name="bulk_cancel"),
    path("new/customers/", plan.find_customers, name="find_customers"),
    path("about/", of_record.of_record, name="of_record"),
    path("understand/", plan.understood, name="understand"),
    path("types/", kinds.kinds, name="kinds"),
    path("types/add/", kinds.add, name="add_kind"),
    path("types/<slug:code>/edit/", kinds.edit, name="edit_kind"),
    path("types/<slug:code>/move/", kinds.move, name="move_kind"),
    path("types/<slug:code>/archive/", kinds.archive, name="archive_kind"),
    path("types/<slug:code>/restore/", kinds.restore, name="restore_kind"),
    path("types/reminders/", kinds.choose_reminders, name="kind_reminders"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/times/", reminders.choose_times, name="reminder_times"),
    path("reminders/digest/", reminders.choose_digest, name="reminder_digest"),
    path("triggers/", status_triggers.status_triggers, name="status_triggers"),
    path("triggers/status_triggers.yaml", status_triggers.download, name="status_triggers_file"),
    path("job/<int:number>/", panel.panel, name="panel"),
    path("<uuid:uid>/", panel.follow_up, name="follow_up"),
    path("<uuid:uid>/move/", board.move, name="move"),
    path("<uuid:uid>/start/", verbs.start, name="start"),
    path("<uuid:uid>/complete/", verbs.complete, name="complete"),
    path("<uuid:uid>/cancel/", verbs.cancel, name="cancel"),
    path("<uuid:uid>/reopen/", verbs.reopen, name="reopen"),
    path("<uuid:uid>/reschedule/", verbs.reschedule, name="reschedule"),
    path("<uuid:uid>/assign/", verbs.assign_to, name="assign"),
    path("<uuid:uid>/prioritize/", verbs.prioritize, name="prioritize"),
    path("<uuid:uid>/remind/", verbs.remind, name="remind"),
    path("<uuid:uid>/note/", verbs.note, name="note"),
]
