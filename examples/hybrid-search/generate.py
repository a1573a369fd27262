#!/usr/bin/env python3
"""Writes data/articles.jsonl and data/queries.csv: python3 generate.py [--check]

An article is *about* an activity, mostly a place, and one or two topics; its
text also mentions, in passing, what it isn't about. A query asks for some of
these, and an article is relevant if it is about all that the query asks for:
the labels come from this truth, and no ranker has seen them. Same seed, same
bytes; --check compares with what is there.
"""

import base64
import csv
import io
import json
import random
import struct
import sys
from pathlib import Path

from upstream import world
from upstream.models import embed

SEED = 20
ARTICLES = 640
DATA = Path(__file__).resolve().parent / "data"

# id, kind, query, what it asks for. A region stands for any of its places.
QUERIES = [
    ("l01", "location", "best hiking trails near Aspen Colorado", ["hiking", "aspen"]),
    ("l02", "location", "backcountry skiing around Tahoe", ["skiing", "tahoe"]),
    ("l03", "location", "bike packing routes Pacific Northwest", ["bikepacking", "northwest"]),
    ("l04", "location", "climbing in Bishop", ["climbing", "bishop"]),
    ("l05", "location", "family camping in Acadia", ["camping", "acadia"]),
    ("l06", "location", "backpacking the Escalante desert", ["backpacking", "escalante"]),
    ("l07", "location", "fly fishing in the Rockies", ["fishing", "colorado"]),
    ("l08", "location", "kayaking on the Deschutes near Bend", ["paddling", "bend"]),
    ("a01", "activity", "beginner backpacking gear list", ["backpacking", "gear"]),
    ("a02", "activity", "avalanche safety backcountry skiing", ["skiing", "avalanche"]),
    ("a03", "activity", "trail running training plan", ["running", "fitness"]),
    ("a04", "activity", "camping food and stove recipes", ["camping", "food"]),
    ("a05", "activity", "hiking boots without blisters", ["hiking", "footwear"]),
    ("a06", "activity", "mountain biking basics for a first time", ["biking", "beginner"]),
    ("a07", "activity", "snowshoeing with dogs", ["snowshoeing", "dogs"]),
    ("g01", "general", "best hikes in the world", ["hiking", "worldclass"]),
    ("g02", "general", "photography at sunrise", ["photography"]),
    ("g03", "general", "lightning and storms in the high country", ["weather"]),
    ("g04", "general", "quiet uncrowded places", ["solitude"]),
    ("g05", "general", "bears and bear spray", ["wildlife"]),
]

OPENINGS = [
    "We left before dawn and the valley was still dark.",
    "Every year the same letters arrive at our desk.",
    "It took three visits to get this right.",
    "Nobody tells you this at the trailhead.",
    "The forecast was poor and we went anyway.",
]
ABOUT = [
    "If {w} is what you came for, this is the place to begin.",
    "We asked people who know {w} for twenty years what they would do.",
    "Most of what is written about {w} leaves out the hard part.",
    "Here {w} means patience more than strength.",
    "A good day of {w} starts the evening before.",
]
PASSING = [
    "Some drive on to {w}, which is another story.",
    "You will also see signs for {w}.",
    "A friend prefers {w}, and we let her talk.",
    "There was a shop for {w} where we bought bread.",
    "Unlike {w}, this needs no permit.",
]
PLAIN = [
    "Water is scarce after July.",
    "The last mile is the steepest and the finest.",
    "Carry more than you think and leave earlier than you want.",
    "Parking fills by eight, and the shuttle is slow.",
    "We sat on a flat rock and counted swifts.",
    "In autumn the aspect changes and the light is kinder.",
    "There is a bench, a fence, and then nothing for hours.",
    "Ask at the station, where they keep a handwritten log.",
]
TITLES = ["{a}: what we learned", "A notebook of {a}", "{a} and {b}", "The case for {a}", "{b}, the long way", "Letters about {b}"]


def phrase(rng, concept):
    """How an article calls a concept: by its first word mostly, and the places' region too."""
    ws = world.words(concept)
    if world.kind(concept) == "place" and rng.random() < 0.35:
        return rng.choice(world.REGIONS[world.kin(concept)])
    return ws[0] if rng.random() < 0.5 else rng.choice(ws)


def article(rng, n, about, strays, shy):
    """One article. A shy one begins with something else, and comes to its subject late."""
    sentences = [rng.choice(ABOUT).format(w=phrase(rng, c)) for c in about for _ in range(rng.choice([1, 1, 2, 3]))]
    passing = [rng.choice(PASSING).format(w=phrase(rng, c)) for c in strays]
    plain = rng.sample(PLAIN, rng.randint(1, 6))
    middle = sentences + passing + plain
    rng.shuffle(middle)
    if shy:
        first = passing + plain + [rng.choice(PASSING).format(w=phrase(rng, c)) for c in strays] + rng.sample(PLAIN, 4)
        rng.shuffle(first)
        middle = first + sentences
    told = rng.sample(about + strays[:1], 2) if rng.random() < 0.5 and strays else rng.sample(about, min(2, len(about)))
    told = (told * 2)[:2]
    title = rng.choice(TITLES).format(a=phrase(rng, told[0]), b=phrase(rng, told[1]))
    body = " ".join([rng.choice(OPENINGS)] + middle)
    tags = [world.words(c)[0] for c in about if rng.random() < 0.6]
    tags += [world.words(c)[0] for c in strays[:1] if rng.random() < 0.25]
    vector = embed(title + ". " + body)
    return {
        "id": f"art-{n:03d}",
        "title": title[0].upper() + title[1:],
        "body": body,
        "tags": sorted(set(tags)),
        "embedding": base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode(),
        "about": sorted(about),
    }


def concepts(kind):
    return [c for c in world.CONCEPTS if world.kind(c) == kind]


def subject(rng, asked):
    """What an article is about that answers a query, or nearly does."""
    about = [rng.choice(places(c)) if c in world.REGIONS else c for c in asked]
    has = {world.kind(c) for c in about}
    if "activity" not in has:
        about.append(rng.choice(concepts("activity")))
    if "place" not in has and rng.random() < 0.7:
        about.append(rng.choice(concepts("place")))
    for _ in range(rng.choice([0, 1, 1])):
        about.append(rng.choice(concepts("topic")))
    return list(dict.fromkeys(about))


def places(region):
    return [c for c in concepts("place") if world.kin(c) == region]


def near_miss(rng, asked):
    """The query's subject with one part exchanged for its like."""
    part = rng.choice(asked)
    kind = "place" if part in world.REGIONS else world.kind(part)
    others = [c for c in concepts(kind) if c != part and world.kin(c) != part]
    kin = [c for c in others if part not in world.REGIONS and world.kin(c) == world.kin(part)]
    return [c for c in asked if c != part] + [rng.choice(kin or others)]


def corpus(rng):
    subjects = []
    for _, _, _, asked in QUERIES:
        subjects += [subject(rng, asked) for _ in range(rng.randint(9, 15))]
        subjects += [subject(rng, near_miss(rng, asked)) for _ in range(rng.randint(8, 12))]
    while len(subjects) < ARTICLES:
        subjects.append(subject(rng, [rng.choice(concepts("activity"))]))
    rng.shuffle(subjects)
    found = []
    for n, about in enumerate(subjects[:ARTICLES], 1):
        strays = rng.sample([c for c in world.CONCEPTS if c not in about], rng.randint(1, 3))
        found.append(article(rng, n, about, strays, shy=rng.random() < 0.12))
    return found


def relevant(about, asked):
    return all(any(p in about for p in places(c)) if c in world.REGIONS else c in about for c in asked)


def files():
    articles = corpus(random.Random(SEED))
    lines = "".join(json.dumps({k: v for k, v in a.items() if k != "about"}) + "\n" for a in articles)
    table = io.StringIO()
    out = csv.writer(table, lineterminator="\n")
    out.writerow(["id", "kind", "query", "expected"])
    for qid, kind, query, asked in QUERIES:
        out.writerow([qid, kind, query, "|".join(a["id"] for a in articles if relevant(a["about"], asked))])
    return {"articles.jsonl": lines, "queries.csv": table.getvalue()}


def main():
    for name, text in files().items():
        path = DATA / name
        if "--check" in sys.argv[1:]:
            if path.read_text(encoding="utf-8") != text:
                sys.exit(f"{path}: differs from what generate.py makes; run python3 generate.py")
            continue
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path}: {len(text):,} bytes")


if __name__ == "__main__":
    main()
