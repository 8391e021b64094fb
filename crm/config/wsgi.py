"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
application = get_wsgi_application()

from crm.config.request import CharsetSafeRequest  # noqa: E402 (needs the settings)
from crm.platform.tenancy.startup_checks import refuse_faulty_features, refuse_owner  # noqa: E402 (needs the apps)

application.request_class = CharsetSafeRequest
refuse_faulty_features()
refuse_owner()
