"""The committed data is what the committed script makes."""

import csv
import json
import pathlib
import random
import unittest

from data import make

DATA = pathlib.Path(make.__file__).parent


class Data(unittest.TestCase):
    def test_script_and_files_agree(self):
        rng = random.Random(make.SEED)
        truths = {}
        lines = (DATA / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            article, truth = make.article(rng, number)
            self.assertEqual(json.loads(line), article)
            truths[article["id"]] = truth
        with open(DATA / "queries.csv", encoding="utf-8", newline="") as file:
            rows = [(r["query"], r["kind"], r["expected"].split("|")) for r in csv.DictReader(file)]
        self.assertEqual(rows, make.queries(rng, truths))

    def test_three_kinds(self):
        with open(DATA / "queries.csv", encoding="utf-8", newline="") as file:
            kinds = [r["kind"] for r in csv.DictReader(file)]
        self.assertEqual({k: kinds.count(k) for k in kinds}, {"location": 14, "activity": 13, "general": 13})


if __name__ == "__main__":
    unittest.main()
