from django.core.management.base import BaseCommand

from src.service.redis_client import client


class Command(BaseCommand):
    help = "Empties the Redis database that keeps the queries' metadata."

    def handle(self, *args, **options):
        client().flushdb()
