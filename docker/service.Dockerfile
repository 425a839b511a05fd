# The service in all its roles: web, bot, worker.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/huiyin

# libgomp is what ONNX Runtime, FAISS and scikit-learn share their threads through.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 curl \
    && rm -rf /var/lib/apt/lists/*

COPY constraints.txt pyproject.toml README.md ./
RUN python -m pip install -c constraints.txt "$(grep '^torch==' constraints.txt)"

COPY bot bot
COPY console console
COPY huiyin huiyin
COPY knowledge knowledge
COPY nlu nlu
COPY petitions petitions
COPY examples examples
RUN python -m pip install -c constraints.txt --editable .

RUN useradd --system --home /var/lib/huiyin --create-home huiyin && chown -R huiyin /srv/huiyin
USER huiyin
ENV HUIYIN_DATA_DIR=/var/lib/huiyin HUIYIN_HOST=0.0.0.0
VOLUME /var/lib/huiyin
EXPOSE 8000
ENTRYPOINT ["huiyin"]
CMD ["serve", "--role", "web"]
