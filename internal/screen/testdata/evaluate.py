"""Evaluates versions of ranker.py on a collection, one for each path on
standard input: a line of JSON with each query's 0.8·P@12 + 0.2·RR, or an error.
"""
import csv
import gzip
import json
import re
import sys


class Index:
    def __init__(self, texts):
        self.postings, self.length, self.size = {}, {}, len(texts)
        for doc, words in texts.items():
            self.length[doc] = len(words)
            for w in words:
                postings = self.postings.setdefault(w, {})
                postings[doc] = postings.get(doc, 0) + 1
        self.mean = sum(self.length.values()) / len(texts)


class Collection:
    def __init__(self, folder):
        self.words, self.titles, self.sets, self.years = {}, {}, {}, {}
        with gzip.open(folder + "/docs.jsonl.gz", "rt", encoding="utf-8") as f:
            for line in f:
                doc = json.loads(line)
                self.words[doc["id"]] = words(doc["text"])
                self.titles[doc["id"]] = words(doc["title"])
                text = self.words[doc["id"]]
                self.sets[doc["id"]] = set(text), set(self.titles[doc["id"]]), set(zip(text, text[1:]))
        self.title, self.body = Index(self.titles), Index(self.words)
        common = {w for w, p in self.body.postings.items() if len(p) > 0.4 * len(self.words)}
        self.known = set(self.body.postings) - common


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def labelled(folder, every):
    relevant = {}
    with open(folder + "/qrels.txt", encoding="utf-8") as f:
        for line in f:
            query, _, doc, grade = line.split()
            if int(grade) > 0:
                relevant.setdefault(query, set()).add(doc)
    with open(folder + "/queries.csv", encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            if int(row["qid"]) % every == 0:
                yield row["qid"], words(row["query"]), relevant.get(row["qid"], set())


def main():
    folder = sys.argv[1]
    collection, queries = Collection(folder), list(labelled(folder, 5))
    for path in sys.stdin:
        cases = {}
        try:
            space = {"__name__": "ranker"}
            with open(path.strip(), encoding="utf-8") as f:
                exec(compile(f.read(), "ranker.py", "exec"), space)
            for qid, query, relevant in queries:
                found = [doc in relevant for doc in space["search"](collection, query)]
                rank = found.index(True) + 1 if True in found else 0
                cases["q" + qid] = 0.8 * sum(found) / 12 + (0.2 / rank if rank else 0)
            print(json.dumps({"cases": cases}), flush=True)
        except Exception as e:
            print(json.dumps({"error": f"{type(e).__name__}: {e}"}), flush=True)


main()
