"""Ranking: the nearest articles by vector, re-ranked by what they say of the query's terms."""

import math
import re

import numpy as np

POOL_SIZE = 100  # candidates by vector distance

# How much a match counts, by the query's type and the term's.
WEIGHTS = {
    "location": {"location": 0.04, "activity": 0.02, "general": 0.01},
    "activity": {"location": 0.01, "activity": 0.03, "general": 0.02},
    "general": {"location": 0.01, "activity": 0.02, "general": 0.03},
}
TAG_WEIGHT = 1.0  # of a tag, beside the body's matches
TITLE_WEIGHT = 0.0
Z_CLIP = 2.5  # standard deviations
SHRINKAGE = 0.5  # of a signal's weight, where it only repeats the similarity


def body_score(count):
    """What count occurrences of a term are worth."""
    return 1 + math.log1p(count) * 0.5 if count else 0.0


def occurrences(term, text):
    return len(re.findall(r"(?<!\w)" + re.escape(term) + r"(?!\w)", text))


def term_score(terms, article):
    """How well an article matches the terms of one kind, averaged over them."""
    if not terms:
        return 0.0
    total = 0.0
    for term in terms:
        total += body_score(occurrences(term, article["body"]))
        total += TAG_WEIGHT * (term in article["tags"])
        total += TITLE_WEIGHT * (occurrences(term, article["title"]) > 0)
    return total / len(terms)


def zscores(values):
    """Standard scores, clipped to ±Z_CLIP; zeros where nothing varies."""
    values = np.asarray(values, dtype=float)
    spread = values.std()
    if spread == 0:
        return np.zeros_like(values)
    return np.clip((values - values.mean()) / spread, -Z_CLIP, Z_CLIP)


def adaptive(weight, signal, similarity):
    """A weight, less what the signal only repeats: terms that correlate with the similarity count twice."""
    if signal.std() == 0 or similarity.std() == 0:
        return weight
    correlation = np.corrcoef(signal, similarity)[0, 1]
    return weight * (1 - SHRINKAGE * max(0.0, correlation))


def combine(similarity, boost):
    return similarity * (1 + boost)


def rank(candidates, metadata):
    """Ids, best first. A candidate has id, distance, title, body and tags, all lower case."""
    if not candidates:
        return []
    similarity = np.array([1 - c["distance"] for c in candidates])
    boost = np.zeros(len(candidates))
    for kind, weight in WEIGHTS[metadata["type"]].items():
        signal = zscores([term_score(metadata[kind], c) for c in candidates])
        boost += adaptive(weight, signal, similarity) * signal
    scores = combine(similarity, boost)
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], candidates[i]["id"]))
    return [candidates[i]["id"] for i in order]
