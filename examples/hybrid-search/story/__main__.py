#!/usr/bin/env python3
"""The whole journey on this example: python3 -m story

Copies the project into a repository of its own, starts the stand-in for
Bedrock, and lets a scripted agent try 44 ideas on the ranking, then 12 on the
prompt alone, then the same with the ranking's weights beside them. Each round
ends with its report; what a naive evaluation would have said stands between
them. What it prints is measured as it goes.
"""

import argparse
import sys
import time
from pathlib import Path

from . import naive, rounds
from .attempts import PROMPT, RANKING, ROUND_ONE, ROUND_TWO, attempts, together
from .page import show
from .stage import Stage


def main():
    p = argparse.ArgumentParser(prog="python3 -m story", description=__doc__.splitlines()[0])
    p.add_argument("--attempts", type=int, default=len(ROUND_ONE), metavar="N", help="of the first round; 0 for its harness and the baseline alone")
    p.add_argument("--prompts", type=int, default=len(ROUND_TWO), metavar="N", help="of the second round; 0 for none")
    p.add_argument("--trap", type=int, default=len(ROUND_TWO), metavar="N", help="prompts to measure with a Redis that is kept")
    p.add_argument("--evaluations", type=int, default=12, metavar="N", help="to measure the coupling with")
    p.add_argument("--delay", type=float, default=0.08, metavar="SECONDS", help="that the stand-in for Bedrock takes")
    p.add_argument("--keep", metavar="DIR", type=Path, help="work in DIR, which must not exist, and leave it")
    p.add_argument("--binary", help="autoresearch-skill; built from this clone if it isn't given")
    p.add_argument("--no-open", action="store_true", help="don't open the report")
    a = p.parse_args()
    begun = time.monotonic()
    with Stage(a.keep, a.binary, a.delay) as stage:
        report = play(stage, a)
        stage.say(f"\n{time.monotonic() - begun:.0f} seconds")
        if report:
            show(stage, report, a.no_open)


def play(stage, a):
    """The rounds, as the flags say; the first one's report, if it was played."""
    rounds.rendered(stage, "ranking", RANKING, "more relevant articles in the top 12")
    if not a.attempts:
        return None
    rounds.first(stage, "ranking", attempts(RANKING, ROUND_ONE[: a.attempts]))
    stage.git("merge", "-q", "autoresearch/ranking")
    judged = None
    if a.prompts:
        ideas = ROUND_TWO[: a.prompts]
        alone = rounds.sequel(
            stage, "prompt", "ranking", attempts(PROMPT, ideas), "--together=false", "--max-evals", str(a.evaluations)
        )
        both = rounds.sequel(stage, "both", "ranking", together(ideas), "--together", "--no-coupling")
        rounds.compare(stage, alone, both)
        judged = alone["deltas"]
    if a.trap:
        naive.demonstrate(stage, PROMPT, ROUND_TWO[: a.trap], judged if a.trap <= a.prompts else None)
    return stage.repo / "autoresearch" / "ranking" / "report.html"


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
