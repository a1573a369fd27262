"""What an evaluation says that leaves Redis as it is: the account's trap, both ways."""

import subprocess

# As quick as the account's: embeddings don't depend on the prompt, and
# the models are asked for several queries at once.
PROGRAM = """
import csv, os
from concurrent.futures import ThreadPoolExecutor
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "src.settings")
import django; django.setup()
from src.service import embedding_service, search
rows = list(csv.DictReader(open("data/queries.csv", encoding="utf-8")))
queries = [row["query"] for row in rows]
with ThreadPoolExecutor(10) as pool:
    vectors = dict(zip(queries, pool.map(embedding_service.embed_query, queries)))
    list(pool.map(embedding_service.extract_metadata, queries))
search.embed_query = vectors.get
score = []
for row in rows:
    relevant = set(row["expected"].split("|"))
    hits = [r["id"] in relevant for r in search.search(row["query"])]
    mrr = next((1 / n for n, hit in enumerate(hits, 1) if hit), 0.0)
    score.append(0.8 * sum(hits[:12]) / 12 + 0.2 * mrr)
print(sum(score) / len(score))
"""


def score(stage, redis):
    """The mean over all queries, with what Redis holds at a URL."""
    env = {**stage.env, "REDIS_URL": redis}
    done = subprocess.run([stage.python, "-c", PROGRAM], cwd=stage.repo, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the naive evaluation ended with {done.returncode}:\n{done.stderr}")
    return float(done.stdout)


def demonstrate(stage, target, ideas, judged=None):
    """Each prompt with an empty Redis, and with one that keeps running, the
    best of them first, as an agent that began well would have it. judged has
    what the referee said of each, by its message; None where it was not asked."""
    file = stage.repo / target
    before = file.read_text(encoding="utf-8")
    base = score(stage, "memory:")
    stage.say(f"\n== the trap: Redis keeps metadata by the query alone (prompt as it is: {base:.4f})")
    try:
        true = {}
        for hypothesis, approach, edit in ideas:
            file.write_text(edit(before), encoding="utf-8")
            true[f"{approach}: {hypothesis}"] = score(stage, "memory:") - base, edit
        stage.say(f"{'kept Redis':>11}{'empty Redis':>13}{'the referee':>13}  prompt")
        false = 0
        for message, (gain, edit) in sorted(true.items(), key=lambda t: -t[1][0]):
            file.write_text(edit(before), encoding="utf-8")
            kept = score(stage, stage.path("redis")) - base
            wrong = kept > 1e-9 >= gain
            false += wrong
            said = "" if judged is None else f"{judged[message]:+.4f}"
            stage.say(f"{kept:+11.4f}{gain:+13.4f}{said:>13}  {message}{'   <- not real' if wrong else ''}")
    finally:
        file.write_text(before, encoding="utf-8")
    stage.say(f"{false} of {len(ideas)} would have passed for improvements and are none.")
