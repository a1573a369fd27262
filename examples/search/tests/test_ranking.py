"""Properties that any ranking must have: python3 -m unittest discover -t . -s tests"""

import math
import unittest

from guide import index, ranking
from guide.query import understand
from guide.search import search


class Ranking(unittest.TestCase):
    def test_standard_scores(self):
        scores = ranking.standardise([1.0, 2.0, 3.0])
        self.assertAlmostEqual(sum(scores), 0.0)
        self.assertEqual(ranking.standardise([4.0, 4.0]), [0.0, 0.0])
        self.assertTrue(all(math.isfinite(s) for s in scores))

    def test_every_candidate_stays(self):
        wanted = understand("best hiking near Eagle Lake")
        candidates = index.nearest(wanted["words"], 30)
        ranked = ranking.rerank(wanted, candidates)
        self.assertEqual({c["id"] for c in candidates}, {r["id"] for r in ranked})


class Search(unittest.TestCase):
    def test_limit_and_order(self):
        found = search("avalanche safety beacon", limit=10)
        self.assertEqual(len(found), 10)
        scores = [f["score"] for f in found]
        self.assertEqual(scores, sorted(scores, reverse=True))

    def test_same_answer_twice(self):
        self.assertEqual(search("easy paddling"), search("easy paddling"))


if __name__ == "__main__":
    unittest.main()
