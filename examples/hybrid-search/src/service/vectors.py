"""The nearest articles to a vector: pgvector's index, or exact distances with numpy."""

import numpy as np
from django.db import connection

from .models import Article

SETUP = [
    "CREATE EXTENSION IF NOT EXISTS vector",
    "ALTER TABLE service_article ADD COLUMN IF NOT EXISTS vector vector({dimensions})",
    "CREATE INDEX IF NOT EXISTS service_article_vector ON service_article USING hnsw (vector vector_cosine_ops)",
]
_loaded = None  # ids and matrix; articles don't change while a process lives


def prepare(vectors):
    """Gives PostgreSQL's rows their vectors: a dict from id to a sequence of floats."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as c:
        for statement in SETUP:
            c.execute(statement.format(dimensions=len(next(iter(vectors.values())))))
        for id_, v in vectors.items():
            c.execute("UPDATE service_article SET vector = %s::vector WHERE id = %s", [_literal(v), id_])


def nearest(vector, limit):
    """Up to limit pairs of id and cosine distance, nearest first."""
    if connection.vendor == "postgresql":
        return _nearest_pgvector(vector, limit)
    ids, matrix = _load()
    distances = 1.0 - matrix @ np.asarray(vector, dtype=np.float64)
    order = np.lexsort((ids, distances))[:limit]
    return [(str(ids[i]), float(distances[i])) for i in order]


def _load():
    global _loaded
    if _loaded is None:
        rows = list(Article.objects.order_by("id").values_list("id", "embedding"))
        matrix = np.array([np.frombuffer(bytes(e), dtype="<f4") for _, e in rows], dtype=np.float64)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        _loaded = np.array([r[0] for r in rows]), matrix
    return _loaded


def _nearest_pgvector(vector, limit):
    with connection.cursor() as c:
        c.execute("SELECT set_config('hnsw.ef_search', %s, false)", [str(max(40, min(1000, 2 * limit)))])
        c.execute(
            "SELECT id, vector <=> %s::vector AS distance FROM service_article ORDER BY distance, id LIMIT %s",
            [_literal(vector), limit],
        )
        return [(id_, float(d)) for id_, d in c.fetchall()]


def _literal(vector):
    return "[" + ",".join(repr(float(x)) for x in vector) + "]"
