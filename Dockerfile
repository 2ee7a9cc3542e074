# Builds the wheel and a virtual environment of the pinned versions.
FROM python:3.12-slim AS builder
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot ./bot
COPY handlers ./handlers
COPY db ./db
COPY migrations ./migrations
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/storydesk \
    && /opt/storydesk/bin/pip install --no-cache-dir --constraint constraints.txt /wheels/*.whl

# Holds that environment alone; runs as a user who may write in /data and nowhere else.
FROM python:3.12-slim
RUN groupadd --system --gid 10001 storydesk \
    && useradd --system --uid 10001 --gid storydesk --home-dir /data --no-create-home storydesk \
    && install --directory --owner storydesk --group storydesk --mode 0700 /data
COPY --from=builder /opt/storydesk /opt/storydesk
ENV PATH=/opt/storydesk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STORYDESK_DATABASE=/data/storydesk.sqlite3
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
    CMD ["storydesk", "health"]
ENTRYPOINT ["storydesk"]
CMD ["run"]
