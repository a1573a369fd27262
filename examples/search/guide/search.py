"""The entry: a query in, articles out."""

from guide import index, ranking
from guide.query import understand


def search(query, limit=50):
    """The best articles for a query: [{"id", "title", "score"}], best first."""
    wanted = understand(query)
    candidates = index.nearest(wanted["words"], ranking.POOL)
    ranked = ranking.rerank(wanted, candidates)
    return [{"id": r["id"], "title": r["title"], "score": round(r["score"], 6)} for r in ranked[:limit]]
