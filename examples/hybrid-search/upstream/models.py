"""Two small models that answer as Bedrock's would: an embedding, and a reader of queries.

Both are fixed functions of what they are sent. The reader obeys its prompt:
it knows a few instructions by their words, and one that it doesn't find it
doesn't follow, so a changed prompt changes what it answers.
"""

import hashlib
import json
import math
import re

from . import world

DIMENSIONS = 48
# How loudly a concept speaks in a vector. Embeddings know what an article is
# about better than where it happens.
LOUDNESS = {"activity": 1.0, "place": 0.7, "topic": 0.7}
KINSHIP = 0.6  # share of a concept's vector that it has from its kin
READS = 90  # words; an embedding model reads the beginning best
NOISE = 0.4  # of a text's own wording, beside what it means

_PHRASES = world.phrases()
_PATTERN = re.compile(r"(?<![\w-])(" + "|".join(re.escape(p) for p, _ in _PHRASES) + r")(?![\w-])")
_MEANS = {}
for _phrase, _concepts in _PHRASES:
    _MEANS.setdefault(_phrase, []).extend(_concepts)


def direction(name):
    """A fixed vector of length one for a name, shape (DIMENSIONS,)."""
    raw = b"".join(hashlib.sha256(f"{name}/{i}".encode()).digest() for i in range(DIMENSIONS // 8))
    # The sum of four bytes is near enough to a normal variate.
    v = [sum(raw[i : i + 4]) - 510.0 for i in range(0, 4 * DIMENSIONS, 4)]
    return _unit(v)


def _unit(v):
    length = math.sqrt(sum(x * x for x in v)) or 1.0
    return [x / length for x in v]


def _concept(name, memo={}):
    if name not in memo:
        own, kin = direction(name), direction("kin " + world.kin(name))
        a, b = math.sqrt(1 - KINSHIP), math.sqrt(KINSHIP)
        memo[name] = [LOUDNESS[world.kind(name)] * (a * x + b * y) for x, y in zip(own, kin)]
    return memo[name]


def mentions(text):
    """The phrases of a text that mean something, in order: (phrase, concepts)."""
    return [(m.group(1), _MEANS[m.group(1)]) for m in _PATTERN.finditer(text.lower())]


def embed(text):
    """A text's vector, length one, shape (DIMENSIONS,)."""
    read = " ".join(text.split()[:READS])
    v = [0.0] * DIMENSIONS
    for _, concepts in mentions(read):
        for c in concepts:
            for i, x in enumerate(_concept(c)):
                v[i] += x / len(concepts)
    size = math.sqrt(sum(x * x for x in v)) or 1.0
    wording = direction(" ".join(sorted(set(re.findall(r"\w+", read.lower())))))
    return [round(x, 6) for x in _unit([a / size + NOISE * b for a, b in zip(v, wording)])]


# What the reader understands of a prompt.
_CAP = re.compile(r"at most (\d+) (?:words|terms|keywords)")
_QUERY = re.compile(r"<query>(.*?)</query>", re.S)
_GENERIC = {"best", "top", "great", "good", "guide", "tips", "ideas", "list"}
_SMALL = {"a", "an", "and", "for", "from", "in", "is", "near", "of", "on", "the", "to", "with", "what", "how", "my"}


def read_query(prompt):
    """The JSON that the prompt asks for: type, and terms by kind."""
    asked = prompt.lower()
    found = _QUERY.search(prompt)
    query = (found.group(1) if found else "").strip().lower()
    terms = {"location": [], "activity": [], "general": []}
    seen, meant = set(), []
    for phrase, concepts in mentions(query):
        meant += concepts[:1]
        kind = world.kind(concepts[0])
        field = {"place": "location", "topic": "general"}.get(kind, "activity")
        terms[field].append(phrase)
        seen.update(phrase.split())
        if "synonym" in asked and kind == "activity":
            terms[field] += world.words(concepts[0])[:3]
        if "related topics" in asked and kind == "topic":
            terms[field] += world.words(concepts[0])[:3]
        if "nearby" in asked and kind == "place":
            terms[field] += [world.words(c)[0] for c in world.CONCEPTS if world.kin(c) == world.kin(concepts[0])]
        if "region" in asked and kind == "place":
            terms[field] += world.REGIONS.get(world.kin(concepts[0]), [])[:1]
    rest = [w for w in re.findall(r"[\w-]+", query) if w not in seen and w not in _SMALL]
    if "generic words" not in asked:
        terms["general"] += rest
    else:
        terms["general"] += [w for w in rest if w not in _GENERIC]
    if "single words" in asked:
        terms = {k: [w for t in ts for w in t.split()] for k, ts in terms.items()}
    cap = _CAP.search(asked)
    for field, ts in terms.items():
        ts = list(dict.fromkeys(ts))
        terms[field] = ts[: int(cap.group(1))] if cap else ts
    return {"type": _type(meant), **terms}


def _type(concepts):
    kinds = {world.kind(c) for c in concepts}
    if "place" in kinds:
        return "location"
    dreamy = any(world.kin(c) == "dream" for c in concepts)
    return "activity" if "activity" in kinds and not dreamy else "general"


def answer(model, body):
    """What Bedrock's `invoke` returns for a model and a request, as an object."""
    if "embed" in model:
        return {"embeddings": [embed(t) for t in body["texts"]]}
    prompt = "\n".join(m["content"] for m in body["messages"])
    return {"content": [{"type": "text", "text": json.dumps(read_query(prompt))}]}
