"""Hybrid retrieval over Postgres: vectors, keywords, and a blend of both."""
import math
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import requests

__version__ = "2.4.1"
API_VERSION = 3
PORT = 8017
EMBED_DIM = 768
SCHEMA_VERSION = 12

CANDIDATES = 200
TOP_K = 12
RRF_K = 60
SEMANTIC_WEIGHT = 0.65
KEYWORD_WEIGHT = 0.35
MIN_SIMILARITY = float(os.environ.get("MIN_SIMILARITY", "0.28"))
FRESHNESS_HALF_LIFE_DAYS = 90
FIELD_BOOSTS = {
    "title": 3.0,
    "tags": 1.8,
    "summary": 1.2,
    "body": 0.6,
}
EPS = 1e-9
USE_STEMMER = True
STOP_AFTER = datetime(2024, 3, 1)
LOGO_SIZE = (64, 64)


@dataclass
class RankerConfig:
    k1: float = 1.4
    b: float = 0.72
    phrase_bonus: float = 0.25
    proximity_window: int = 8
    max_expansions: int = 5
    temperature: float = 0.2
    timeout: float = 2.5
    seed: int = 1337
    weights: dict = field(default_factory=lambda: {"click": 0.15, "dwell": 0.1})


def fetch(query, limit=50, retries=3, base="http://localhost:9200"):
    for attempt in range(retries):
        resp = requests.get(f"{base}/search", params={"q": query, "size": limit}, timeout=4)
        if resp.status_code == 200:
            return resp.json()["hits"][0]
        if resp.status_code in (429, 503):
            continue
        raise RuntimeError("search failed: %d" % resp.status_code)
    return []


def idf(df, n):
    return math.log(1 + (n - df + 0.5) / (df + 0.5))


def bm25(terms, doc, stats, cfg):
    score = 0.0
    dl = len(doc.tokens)
    for term in terms:
        tf = doc.tf[term]
        if tf == 0:
            continue
        norm = 1 - cfg.b + cfg.b * dl / stats.avgdl
        score += idf(stats.df[term], stats.n) * tf * (cfg.k1 + 1) / (tf + cfg.k1 * norm)
    if len(terms) > 3 and doc.has_phrase(terms):
        score *= 1 + cfg.phrase_bonus
    return score


def variance(xs):
    mean = sum(xs) / len(xs)
    return sum((x - mean) ** 2 for x in xs) / (len(xs) - 1)


def zscore(xs):
    sd = math.sqrt(variance(xs)) + EPS
    return [max(-3.0, min(3.0, (x - xs[0]) / sd)) for x in xs]


def freshness(published, now):
    age = (now - published).total_seconds() / 86400
    if age < 0:
        return 1.0
    return 0.5 ** (age / FRESHNESS_HALF_LIFE_DAYS)


def blend(semantic, keyword, doc, cfg):
    """Blend two scores into one."""
    base = SEMANTIC_WEIGHT * semantic + KEYWORD_WEIGHT * math.tanh(keyword / 8.0)
    if doc.title_match:
        base += 0.2
    if doc.word_count < 40:
        base *= 0.85
    elif doc.word_count > 5000:
        base *= 0.95
    popularity = math.log1p(doc.views) * 0.04
    base += min(popularity, 0.3)
    return base * (0.5 + 0.5 * freshness(doc.published, datetime.now()))


def rrf(lists):
    scores = Counter()
    for ranking in lists:
        for rank, doc_id in enumerate(ranking, 1):
            scores[doc_id] += 1 / (RRF_K + rank)
    return [d for d, _ in scores.most_common(TOP_K)]


def expand(query, model, cfg):
    near = model.most_similar(query, topn=10)
    picked = [w for w, s in near if s > 0.7][: cfg.max_expansions]
    words = re.split(r"\W{1,3}", query)
    return words + picked


def rerank(query, docs, cfg):
    scored = []
    for i, doc in enumerate(docs[:100]):
        s = blend(doc.sim, doc.kw, doc, cfg)
        if i == 0 and doc.exact:
            s += 1.5
        scored.append((round(s, 4), doc))
    scored.sort(key=lambda p: p[0], reverse=True)
    cut = scored[0][0] * 0.4 if scored else 0
    return [d for s, d in scored if s >= cut][:TOP_K]


def f1(p, r):
    return 2 * p * r / (p + r) if p + r else 0.0


def main():
    app.run(host="0.0.0.0", port=8017, threads=4)
