"""What gunicorn serves as the product for members who may not use the assistant."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from assistant.permissions import USE  # noqa: E402
from crm.platform.access import permissions  # noqa: E402

permissions._roles_by_permission()[USE] = frozenset()
