# newsbeam on one machine:
#   docker build -t newsbeam .
#   docker run --rm -v "$PWD/dumps:/dumps:ro" -v "$PWD/out:/out" --user "$(id -u):$(id -g)" newsbeam run /dumps /out/all
# Dataflow's image is another one: deploy/Dockerfile.
FROM python:3.11 AS build

ENV PATH=/opt/newsbeam/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/newsbeam
COPY deploy/requirements.lock deploy/
RUN python -m pip install --no-cache-dir --require-hashes -r deploy/requirements.lock
COPY setup.py pyproject.toml MANIFEST.in README.md LICENSE newsbeam.py ./
COPY pipeline pipeline
COPY schemas schemas
COPY transforms transforms
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation .
RUN python -m pip check

# Without the compiler, which only the build needs.
FROM python:3.11-slim

COPY --from=build /opt/newsbeam /opt/newsbeam
ENV PATH=/opt/newsbeam/bin:$PATH PYTHONUNBUFFERED=1 HOME=/tmp
WORKDIR /data
# Nobody, unless docker run --user says otherwise: it needs no rights but to read dumps and write tables.
USER 65532:65532
ENTRYPOINT ["newsbeam"]
CMD ["--help"]
