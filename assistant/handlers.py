"""Due work of the assistant."""

from assistant.calls.queue import ASK, FORGET, forget_old
from assistant.calls.run import run_call
from crm.platform.work import due_io
from crm.platform.work.due import handler

due_io.handler(ASK)(run_call)
handler(FORGET)(forget_old)
