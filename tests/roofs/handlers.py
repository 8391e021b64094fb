"""What roofs do when a time comes: their clocks age."""

from crm.jobs.clock import tick
from tests.roofs.models import Roof

tick.register(Roof)
