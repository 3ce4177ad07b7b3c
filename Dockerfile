# Sankofa in a container: see docs/operations.md for how to run it.
# The first stage installs, the second has what runs and nothing to build with.

ARG PYTHON=3.11.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv .venv
# Packages first: they change less often than the code, and are the larger part.
COPY constraints.txt pyproject.toml setup.cfg README.md LICENSE ./
RUN mkdir kb indexer && touch kb/__init__.py indexer/__init__.py \
    && .venv/bin/pip install -c constraints.txt -e '.[postgresql,pdf]'
COPY kb kb
COPY indexer indexer
COPY templates templates
COPY static static
COPY content content
# Once more, now that all modules are there. Then bytecode, since nothing can be written later (some
# packages ship files for other Pythons, which do not compile), and nothing to install with is left.
RUN .venv/bin/pip install --no-deps -e .
RUN .venv/bin/python -m compileall -q kb indexer \
    && { .venv/bin/python -m compileall -q .venv/lib || true; } \
    && .venv/bin/pip uninstall --yes pip setuptools

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Sankofa" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="A self-hosted library of best practices in ICT for development"
# What draws packs as PDF: see docs/packs.md.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
# A number, so that Kubernetes can see that it is not root; no shell, no home.
RUN groupadd --gid 10001 sankofa \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
       --shell /usr/sbin/nologin sankofa \
    && mkdir -m 0755 /content && mkdir -m 0700 /data /cache \
    && chown 10001:10001 /content /data /cache
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KB_CONTENT=/content \
    KB_DATA=/data \
    KB_VAR=/cache \
    HOST=0.0.0.0 \
    PORT=8000 \
    METRICS_ADDRESS=0.0.0.0:9100 \
    LOG_FORMAT=json
USER 10001:10001
VOLUME ["/content", "/data", "/cache"]
EXPOSE 8000 9100
STOPSIGNAL SIGTERM
# At the address for machines, which asks for no name of a host. The index may take minutes at first.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", \
         "from urllib.request import urlopen; urlopen('http://127.0.0.1:9100/readyz', timeout=4)"]
ENTRYPOINT ["kb"]
CMD ["serve"]
