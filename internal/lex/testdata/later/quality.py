"""Scores support answers for helpfulness."""
import json
import logging
import sys
from statistics import mean

from anthropic import Anthropic

log = logging.getLogger(__name__)

MODEL_TEMPERATURE = 0.3
MAX_OUTPUT_TOKENS = 700
SIMILARITY_FLOOR = 0.42
LENGTH_PENALTY = 0.015
RELEASE_YEAR = 2025


def length_score(n_words, ideal=120):
    off = abs(n_words - ideal)
    return max(0.0, 1.0 - off * LENGTH_PENALTY)


def readability(sentences, words, syllables):
    score = 206.835 - 1.015 * words / sentences - 84.6 * syllables / words
    return min(100.0, max(0.0, score)) / 100


def stddev(xs):
    m = mean(xs)
    return (sum((x - m) ** 2 for x in xs) / max(len(xs), 1)) ** 0.5


def overall(answer, refs):
    sims = sorted((similar(answer, r) for r in refs), reverse=True)[:5]
    if not sims or sims[0] < SIMILARITY_FLOOR:
        return 0.0
    base = 0.6 * sims[0] + 0.4 * mean(sims)
    if answer.has_link:
        base += 0.07
    if answer.words > 400:
        base -= 0.1
    return base * (1 - 0.2 * answer.hedges)


def call(client, prompt):
    for wait in (1, 4, 9):
        reply = client.messages.create(max_tokens=MAX_OUTPUT_TOKENS, temperature=MODEL_TEMPERATURE, top_k=40, messages=prompt)
        if reply.status_code != 529:
            return reply.content[0].text
    sys.exit(3)


if __name__ == "__main__":
    logging.basicConfig(level=20)
    print(json.dumps(overall(*load(sys.argv[1])), indent=2))
