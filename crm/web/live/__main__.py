"""`python -m crm.web.live`: the process that pushes live updates to open pages. Needs Valkey and no database."""

import asyncio
import logging
import os
import signal
import socket
import sys
from contextlib import suppress

import uvicorn

from crm.platform.health import live_sign
from crm.web.live.app import LiveApp
from crm.web.live.hub import Hub
from crm.web.live.subscription import listen_for_hints

# Seconds between signs of life (crm/platform/health/live_sign.py).
SIGN = 15


class LiveServer(uvicorn.Server):
    """A uvicorn server that ends open streams when it is asked to stop; uvicorn would wait for them."""

    hub: Hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.hub.close()
        await super().shutdown(sockets)


async def send_heartbeats(hub: Hub) -> None:
    """Send heartbeats of this process. Ends only by cancellation."""
    while True:
        await live_sign.save_sign(hub.count_connections())
        await asyncio.sleep(SIGN)


async def serve() -> None:
    from django.conf import settings

    hub = Hub()
    config = uvicorn.Config(
        LiveApp(hub, settings.SITE_URL),
        host=settings.LIVE_BIND,
        port=settings.LIVE_PORT,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = LiveServer(config)
    server.hub = hub
    beside = [asyncio.create_task(listen_for_hints(hub, settings.REDIS_URL)), asyncio.create_task(send_heartbeats(hub))]
    try:
        await server.serve()
    finally:
        for task in beside:
            task.cancel()
        for task in beside:
            with suppress(asyncio.CancelledError):
                await task


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    from django.conf import settings

    from crm.platform.health.logs import configure_logging

    configure_logging(settings.LOGGING)
    # It tells of its own start and end in colours; what goes wrong it says as an error.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


if __name__ == "__main__":
    # An end that was asked for is no failure: uvicorn raises the signal again when it is done.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    main()
