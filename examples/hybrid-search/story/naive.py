"""What an evaluation says that leaves Redis as it is: the seed's trap, both ways."""

import json
import subprocess

PROGRAM = """
import csv, json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "src.settings")
import django; django.setup()
from src.service.search import search
score = []
for row in csv.DictReader(open("data/queries.csv", encoding="utf-8")):
    relevant = set(row["expected"].split("|"))
    hits = [r["id"] in relevant for r in search(row["query"])]
    mrr = next((1 / n for n, hit in enumerate(hits, 1) if hit), 0.0)
    score.append(0.8 * sum(hits[:12]) / 12 + 0.2 * mrr)
print(sum(score) / len(score))
"""


def score(stage, redis):
    """The mean over all queries, with what Redis holds at a URL."""
    env = {**stage.env, "REDIS_URL": redis}
    done = subprocess.run([stage.python, "-c", PROGRAM], cwd=stage.repo, env=env, capture_output=True, text=True, check=True)
    return float(done.stdout)


def demonstrate(stage, ideas):
    """Each prompt, with a Redis that keeps running and with an empty one."""
    target = stage.repo / "src" / "service" / "embedding_service.py"
    before = target.read_text(encoding="utf-8")
    base = score(stage, "memory:")
    stage.say(f"\n== the trap: Redis keeps metadata by the query alone (prompt as it is: {base:.4f})")
    stage.say(f"{'kept Redis':>11}{'empty Redis':>13}  prompt")
    false = 0
    try:
        for hypothesis, approach, edit in ideas:
            target.write_text(edit(before), encoding="utf-8")
            kept, true = score(stage, stage.path("redis")) - base, score(stage, "memory:") - base
            wrong = kept > 1e-9 >= true
            false += wrong
            stage.say(f"{kept:+11.4f}{true:+13.4f}  {approach}: {hypothesis}{'   <- not real' if wrong else ''}")
    finally:
        target.write_text(before, encoding="utf-8")
    stage.say(f"{false} of {len(ideas)} would have passed for improvements and are none.")
