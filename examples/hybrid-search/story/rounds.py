"""The rounds of the story: the first by `new`, what follows a round by `next`."""

import csv
import io
import json

from .attempts import PROMPT, RANKING

# The hidden cases are drawn by this seed, so that each run gives the same verdicts.
SPLIT = "20"


def rendered(stage, name, target, goal):
    """A harness from nothing, by the interview; ends with the baseline."""
    stage.say(f"\n== {name}: {goal}")
    stage.write("answers.json", json.dumps(answers(stage, name, target, goal)))
    stage.tool("new", "--yes", "--answers", stage.path("answers.json"))
    commit(stage, name)


def first(stage, name, attempts):
    """The round of a harness from nothing: the check, the attempts."""
    stage.tool("check", name, fine=(0, 1))
    return played(stage, name, attempts)


def sequel(stage, name, last, attempts, *flags):
    """A round from a finished one, on the prompt; both begin where that one ended."""
    stage.say(f"\n== {name}, after {last}")
    stage.tool("next", last, "--yes", "--name", name, "--target", PROMPT, *flags)
    commit(stage, name)
    return played(stage, name, attempts)


def answers(stage, name, target, goal):
    """The interview's answers: what only a person knows of this project."""
    return {
        "name": name,
        "goal": goal,
        "target": [target],
        "score": "0.8*P@12 + 0.2*MRR",
        "interpreter": stage.python,
        # What the models say is recorded; a changed prompt is another request.
        "cache-http": "base-url",
        "env": ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        # Redis keeps metadata by the query alone: it begins empty each time.
        "setup": [f"{stage.python} manage.py load_articles --empty-redis"],
        "scratch": ["var/"],
        "check": ["none"],
        "iterations": 60,
        "cache-call": ["none"],
    }


def commit(stage, name):
    stage.git("add", "-A")
    stage.git("commit", "-qm", f"the {name} experiment")


def played(stage, name, attempts):
    """Every attempt through the referee, to the report: what the round came to."""
    stage.tool("start", name, "--split", SPLIT, quiet=True)
    stage.say(f"{'':4}{'verdict':14}{'delta':>9}  what was tried")
    for n, (hypothesis, approach, edits) in enumerate(attempts, 1):
        for path, edit in edits.items():
            file = stage.repo / path
            file.write_text(edit(file.read_text(encoding="utf-8")), encoding="utf-8")
        got = json.loads(stage.tool("try", "--json", "-m", f"{approach}: {hypothesis}", quiet=True, fine=(0, 3)))
        delta = "" if got["delta"] is None else f"{got['delta']:+.4f}"
        stage.say(f"{n:3} {got['verdict']:14}{delta:>9}  {approach}: {hypothesis}")
    stage.tool("finish", name, fine=(0, 2))
    stage.git("switch", "-q", "main")
    return outcome(stage, name)


def outcome(stage, name):
    """What the round came to, over all cases: the score before and after, the
    honest gain, and each attempt's change by its message."""
    report = json.loads(stage.tool("report", name, "--json", quiet=True))
    rows = list(csv.DictReader(io.StringIO(stage.tool("export", name, "--format", "csv", quiet=True))))
    return {
        "name": name,
        "tries": report["iterations"],
        "kept": report["kept"],
        "before": report["baseline"],
        "after": report["best"],
        "honest": report["ceiling"]["honest_gain"],
        "deltas": {r["description"]: float(r["delta"]) for r in rows if r["delta"]},
    }


def compare(stage, alone, both):
    """The prompt alone beside prompt and ranking together, from the same beginning."""
    stage.say(f"\n== tuned in turn, or together: {PROMPT} after {RANKING}, or both at once; all cases")
    stage.say(f"{'':12}{'tries':>6}{'kept':>6}{'before':>9}{'after':>9}{'honest gain':>13}  the best single attempt")
    for r in (alone, both):
        best = max(r["deltas"], key=lambda k: r["deltas"][k])
        stage.say(
            f"{r['name']:12}{r['tries']:6}{r['kept']:6}{r['before']:9.4f}{r['after']:9.4f}{r['honest']:+13.4f}"
            f"  {r['deltas'][best]:+.4f} {best}"
        )
