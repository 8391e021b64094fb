"""How gunicorn serves the product, in the demo and in production: `--config=python:crm.config.web_server`.

What differs between the two (address, workers, threads, patience when it stops) is on the command line.
"""

worker_class = "crm.config.web_worker.BufferingWorker"
# Nobody in front of us mounts the product below another path: a header that says so is a client's.
forwarder_headers = ""
control_socket_disable = True
