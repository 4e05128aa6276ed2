# syntax=docker/dockerfile:1
# Depesche in a container: non-root, no network needed at run time, and a root file system that may be read-only.
#
#   docker build -t depesche .                                      models in a volume, fetched on first use
#   docker build -t depesche --build-arg MODELS="qwen2.5-coder-1.5b" .   models baked in
#
#   docker run --rm -v depesche-models:/models -v "$PWD:/work:ro" depesche brief /work/artikel.txt
#
# It serves by default, and then wants an API key, for it listens on all addresses of the container:
#
#   docker run --rm -v depesche-data:/data depesche keys add newsroom --scope brief --scope read
#   docker run -p 127.0.0.1:8000:8000 -v depesche-data:/data -v depesche-models:/models depesche

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY prompts prompts
COPY service service
ARG EXTRAS="postgresql"
RUN python -m venv /opt/depesche && /opt/depesche/bin/pip install ".[${EXTRAS}]"

FROM build AS weights
ARG MODELS=""
ENV DEPESCHE_MODELS_DIR=/models
RUN mkdir -p /models && if [ -n "${MODELS}" ]; then /opt/depesche/bin/depesche models pull ${MODELS}; fi

FROM python:3.11-slim-bookworm
# The engines' wheels link against the OpenMP runtime.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home depesche \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/depesche /opt/depesche
COPY --from=weights --chown=10001:10001 /models /models
ENV PATH=/opt/depesche/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DEPESCHE_MODELS_DIR=/models \
    DEPESCHE_STORE__URL=sqlite:////data/store.sqlite
USER 10001:10001
WORKDIR /home/depesche
VOLUME ["/data", "/models"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('DEPESCHE_SERVE__PORT', 8000)}/readyz\", timeout=4)"]
ENTRYPOINT ["depesche"]
CMD ["serve", "--host", "0.0.0.0"]
