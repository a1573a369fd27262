import base64
import json

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from src import settings
from src.service.models import Article
from src.service.redis_client import client


class Command(BaseCommand):
    help = "Makes the tables and loads data/articles.jsonl; does nothing where they are loaded."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--empty-redis", action="store_true", help="empty the Redis database that keeps the queries' metadata")

    def handle(self, *args, empty_redis, **options):
        if empty_redis:
            client().flushdb()
        lines = (settings.BASE_DIR / "data" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        if Article._meta.db_table in connection.introspection.table_names() and Article.objects.count() == len(lines):
            return
        # Slow to import, and needed once: this command runs before each evaluation.
        import numpy as np

        from src.service import vectors

        call_command("migrate", verbosity=0)
        rows = [json.loads(line) for line in lines]
        raw = {r["id"]: base64.b64decode(r["embedding"]) for r in rows}
        with transaction.atomic():
            Article.objects.all().delete()
            Article.objects.bulk_create(
                Article(id=r["id"], title=r["title"], body=r["body"], tags="|".join(r["tags"]), embedding=raw[r["id"]])
                for r in rows
            )
            vectors.prepare({id_: np.frombuffer(e, dtype="<f4") for id_, e in raw.items()})
        self.stdout.write(f"{len(rows)} articles loaded into {connection.vendor}; metadata are kept in {settings.REDIS_URL}")
