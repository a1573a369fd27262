#!/usr/bin/env python3
"""The whole journey on this example: python3 -m story

Copies the project into a repository of its own, starts the stand-in for
Bedrock, renders the harness, lets a scripted agent try 44 ideas on the ranking
and 12 on the prompt, and ends with the reports and with what a naive
evaluation would have said. What it prints is measured as it goes.
"""

import argparse
import json
import webbrowser
from pathlib import Path

from . import attempts, naive
from .stage import Stage

RANKING = "src/service/utils.py"
PROMPT = "src/service/embedding_service.py"
SCORE = "0.8*P@12 + 0.2*MRR"


def answers(stage, name, target, goal):
    """The interview's answers: what only a person knows of this project."""
    python = stage.python
    return {
        "name": name,
        "goal": goal,
        "target": [target],
        "score": SCORE,
        "interpreter": python,
        # What the models say is recorded; a changed prompt is another request.
        "cache-http": "base-url",
        "env": ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        # Redis keeps metadata by the query alone: it begins empty each time.
        "setup": [f"{python} manage.py load_articles", f"{python} manage.py flush_metadata"],
        "scratch": ["var/"],
        "check": ["none"],
        "iterations": 60,
        "cache-call": ["none"],
    }


def round_(stage, name, target, goal, ideas):
    """One experiment, from the interview to the report: what finish said, as an object."""
    stage.say(f"\n== {name}: {goal}")
    stage.write(f"{name}.json", json.dumps(answers(stage, name, target, goal)))
    stage.tool("new", "--yes", "--answers", stage.path(f"{name}.json"))
    stage.git("add", "-A")
    stage.git("commit", "-qm", f"the {name} experiment")
    stage.tool("check", name, fine=(0, 1))
    started = stage.tool("start", name, "--split", "20", "--json", quiet=True)
    stage.say(f"{'':4}{'verdict':14}{'delta':>9}  what was tried")
    for n, (hypothesis, approach, edit) in enumerate(ideas, 1):
        file = stage.repo / target
        file.write_text(edit(file.read_text(encoding="utf-8")), encoding="utf-8")
        got = stage.tool("try", "--json", "-m", f"{approach}: {hypothesis}", quiet=True, fine=(0, 3))
        delta = "" if got["delta"] is None else f"{got['delta']:+.4f}"
        stage.say(f"{n:3} {got['verdict']:14}{delta:>9}  {approach}: {hypothesis}")
    stage.tool("finish", name, fine=(0, 2))
    return started


def main():
    p = argparse.ArgumentParser(prog="python3 -m story", description=__doc__.splitlines()[0])
    p.add_argument("--attempts", type=int, default=len(attempts.ROUND_ONE), help="of the first round")
    p.add_argument("--prompts", type=int, default=len(attempts.ROUND_TWO), help="attempts of the second round; 0 for none")
    p.add_argument("--trap", type=int, default=len(attempts.ROUND_TWO), help="prompts to measure with a Redis that is kept")
    p.add_argument("--delay", type=float, default=0.25, help="seconds that the stand-in for Bedrock takes")
    p.add_argument("--keep", metavar="DIR", type=Path, help="work in DIR, which must not exist, and leave it")
    p.add_argument("--binary", help="autoresearch-skill; built from this clone if it isn't given")
    p.add_argument("--no-open", action="store_true", help="don't open the report")
    a = p.parse_args()
    with Stage(a.keep, a.binary, a.delay) as stage:
        round_(stage, "ranking", RANKING, "more relevant articles in the top 12", attempts.ROUND_ONE[: a.attempts])
        naive.demonstrate(stage, attempts.ROUND_TWO[: a.trap])
        if a.prompts:
            round_(stage, "prompt", PROMPT, "better terms from the query", attempts.ROUND_TWO[: a.prompts])
        report = stage.repo / "autoresearch" / "ranking" / "report.html"
        stage.say(f"\nthe report: {report}")
        if not a.no_open:
            webbrowser.open(report.as_uri())


if __name__ == "__main__":
    main()
