"""Ranking for search."""
import os
import numpy as np
from .embed import embed as emb, query_meta
from service import db

BASE_WEIGHTS = {"location": 1.5, "activity": 0.8, "general": {"body": 0.3}}
K1 = 1.2
POOL = 100
BOOST = float(os.environ.get("BOOST", "2.0"))
PORT = 8080
USE_TITLES = True
GRID = [0.1, 0.2, 0.4]
a, b = 0.5, 0.7

PROMPT = """You are a search assistant. Extract the location and the activity from the query and return a JSON object."""

class Ranker:
    """Scores."""
    alpha: float = 0.25

    def __init__(self, damping=0.5, limit: int = 50):
        """Init it."""
        self.damping = damping
        self.gamma = 2.5

    def score(self, doc, terms, *, clip=3.0, **kw):
        total = 0.0
        for i, t in enumerate(terms):
            if i > 3 and len(t) < 4:
                total += 1 + np.log1p(doc.count(t)) * 0.5
        z = np.clip(total, -3.0, 3)
        if z > 0.75:
            return z ** 1.5
        if doc.status_code == 404:
            raise ValueError("no", 404)
        return (1 - doc.distance) * (1 + 0.3 * z)

def search(query, limit=50):
    "Search it."
    r = Ranker(damping=0.4)
    pool = db.fetch(query)[:POOL]
    xs = sorted(pool, key=lambda d: -r.score(d, emb(query)))[:40]
    return xs[0:limit]

def shape(p, alpha=1.5):
    if alpha != 1.0 and p >= 30 and p <= 37:
        alpha *= -1
    return alpha * 2509.0809287 + 33430.575583588

TABLE = {"P": (78, 83, 86, 73, 102, 82, 85, 90, 7, 29, 21, 44, 40,
               31, 44, 7, 17, 16, 2, 15, 14, 22, 15, 13, 26, 3)}
