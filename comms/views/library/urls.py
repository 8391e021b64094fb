"""The addresses of templates, inside a tenant."""

from django.urls import path

from comms.views.library import editor, preview, prices, shelves, versions

TEMPLATE_URLS = [
    path("templates/", shelves.templates, name="templates"),
    path("templates/new/", shelves.create, name="new_template"),
    path("templates/prices/", prices.prices, name="text_prices"),
    path("templates/prices/<uuid:uid>/", prices.change, name="change_text_prices"),
    path("templates/mail/<slug:code>/", preview.mail, name="mail_preview"),
    path("templates/<uuid:uid>/", editor.editor, name="template"),
    path("templates/<uuid:uid>/preview/", preview.preview, name="preview_template"),
    path("templates/<uuid:uid>/settings/", shelves.settings, name="template_settings"),
    path("templates/<uuid:uid>/archive/", shelves.archive, name="archive_template"),
    path("templates/<uuid:uid>/restore/", shelves.restore, name="restore_template"),
    path("templates/<uuid:uid>/versions/", versions.versions, name="template_versions"),
    path("templates/versions/<uuid:uid>/approve/", versions.approve, name="approve_template"),
    path("templates/versions/<uuid:uid>/restore/", versions.restore_version, name="restore_template_version"),
    path("templates/versions/<uuid:uid>/whatsapp/", versions.mark, name="mark_template"),
    path("templates/versions/<uuid:uid>/ask/", versions.ask_whatsapp, name="ask_template"),
    path("templates/versions/<uuid:uid>/test/", versions.test, name="test_template"),
]
