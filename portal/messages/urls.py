"""URLs of the conversations."""

from django.urls import path

from portal.messages import views

urlpatterns = [
    path("messages/", views.newest, name="newest_messages"),
    path("jobs/<int:number>/messages/", views.conversation_page, name="messages"),
    path("jobs/<int:number>/messages/files/<uuid:uid>/", views.file, name="message_file"),
]
