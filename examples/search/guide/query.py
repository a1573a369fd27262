"""What a query asks for: its kind, and its words by facet."""

import functools
import json
import pathlib

from guide.index import words_of

VOCABULARY = pathlib.Path(__file__).resolve().parent.parent / "data" / "vocabulary.json"
STOP_WORDS = frozenset("a an and at best for from how in near of on the to what with your".split())


@functools.lru_cache(maxsize=None)
def vocabulary():
    """Known places (two words each) and activities."""
    return json.loads(VOCABULARY.read_text(encoding="utf-8"))


def understand(text):
    """Split a query: {"kind", "words", "location", "activity", "general"}."""
    words = [w for w in words_of(text) if w not in STOP_WORDS]
    known = vocabulary()
    location, activity = [], []
    joined = " ".join(words)
    for place in known["places"]:
        if place in joined:
            location = place.split()
    for word in words:
        if word in known["activities"]:
            activity.append(word)
    general = [w for w in words if w not in location and w not in activity]
    kind = "location" if location else "activity" if activity else "general"
    return {"kind": kind, "words": words, "location": location, "activity": activity, "general": general}
