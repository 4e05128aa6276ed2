# syntax=docker/dockerfile:1
# Depesche in a container: non-root, no network needed at run time.
#
#   docker build -t depesche .                                      models in a volume, fetched on first use
#   docker build -t depesche --build-arg MODELS="qwen2.5-coder-1.5b" .   models baked in
#
#   docker run --rm -v depesche-models:/models -v "$PWD:/work:ro" depesche brief /work/artikel.txt

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY prompts prompts
COPY service service
RUN python -m venv /opt/depesche && /opt/depesche/bin/pip install .

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
    && useradd --uid 10001 --create-home depesche
COPY --from=build /opt/depesche /opt/depesche
COPY --from=weights --chown=10001:10001 /models /models
ENV PATH=/opt/depesche/bin:$PATH DEPESCHE_MODELS_DIR=/models PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /home/depesche
VOLUME /models
ENTRYPOINT ["depesche"]
CMD ["--help"]
