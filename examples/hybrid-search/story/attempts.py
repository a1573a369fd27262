"""What the scripted agent tries, in order: round one on the ranking, round two on the prompt.

An idea is (hypothesis, approach, edit); an edit takes the file's text and
returns another. Edits find what they change by name, so each of them works
on whatever was kept before it. An attempt has, in the edit's place, edits by
file.
"""

import re

RANKING = "src/service/utils.py"
PROMPT = "src/service/embedding_service.py"


def const(name, value):
    """Sets a top-level constant, keeping its comment."""
    return lambda text: _once(rf"(?m)^{name} = \S+", f"{name} = {value}", text)


def scale(row, factor, column="[a-z]+"):
    """Multiplies the weights of one query type (or of all: row "[a-z]+")."""

    def edit(text):
        def line(m):
            numbers = re.sub(
                rf'("{column}": )([0-9.]+)(?=[,}}])', lambda n: n.group(1) + f"{float(n.group(2)) * factor:.6g}", m.group(2)
            )
            return m.group(1) + numbers

        found = re.sub(rf'(?m)^(    "{row}": )(\{{.*)$', line, text)
        return _changed(found, text, f"weights of {row}")

    return edit


def function(name, source):
    """Replaces a top-level function."""
    return lambda text: _once(rf"(?ms)^def {name}\(.*?(?=^\S|\Z)", source.strip("\n") + "\n\n\n", text)


def line(old, new):
    """Replaces a piece of text that is there exactly once."""
    return lambda text: _once(re.escape(old), new, text)


def both(*edits):
    def edit(text):
        for e in edits:
            text = e(text)
        return text

    return edit


def _once(pattern, new, text):
    found, n = re.subn(pattern, lambda _: new, text)
    if n != 1:
        raise SystemExit(f"an edit's place {pattern!r} is there {n} times, wanted once")
    return found


def _changed(found, text, what):
    if found == text:
        raise SystemExit(f"an edit changed nothing: {what}")
    return found


BODY = "def body_score(count):\n    return {} if count else 0.0\n"
COMBINE = "def combine(similarity, boost):\n    return {}\n"
DENSITY = "        total += body_score(occurrences(term, article[\"body\"]))\n"
TOTAL = "    return total / len(terms)"

ROUND_ONE = [
    ("twice the weights", "base weights", scale("[a-z]+", 2)),
    ("location queries: 5 times the weights", "base weights", scale("location", 5)),
    ("activity queries: 3 times the weights", "base weights", scale("activity", 3)),
    ("general queries: twice the weights", "base weights", scale("general", 2)),
    ("a pool of 150", "candidate pool", const("POOL_SIZE", 150)),
    ("a pool of 200", "candidate pool", const("POOL_SIZE", 200)),
    ("a pool of 60", "candidate pool", const("POOL_SIZE", 60)),
    ("z-scores clipped at 1.5", "z-clip", const("Z_CLIP", 1.5)),
    ("z-scores clipped at 4", "z-clip", const("Z_CLIP", 4.0)),
    ("no clipping to speak of", "z-clip", const("Z_CLIP", 10.0)),
    ("exp(0.3 boost) instead of 1 + boost", "exponential formula", function("combine", COMBINE.format("similarity * np.exp(boost * 0.3)"))),
    ("exp(boost) instead of 1 + boost", "exponential formula", function("combine", COMBINE.format("similarity * np.exp(boost)"))),
    ("general queries: 5 times the weights", "general weights", scale("general", 5)),
    ("general terms count 3 times everywhere", "general weights", scale("[a-z]+", 3, "general")),
    ("titles: half a match", "title matching", const("TITLE_WEIGHT", 0.5)),
    ("titles: a match", "title matching", const("TITLE_WEIGHT", 1.0)),
    ("titles: two matches", "title matching", const("TITLE_WEIGHT", 2.0)),
    ("no adaptive weighting", "adaptive weighting", const("SHRINKAGE", 0.0)),
    ("adaptive weighting in full", "adaptive weighting", const("SHRINKAGE", 1.0)),
    ("half the adaptive weighting", "adaptive weighting", const("SHRINKAGE", 0.25)),
    ("counts by the body's length", "keyword density", line(DENSITY, '        total += 100 * occurrences(term, article["body"]) / max(1, len(article["body"].split()))\n')),
    ("counts by the root of the body's length", "keyword density", line(DENSITY, '        total += 10 * occurrences(term, article["body"]) / max(1, len(article["body"].split())) ** 0.5\n')),
    ("damping 0.3", "body damping", function("body_score", BODY.format("1 + math.log1p(count) * 0.3"))),
    ("damping 0.8", "body damping", function("body_score", BODY.format("1 + math.log1p(count) * 0.8"))),
    ("at most three occurrences", "body damping", function("body_score", BODY.format("min(count, 3)"))),
    ("an occurrence or none", "body damping", function("body_score", BODY.format("1.0"))),
    ("tags don't count", "tag weight", const("TAG_WEIGHT", 0.0)),
    ("tags count twice", "tag weight", const("TAG_WEIGHT", 2.0)),
    ("tags count 4 times", "tag weight", const("TAG_WEIGHT", 4.0)),
    ("location queries: places count twice", "weights by term", scale("location", 2, "location")),
    ("location queries: activities count half", "weights by term", scale("location", 0.5, "activity")),
    ("activity queries: general terms count twice", "weights by term", scale("activity", 2, "general")),
    ("activity queries: activities count half", "weights by term", scale("activity", 0.5, "activity")),
    ("boost added to the similarity", "combination", function("combine", COMBINE.format("similarity + boost"))),
    ("similarity squared", "combination", function("combine", COMBINE.format("similarity ** 2 * (1 + boost)"))),
    ("similarity as a z-score", "combination", function("combine", COMBINE.format("zscores(similarity) + 4 * boost"))),
    ("ranks, not scores", "combination", function("combine", COMBINE.format("1 / (10 + (-similarity).argsort().argsort()) + 1 / (10 + (-boost).argsort().argsort())"))),
    ("the best term, not the mean", "terms together", both(line(TOTAL, "    return best"), line("    total = 0.0\n    for term in terms:\n", "    best = 0.0\n    for term in terms:\n        total = 0.0\n"), line("(occurrences(term, article[\"title\"]) > 0)\n", "(occurrences(term, article[\"title\"]) > 0)\n        best = max(best, total)\n"))),
    ("the sum of the terms, not the mean", "terms together", line(TOTAL, "    return total")),
    ("the mean by the root of their number", "terms together", line(TOTAL, "    return total / len(terms) ** 0.5")),
    ("the body's beginning counts twice", "position", line(DENSITY, DENSITY + '        total += occurrences(term, article["body"][:200]) > 0\n')),
    ("all weights half as much again", "base weights", scale("[a-z]+", 1.5)),
    ("all weights twice", "base weights", scale("[a-z]+", 2)),
    ("all weights down by a third", "base weights", scale("[a-z]+", 0.67)),
]

PLACES = "- location: the places that the query names."
ACTIVITY = "- activity: what the reader wants to do, with a synonym or two."
GENERAL = "- general: every other word that carries meaning."
CAP = "Give at most 4 terms for each."

ROUND_TWO = [
    ("places with their region", "places", line(PLACES, PLACES[:-1] + ", and their region.")),
    ("places with what is nearby", "places", line(PLACES, PLACES[:-1] + ", and places nearby.")),
    ("no synonyms", "synonyms", line(ACTIVITY, "- activity: what the reader wants to do.")),
    ("leave out generic words", "generic words", line(GENERAL, GENERAL[:-1] + "; leave out generic words.")),
    ("related topics too", "related topics", line(GENERAL, GENERAL[:-1] + ", and related topics.")),
    ("single words only", "single words", line(CAP, CAP + " Use single words.")),
    ("at most 2 terms", "how many", line(CAP, CAP.replace("4", "2"))),
    ("at most 8 terms", "how many", line(CAP, CAP.replace("4", "8"))),
    ("regions, and no generic words", "places", both(line(PLACES, PLACES[:-1] + ", and their region."), line(GENERAL, GENERAL[:-1] + "; leave out generic words."))),
    ("no synonyms, related topics", "synonyms", both(line(ACTIVITY, "- activity: what the reader wants to do."), line(GENERAL, GENERAL[:-1] + ", and related topics."))),
    ("what is nearby, at most 8 terms", "places", both(line(PLACES, PLACES[:-1] + ", and places nearby."), line(CAP, CAP.replace("4", "8")))),
    ("single words, no generic ones", "single words", both(line(CAP, CAP + " Use single words."), line(GENERAL, GENERAL[:-1] + "; leave out generic words."))),
]


def attempts(target, ideas):
    """Ideas on one file, as attempts."""
    return [(hypothesis, approach, {target: edit}) for hypothesis, approach, edit in ideas]


def together(ideas):
    """Attempts with both files open: each prompt alone, with all keyword
    weights up by half, and with all of them down by a third."""
    for hypothesis, approach, edit in ideas:
        yield hypothesis, approach, {PROMPT: edit}
        yield f"{hypothesis}; weights up by half", approach, {PROMPT: edit, RANKING: scale("[a-z]+", 1.5)}
        yield f"{hypothesis}; weights down by a third", approach, {PROMPT: edit, RANKING: scale("[a-z]+", 0.67)}
