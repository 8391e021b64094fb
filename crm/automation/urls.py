"""URLs of triggers inside a tenant: the list, the editor, the log, the switches."""

from django.urls import include, path

from crm.automation.log.run_list import RUNS
from crm.automation.moves import views as moves
from crm.automation.points import views as points
from crm.automation.preview import views as preview
from crm.automation.views import editor, log, rules, side, switch, switches, versions
from crm.web.lists.urls import list_urls

TRIGGER_URLS = [
    path("", rules.rules, name="rules"),
    path("new/", editor.new_rule, name="new_rule"),
    path("ready/", rules.presets, name="presets"),
    path("matches/", side.matches, name="matches"),
    path("switches/", switches.switches, name="switches"),
    path("switches/all/", switches.switch_all, name="switch_all"),
    path("switches/person-wins/", switches.person_wins, name="person_wins"),
    path("people/<uuid:uid>/", switches.person, name="person"),
    path("people/<uuid:uid>/silence/", switches.silence, name="silence"),
    path("points/", points.points, name="points"),
    path("points/thresholds/", points.set_thresholds, name="points_thresholds"),
    path("points/outcomes/", points.calibration, name="calibration"),
    path("points/<int:pk>/weigh/", points.weigh, name="weigh_points"),
    path("points/<int:pk>/remove/", points.remove, name="remove_points"),
    path("steps/<int:pk>/", moves.stage_moves, name="stage_moves"),
    path("steps/<int:pk>/save/", moves.set_stage_moves, name="set_stage_moves"),
    path("leads/<int:number>/accept/", moves.accept, name="accept_proposal"),
    path("leads/<int:number>/dismiss/", moves.dismiss, name="dismiss_proposal"),
    path("log/", log.log, name="log"),
    path("log/<int:pk>/", log.run, name="run"),
    path("log/<int:pk>/stop/", log.stop_run, name="stop_run"),
    path("log/<int:pk>/retry/", log.retry_run, name="retry_run"),
    *list_urls(RUNS),
    path("map/", preview.rule_map, name="map"),
    path("ahead/", preview.preview, name="preview"),
    path("<uuid:uid>/dry-run/", preview.look_back, name="dry_run"),
    path("<uuid:uid>/dry-run/start/", preview.start_dry_run, name="start_dry_run"),
    path("dry-runs/<uuid:uid>/cancel/", preview.cancel_dry_run, name="cancel_dry_run"),
    path("<uuid:uid>/", editor.rule, name="rule"),
    path("<uuid:uid>/on/", switch.turn_on, name="turn_on"),
    path("<uuid:uid>/versions/", versions.versions, name="versions"),
    path("<uuid:uid>/versions/back/", versions.go_back, name="go_back"),
    path("<uuid:uid>/duplicate/", rules.duplicate, name="duplicate"),
    path("<uuid:uid>/archive/", rules.archive, name="archive"),
    path("<uuid:uid>/restore/", rules.restore, name="restore"),
]
urlpatterns = [
    path("triggers/", include((TRIGGER_URLS, "automation"))),
]
