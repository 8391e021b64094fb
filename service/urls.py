"""URLs of service, under /<tenant>/service/."""

from django.urls import path

from service.hand_offs.views import answer, pages, preparation

app_name = "service"
HAND_OFF = "handoffs/<uuid:uid>/"
urlpatterns = [
    path("handoffs/", pages.hand_offs, name="hand_offs"),
    path(HAND_OFF, pages.hand_off, name="hand_off"),
    path(f"{HAND_OFF}accept/", answer.accept, name="accept"),
    path(f"{HAND_OFF}send-back/", answer.send_back, name="send_back"),
    path(f"{HAND_OFF}reply/", answer.reply, name="reply"),
    path(f"{HAND_OFF}resubmit/", answer.resubmit, name="resubmit"),
    path(f"{HAND_OFF}promises/add/", preparation.add_promise, name="add_promise"),
    path(f"{HAND_OFF}promises/remove/", preparation.remove_promise, name="remove_promise"),
    path(f"{HAND_OFF}list/tick/", preparation.tick, name="tick"),
    path(f"{HAND_OFF}list/untick/", preparation.untick, name="untick"),
    path(f"{HAND_OFF}list/owe/", preparation.owe, name="owe"),
]
