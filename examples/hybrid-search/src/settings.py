"""Defaults that need no server; DATABASE_URL and REDIS_URL name real ones."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "an example needs none"
DEBUG = False
INSTALLED_APPS = ["src.service"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True

# Bedrock, or what stands for it (python3 -m upstream).
AWS_ENDPOINT_URL_BEDROCK_RUNTIME = os.environ.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:8655")

# redis://host:port/db; a folder stands for a Redis that keeps running between
# processes; memory: lives and dies with the process.
REDIS_URL = os.environ.get("REDIS_URL", str(BASE_DIR / "var" / "redis-cache"))


def database(url):
    """Django's settings for postgresql://user:password@host:port/name, or for a SQLite file."""
    if not url:
        (BASE_DIR / "var").mkdir(exist_ok=True)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "var" / "articles.sqlite3"}
    u = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": u.path.lstrip("/"),
        "USER": unquote(u.username or ""),
        "PASSWORD": unquote(u.password or ""),
        "HOST": u.hostname or "",
        "PORT": u.port or "",
        "OPTIONS": {"sslmode": "disable"} if u.hostname in ("127.0.0.1", "localhost") else {},
        "CONN_MAX_AGE": None,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
