# Stands in for the image valkey/valkey.
FROM localhost/throughline-debian
RUN apt-get update && apt-get install --yes --no-install-recommends valkey-server valkey-tools \
    && rm -rf /var/lib/apt/lists/* && mkdir -p /data && chown valkey:valkey /data
USER valkey
WORKDIR /data
VOLUME /data
EXPOSE 6379
