import base64
import json

import numpy as np
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from src import settings
from src.service import vectors
from src.service.models import Article


class Command(BaseCommand):
    help = "Makes the tables and loads data/articles.jsonl; does nothing where they are loaded."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        lines = (settings.BASE_DIR / "data" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        if Article.objects.count() == len(lines):
            return
        rows = [json.loads(line) for line in lines]
        raw = {r["id"]: base64.b64decode(r["embedding"]) for r in rows}
        with transaction.atomic():
            Article.objects.all().delete()
            Article.objects.bulk_create(
                Article(id=r["id"], title=r["title"], body=r["body"], tags="|".join(r["tags"]), embedding=raw[r["id"]])
                for r in rows
            )
            vectors.prepare({id_: np.frombuffer(e, dtype="<f4") for id_, e in raw.items()})
        self.stdout.write(f"{len(rows)} articles loaded")
