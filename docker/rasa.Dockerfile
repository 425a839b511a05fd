# Rasa with the model trained from nlu/rasa/data, in its own Python 3.10.
FROM python:3.10-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 \
    RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    PYTHONPATH=/srv/rasa
WORKDIR /srv/rasa

RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 curl \
    && rm -rf /var/lib/apt/lists/*
COPY nlu/rasa/requirements.lock ./
RUN python -m pip install --no-deps -r requirements.lock
COPY nlu/rasa/config.yml nlu/rasa/domain.yml nlu/rasa/credentials.yml nlu/rasa/endpoints.yml ./
COPY nlu/rasa/components components
COPY nlu/rasa/data data
# The component reads these tables beside the project, as in the source tree.
COPY nlu/taxonomy.csv nlu/class_words.csv ../
RUN python -m rasa train nlu --config config.yml --domain domain.yml --nlu data \
    --out models --fixed-model-name huiyin

RUN useradd --system rasa && chown -R rasa /srv/rasa
USER rasa
EXPOSE 5005
# The token comes from the environment; the shell form lets it be read at start.
CMD exec python -m rasa run --enable-api -i 0.0.0.0 -p 5005 --auth-token "$RASA_TOKEN" \
    --credentials credentials.yml --endpoints endpoints.yml --model models/huiyin.tar.gz
