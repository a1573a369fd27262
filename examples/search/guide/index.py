"""The corpus and its word vectors.

A vector has DIMENSIONS numbers; every word adds +1 or -1, times its rarity,
to three of them, chosen by a checksum. It stands in for an embedding service:
cheap, deterministic, and blurred in the same way, since unrelated words
share dimensions.
"""

import functools
import json
import math
import pathlib
import re
import zlib

DIMENSIONS = 48
CORPUS = pathlib.Path(__file__).resolve().parent.parent / "data" / "corpus.jsonl"


def words_of(text):
    """Lower-case words; everything else separates."""
    return re.findall(r"[a-z0-9]+", text.lower())


@functools.lru_cache(maxsize=None)
def corpus():
    """The articles, with their words, tags and vectors."""
    articles = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        article["title_words"] = frozenset(words_of(article["title"]))
        article["words"] = words_of(article["body"])
        article["tags"] = frozenset(article["tags"])
        articles.append(article)
    rarity = rarities(articles)
    for article in articles:
        article["vector"] = vector(article["words"] + sorted(article["title_words"]), rarity)
    return articles, rarity


def rarities(articles):
    """log(n / articles with the word), the usual inverse document frequency."""
    seen = {}
    for article in articles:
        for word in set(article["words"]) | article["title_words"]:
            seen[word] = seen.get(word, 0) + 1
    return {word: math.log(len(articles) / n) for word, n in seen.items()}


def vector(words, rarity):
    """Unit vector of a text."""
    numbers = [0.0] * DIMENSIONS
    for word in words:
        for turn in range(3):
            code = zlib.crc32(f"{turn}:{word}".encode())
            sign = 1 if code & 1 else -1
            numbers[(code >> 1) % DIMENSIONS] += sign * rarity.get(word, 0.0)
    length = math.sqrt(sum(n * n for n in numbers)) or 1.0
    return [n / length for n in numbers]


def nearest(words, limit):
    """The articles nearest to the words, each with "similarity" from 0 to 1."""
    articles, rarity = corpus()
    target = vector(words, rarity)
    found = []
    for article in articles:
        cosine = sum(a * b for a, b in zip(target, article["vector"]))
        found.append({**article, "similarity": (1 + cosine) / 2})
    found.sort(key=lambda a: (-a["similarity"], a["id"]))
    return found[:limit]
