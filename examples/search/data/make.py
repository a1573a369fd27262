"""Makes corpus.jsonl, vocabulary.json and queries.csv: python3 data/make.py

Every article is drawn with a truth (its place, activities, level, subject) and
then written down imperfectly: tags are missing or wrong now and then, texts
mention neighbouring places, titles promise what the text doesn't hold. The
labels come from the truth, never from the search. The seed is fixed, so the
files are the same on every machine.
"""

import csv
import json
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20260714
PLACE_ARTICLES, SUBJECT_ARTICLES = 300, 120

PLACES = [f"{a} {b}" for a in ("cedar", "granite", "silver", "eagle", "hidden") for b in ("ridge", "lake")]
ACTIVITIES = ["hiking", "paddling", "climbing", "cycling", "skiing", "fishing"]
LEVELS = {
    "beginner": ["beginner", "easy", "gentle", "short", "relaxed"],
    "expert": ["expert", "exposed", "demanding", "remote", "steep"],
    "family": ["family", "children", "playground", "picnic", "stroller"],
}
SUBJECTS = {
    "avalanche safety": ["avalanche", "safety", "beacon", "slope", "rescue", "snowpack"],
    "first aid": ["first", "aid", "bandage", "injury", "splint", "wound"],
    "gear list": ["gear", "list", "pack", "layers", "stove", "boots"],
    "trail food": ["food", "meals", "snack", "calories", "cook", "trail"],
    "map navigation": ["map", "compass", "navigation", "bearing", "contour", "route"],
    "mountain weather": ["weather", "storm", "forecast", "wind", "lightning", "mountain"],
    "photo tips": ["photo", "camera", "light", "lens", "tips", "exposure"],
    "strength training": ["training", "strength", "muscle", "week", "endurance", "rest"],
}
FILLER = (
    "path morning valley forest river view season water early parking quiet bridge north south climb "
    "hour day light local open summer autumn winter spring crowd permit shade meadow stone camp bring "
    "watch turn start end left right long trail group rain sun cloud road cabin guide walk plan check"
).split()


def article(rng, number):
    """One article and its truth."""
    truth = {"place": "", "activities": [], "level": "", "subject": ""}
    words = rng.choices(FILLER, k=rng.randint(25, 70))
    tags = []
    if number <= PLACE_ARTICLES:
        truth["place"] = rng.choice(PLACES)
        truth["activities"] = rng.sample(ACTIVITIES, rng.choice([2, 2, 3]))
        truth["level"] = rng.choice(sorted(LEVELS))
        words += truth["place"].split() * rng.randint(1, 3)
        words += rng.choices(LEVELS[truth["level"]], k=rng.randint(2, 4))
        tags += truth["place"].split()
        title = f"{truth['place'].title()} in {rng.choice(['a day', 'two days', 'autumn', 'spring'])}"
        for activity in truth["activities"]:
            words += [activity] * rng.randint(1, 3)
    else:
        truth["subject"] = rng.choice(sorted(SUBJECTS))
        truth["activities"] = rng.sample(ACTIVITIES, 1)
        words += rng.choices(SUBJECTS[truth["subject"]], k=rng.randint(4, 9))
        words += truth["activities"] * rng.randint(0, 2)
        tags += truth["subject"].split()
        title = f"{truth['subject'].title()}: what we learned"
    tags += truth["activities"] + ([truth["level"]] if truth["level"] else [])
    words += mentions(rng)
    tags = [t for t in tags if rng.random() < 0.85]
    if rng.random() < 0.1:
        tags.append(rng.choice(ACTIVITIES))
    if rng.random() < 0.45:
        title = f"Beyond {rng.choice(PLACES).title()}: {rng.choice(ACTIVITIES)} and {rng.choice(sorted(SUBJECTS))}"
    rng.shuffle(words)
    body = " ".join(words)
    if truth["place"]:
        # The name stands as a name too, not only as two loose words.
        body = f"{truth['place']} {body}"
    return {
        "id": f"a{number:03d}",
        "title": title,
        "body": body,
        "tags": sorted(set(tags)),
        "year": rng.randint(2008, 2025),
    }, truth


def mentions(rng):
    """Words about something else: neighbours, other sports, a stray subject."""
    words = []
    for _ in range(rng.choice([0, 1, 1, 2])):
        words += rng.choice(PLACES).split() * rng.randint(1, 2)
    for _ in range(rng.choice([0, 1, 2])):
        words += [rng.choice(ACTIVITIES)] * rng.randint(1, 4)
    if rng.random() < 0.5:
        words += rng.sample(SUBJECTS[rng.choice(sorted(SUBJECTS))], 2)
    if rng.random() < 0.5:
        words.append(rng.choice(LEVELS[rng.choice(sorted(LEVELS))]))
    return words


def queries(rng, truths):
    """40 queries in three kinds, each with the ids that answer it."""
    rows = []
    asked = [(p, a) for p in PLACES for a in ACTIVITIES]
    for place, activity in rng.sample(asked, 14):
        text = rng.choice(["best {a} near {p}", "{a} trips at {p}", "{p} {a} routes", "where to go {a} around {p}"])
        hits = [i for i, t in truths.items() if t["place"] == place and activity in t["activities"]]
        rows.append((text.format(p=place.title(), a=activity), "location", hits))
    for activity, level in rng.sample([(a, v) for a in ACTIVITIES for v in sorted(LEVELS)], 13):
        text = rng.choice(["{l} {a} ideas", "{a} for the {l}", "{l} friendly {a}"])
        hits = [i for i, t in truths.items() if t["level"] == level and activity in t["activities"]]
        rows.append((text.format(a=activity, l=level), "activity", hits))
    general = [(s, w) for s in sorted(SUBJECTS) for w in SUBJECTS[s][2:5]]
    for subject, word in rng.sample(general, 13):
        text = rng.choice(["{s} {w}", "{s} basics with {w}", "what to know about {s} and {w}"])
        hits = [i for i, t in truths.items() if t["subject"] == subject]
        rows.append((text.format(s=subject, w=word), "general", hits))
    return rows


def main():
    rng = random.Random(SEED)
    truths = {}
    with open(HERE / "corpus.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for number in range(1, PLACE_ARTICLES + SUBJECT_ARTICLES + 1):
            text, truth = article(rng, number)
            truths[text["id"]] = truth
            out.write(json.dumps(text) + "\n")
    with open(HERE / "vocabulary.json", "w", encoding="utf-8", newline="\n") as out:
        out.write(json.dumps({"places": PLACES, "activities": ACTIVITIES}, indent=1) + "\n")
    with open(HERE / "queries.csv", "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["id", "query", "kind", "expected"])
        for number, (text, kind, hits) in enumerate(queries(rng, truths), 1):
            table.writerow([f"q{number:02d}", text, kind, "|".join(hits)])


if __name__ == "__main__":
    main()
