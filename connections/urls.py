"""URLs of connections, under /<tenant>/settings/connections/."""

from django.urls import path

from connections.views import backup, connect, connection, connections, sign_in, sync_log

app_name = "connections"
CONNECTION = "<uuid:uid>/"
urlpatterns = [
    path("", connections.connections, name="connections"),
    path("runs/", sync_log.synchronizations, name="synchronizations"),
    path("alerts/", connections.set_alerts, name="set_alerts"),
    path("new/", connect.choose, name="choose"),
    path("new/<slug:code>/", connect.connect, name="connect"),
    path("new/<slug:code>/add/", connect.add, name="add"),
    path("sign-in/", sign_in.begin_sign_in, name="begin_sign_in"),
    path("signed-in/", sign_in.finish_sign_in, name="finish_sign_in"),
    path(CONNECTION, connection.connection, name="connection"),
    path(f"{CONNECTION}edit/", connection.edit, name="edit"),
    path(f"{CONNECTION}keys/", connection.set_keys, name="set_keys"),
    path(f"{CONNECTION}sync/", connection.sync, name="sync"),
    path(f"{CONNECTION}off/", connection.switch_off, name="switch_off"),
    path(f"{CONNECTION}on/", connection.switch_on, name="switch_on"),
    path(f"{CONNECTION}take/", connection.take, name="take"),
    path(f"{CONNECTION}mapping/", connection.set_rules, name="set_rules"),
    path(f"{CONNECTION}feed/", connection.set_feed, name="set_feed"),
    path(f"{CONNECTION}reviews/", connection.set_reviews, name="set_reviews"),
    path(f"{CONNECTION}replay/", connection.replay, name="replay"),
    path(f"{CONNECTION}waiting/", backup.waiting_file, name="waiting_file"),
    path(f"{CONNECTION}upload/", backup.upload, name="upload"),
    path(f"{CONNECTION}preview/", backup.preview, name="preview"),
    path(f"{CONNECTION}dismiss/", connection.dismiss, name="dismiss"),
    path(f"{CONNECTION}disconnect/", connection.disconnect, name="disconnect"),
]
