"""What uvicorn serves."""

import os

from django.core.asgi import get_asgi_application

from django_monitoring.asgi import publish_on_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = publish_on_shutdown(get_asgi_application())
