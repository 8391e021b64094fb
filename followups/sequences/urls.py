"""URLs of sequences, under /<tenant>/sequences/."""

from django.urls import path

from crm.web.lists.urls import list_urls
from followups.sequences.enrolments.enrolment_list import ENROLMENTS
from followups.sequences.views import editor, enrol, enrolments, moving, sequence_list, switch, trial, versions

app_name = "sequences"
urlpatterns = [
    path("", sequence_list.sequences, name="list"),
    path("new/", editor.new_sequence, name="new_sequence"),
    path("start/", sequence_list.start_from_pack, name="start"),
    path("people/", enrolments.enrolments, name="enrolments"),
    *list_urls(ENROLMENTS),
    path("people/<uuid:uid>/", enrolments.enrolment, name="enrolment"),
    path("people/<uuid:uid>/stop/", enrolments.stop, name="stop"),
    path("people/<uuid:uid>/pause/", enrolments.pause, name="pause"),
    path("people/<uuid:uid>/resume/", enrolments.resume, name="resume"),
    path("people/<uuid:uid>/skip/", enrolments.skip, name="skip"),
    path("people/<uuid:uid>/back/", enrolments.put_back, name="put_back"),
    path("leads/enrol/", enrol.enrol_leads, name="enrol_leads"),
    path("customers/enrol/", enrol.enrol_customers, name="enrol_customers"),
    path("leads/<int:number>/", enrolments.job_panel, name="job_panel"),
    path("leads/<int:number>/enrol/", enrol.enrol_lead, name="enrol_lead"),
    path("customers/<uuid:uid>/", enrolments.person_panel, name="person_panel"),
    path("customers/<uuid:uid>/enrol/", enrol.enrol_customer, name="enrol_customer"),
    path("<uuid:uid>/", editor.sequence, name="sequence"),
    path("<uuid:uid>/on/", switch.turn_on, name="turn_on"),
    path("<uuid:uid>/test/", trial.trial_log, name="trial_log"),
    path("<uuid:uid>/versions/", versions.versions, name="versions"),
    path("<uuid:uid>/versions/<int:number>/move/", moving.move_version, name="move_version"),
    path("moves/<uuid:uid>/", moving.move_run, name="move_run"),
    path("moves/<uuid:uid>/cancel/", moving.move_cancel, name="move_cancel"),
    path("<uuid:uid>/versions/back/", versions.go_back, name="go_back"),
    path("<uuid:uid>/duplicate/", sequence_list.duplicate, name="duplicate"),
    path("<uuid:uid>/archive/", sequence_list.archive, name="archive"),
    path("<uuid:uid>/restore/", sequence_list.restore, name="restore"),
]
