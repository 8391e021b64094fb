"""What gunicorn serves as the product with the floor of a move in it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor.product"
application = get_wsgi_application()
