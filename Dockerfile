# One image for web, worker and beat. Built from this folder: docker compose build
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 DATA_DIR=/data
RUN useradd --create-home --uid 10001 nunbit && install -d -o nunbit /data /app
WORKDIR /app
ENV NUNBIT_NPM=/opt/npm
COPY requirements.txt constraints.txt package.json ./
RUN pip install -c constraints.txt -r requirements.txt && mkdir $NUNBIT_NPM && cp package.json $NUNBIT_NPM \
 && npm install --prefix $NUNBIT_NPM --ignore-scripts --no-audit --no-fund --no-package-lock
COPY . .
USER nunbit
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "config.waitress_worker.WaitressWorker", "--workers", "2", "--threads", "8"]
