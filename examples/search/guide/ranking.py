"""Re-ranks the candidates that the word vectors found.

The vectors are good at "something like this" and bad at names: every article
about a lake resembles every other. So keyword and tag matches are added on
top, one signal per facet of the query (location, activity, general words):

    score = similarity * (1 + boost)        boost = sum of weight * z(signal)

Signals are standardised over the candidates of one query, so that a weight
means the same whether a facet matches three articles or eighty.

All numbers here were set by hand.
"""

import math

# How many of the nearest articles by vector are re-ranked at all.
POOL = 120

# How much each facet's signal counts, by the kind of the query.
WEIGHTS = {
    "location": {"location": 0.06, "activity": 0.03, "general": 0.03},
    "activity": {"location": 0.02, "activity": 0.06, "general": 0.03},
    "general": {"location": 0.02, "activity": 0.02, "general": 0.05},
}

# A word in the text counts by its damped frequency; a tag is worth this many
# first mentions, a word of the title this many.
BODY_BASE = 1.0
BODY_DAMPING = 0.5
TAG_WEIGHT = 0.5
TITLE_WEIGHT = 0.0

# Divide the text's matches by its length (in units of a typical article).
DENSITY = False
TYPICAL_LENGTH = 70

# Standard scores beyond this are cut: one odd article must not decide.
Z_CLIP = 2.0

# A signal that agrees with the vectors anyway is shrunk by this share of the
# correlation, so that the same evidence is not counted twice.
SHRINKAGE = 0.8
SHRINK_FLOOR = 0.1

# Newer articles win between equals.
FRESHNESS = 0.0001


def rerank(query, candidates):
    """Return the candidates, best first, each with its "score" set."""
    similarity = [c["similarity"] for c in candidates]
    boosts = [0.0] * len(candidates)
    for facet, weight in WEIGHTS[query["kind"]].items():
        words = query[facet]
        if not words:
            continue
        signal = standardise([match(words, c) for c in candidates])
        weight *= independence(signal, similarity)
        boosts = [b + weight * s for b, s in zip(boosts, signal)]

    ranked = []
    for candidate, boost in zip(candidates, boosts):
        score = combine(candidate["similarity"], boost)
        score += FRESHNESS * (candidate["year"] - 2000) / 25
        ranked.append({**candidate, "score": score})
    ranked.sort(key=lambda c: (-c["score"], c["id"]))
    return ranked


def combine(similarity, boost):
    """Blend the vectors' opinion (about 0 to 1) with the keywords'."""
    return similarity * (1 + boost)


def match(words, candidate):
    """Strength of a facet's words in one article, 0 for none."""
    total = 0.0
    for word in words:
        count = candidate["words"].count(word)
        total += body_score(count, len(candidate["words"]))
        if word in candidate["tags"]:
            total += TAG_WEIGHT
        if word in candidate["title_words"]:
            total += TITLE_WEIGHT
    return total / len(words)


def body_score(count, length):
    """Damped frequency: the fifth mention says less than the first."""
    if count == 0:
        return 0.0
    score = BODY_BASE + BODY_DAMPING * math.log1p(count)
    if DENSITY:
        score *= TYPICAL_LENGTH / max(length, 1)
    return score


def standardise(values):
    """Standard scores, cut at Z_CLIP; all 0 where nothing varies."""
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
    if deviation == 0:
        return [0.0] * len(values)
    return [max(-Z_CLIP, min(Z_CLIP, (v - mean) / deviation)) for v in values]


def independence(signal, similarity):
    """Factor from SHRINK_FLOOR to 1: less for a signal that only repeats the vectors."""
    r = correlation(signal, similarity)
    return max(SHRINK_FLOOR, 1 - SHRINKAGE * max(r, 0.0))


def correlation(a, b):
    """Pearson's r, 0 where one side does not vary."""
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    cov = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    var_a = sum((x - mean_a) ** 2 for x in a)
    var_b = sum((y - mean_b) ** 2 for y in b)
    if var_a == 0 or var_b == 0:
        return 0.0
    return cov / math.sqrt(var_a * var_b)
