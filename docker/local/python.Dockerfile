# Stands in for the image python:3.13-slim: Debian's own Python under the same names.
FROM localhost/throughline-debian
# What the machine trusts, uv trusts.
ENV UV_SYSTEM_CERTS=true
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates python3 python3-pip python3-venv \
    && rm -rf /var/lib/apt/lists/* /usr/lib/python3*/EXTERNALLY-MANAGED && ln -s /usr/bin/python3 /usr/local/bin/python
