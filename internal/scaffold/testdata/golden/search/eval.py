#!/usr/bin/env python3
"""The evaluation of the experiment search. It needs Python 3.8 and nothing else.

    eval.py          runs the cases, prints a table and SCORE
    eval.py run      answers the cases in AUTORESEARCH_CASES, without labels,
                     and writes AUTORESEARCH_OUTPUTS
    eval.py score    scores AUTORESEARCH_OUTPUTS against AUTORESEARCH_LABELS (else
                     the case file beside this script), without importing the target

Rendered from experiment.yaml by autoresearch-skill: change that file, then
autoresearch-skill render search
"""


import csv
import functools
import gc
import importlib
import importlib.util
import inspect
import json
import math
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = (HERE / "../..").resolve()
CALL = "guide.search:search"
RESULT = ["id"]  # the path to what counts in an answer
CASES = HERE / "cases.csv"
ID, STRATUM, EXPECTED = "id", "kind", "expected"
FORMULA = "0.8*P@12 + 0.2*MRR"
LARGER_IS_BETTER = True
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Fault(Exception):
    """Why there is no score; its text goes to standard error."""


# ---- run: the only part that imports the target


def arguments(case, fit):
    """What the call gets for a case; fit turns a cell into what its parameter wants."""
    inputs = case["inputs"]
    return {
        "query": fit("query", inputs["query"]),
        "limit": 50,
    }


def run():
    cases_file, outputs_file = needed("AUTORESEARCH_CASES"), needed("AUTORESEARCH_OUTPUTS")
    for variable in ("AUTORESEARCH_CASES", "AUTORESEARCH_OUTPUTS", "AUTORESEARCH_LABELS"):
        os.environ.pop(variable, None)  # none of the target's business
    cases = [json.loads(line) for line in read(cases_file).split("\n") if line.strip()]
    # What the target prints goes to standard error: it must not forge a result.
    sys.stdout.flush()
    os.dup2(2, 1)
    os.chdir(ROOT)
    sys.path[:] = [str(ROOT)] + [p for p in sys.path if pathlib.Path(p or ".").resolve() != HERE]
    stores = Stores(os.path.dirname(outputs_file))
    with tempfile.TemporaryDirectory() as fresh:
        # CPython trusts a source file's seconds and size; old bytecode would
        # hide an edit of the same length.
        sys.pycache_prefix = sys.pycache_prefix or fresh
        system = load(CALL)
        lines = [json.dumps(answer(system, case)) for case in cases]
    stores.name()
    partial = outputs_file + ".part"
    with open(partial, "w", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in lines))
    os.replace(partial, outputs_file)


class Stores:
    """Names what outlives this process and may be older than the target: caches
    whose clients are known, files that the target leaves or that are called a
    cache. What lives in memory, an lru_cache, is none of them."""

    clients = ("redis", "valkey", "pymemcache", "pylibmc", "memcache", "aiocache", "diskcache", "requests_cache", "shelve")

    def __init__(self, *ours):
        self.ours = tuple(os.path.join(os.path.abspath(folder), "") for folder in (*ours, sys.prefix, sys.base_prefix, "/dev", "/proc"))
        self.files, self.servers = set(), set()
        self.ports = {6379: "redis", 11211: "memcached"}
        for value in os.environ.values():
            scheme, _, rest = value.partition("://")
            port = rest.partition("/")[0].rpartition(":")[2]
            if scheme in ("redis", "rediss", "valkey", "memcache", "memcached") and port.isdecimal():
                self.ports[int(port)] = scheme
        sys.addaudithook(self.watch)

    def watch(self, event, details):
        try:
            if event == "open":
                written = (details[2] or 0) & (os.O_WRONLY | os.O_RDWR) and not details[2] & os.O_APPEND  # a log only grows
                self.file(details[0], written)
            elif event == "os.rename":  # how a file is written at once
                self.file(details[1], os.path.abspath(os.fsdecode(details[0])) in self.files)
            elif event == "sqlite3.connect":
                self.file(details[0], False)
            elif event == "socket.connect" and isinstance(details[1], tuple):
                self.servers.add(self.ports.get(details[1][1]))
        except (OSError, TypeError, ValueError, LookupError):
            pass  # not a file, not a server: none of its business

    def file(self, path, written):
        if not isinstance(path, (str, bytes)):
            return
        path = os.path.abspath(os.fsdecode(path))
        if not path.startswith(self.ours) and not path.endswith((".py", ".pyc")) and (written or "cache" in os.path.relpath(path, ROOT).lower()):
            self.files.add(path)

    def name(self):
        found = [name for name in self.clients if name in sys.modules]
        found += sorted(self.servers - {None, *found})
        memory = getattr(sys.modules.get("joblib"), "Memory", None)
        if memory and any(isinstance(thing, memory) for thing in gc.get_objects()):
            found.append("joblib")
        # Folders only: a file's name may be a hidden case's input.
        folders = sorted({os.path.dirname(file) for file in list(self.files) if os.path.isfile(file)})
        if folders:
            found.append("files")
            print(f"files that outlive this run: in {', '.join(folders[:5])}", file=sys.stderr)
        if found:
            print(f"caches: {', '.join(found)}: what they hold outlives this run and may be older than the target", file=sys.stderr)


def load(reference):
    """The function behind package.module:function, or path/file.py:function."""
    module, _, attributes = reference.rpartition(":")
    if module.endswith(".py"):
        path = ROOT / module
        sys.path.insert(1, str(path.parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        found = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = found
        spec.loader.exec_module(found)
    else:
        found = importlib.import_module(module)
    for name in attributes.split("."):
        if inspect.isclass(found):
            found = found()
        found = getattr(found, name)
    return found


def answer(system, case):
    """A line of the outputs: the answer with its seconds, or what was raised."""
    try:
        wanted = arguments(case, fitter(system))
        started = time.perf_counter()
        result = settled(system(**wanted))
        seconds = time.perf_counter() - started
        output = picked(result)
        json.dumps(output, allow_nan=False)
    except (Exception, SystemExit):
        return {"id": case["id"], "error": traceback.format_exc()}
    line = {"id": case["id"], "output": output, "seconds": seconds}
    if os.environ.get("AUTORESEARCH_ANSWERS"):
        line["answer"] = whole(result)
    return line


def fitter(system):
    """Cells are text, unless the parameter's annotation or default asks for something else."""
    known, unknown = inspect.signature(system).parameters, inspect.Parameter.empty
    convert = {"int": int, "float": float, "bool": lambda cell: TRUTH[cell.strip().lower()]}
    convert.update({"list": json.loads, "dict": json.loads})

    def fit(name, cell, numeric=False):
        kind = known[name].annotation if name in known else unknown
        if kind is unknown and name in known and known[name].default not in (unknown, None):
            kind = type(known[name].default)
        plain = json.loads if numeric and kind is unknown else str
        return convert.get(getattr(kind, "__name__", str(kind)), plain)(cell)

    return fit


def settled(value):
    """Wait for a coroutine, draw everything from a generator."""

    async def finished(value):
        if inspect.isawaitable(value):
            value = await value
        return [item async for item in value] if hasattr(value, "__aiter__") else value

    if inspect.isawaitable(value) or hasattr(value, "__aiter__"):
        value = event_loop().run_until_complete(finished(value))
    return list(value) if hasattr(value, "__next__") else value


@functools.lru_cache(maxsize=None)
def event_loop():
    """One loop for all cases: a client that one case opens serves the next."""
    import asyncio  # a tenth of a second that most targets don't need

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def picked(result):
    """What counts in an answer: RESULT of each item of a list, else of the answer."""
    many = hasattr(result, "__iter__") and not isinstance(result, (str, bytes, dict))
    if many and RESULT and RESULT[0] != "*":
        own = getattr(result, RESULT[0], None)  # an answer that can be iterated may have it itself
        many = own is None or callable(own)
    if RESULT and many and RESULT[0] != "*":
        return [plain(follow(item, RESULT)) for item in result]
    return plain(follow(result, RESULT))


def follow(value, steps):
    for number, step in enumerate(steps):
        if step == "*":
            return [follow(item, steps[number + 1 :]) for item in value]
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, (list, tuple)):
            value = value[int(step)]
        else:
            value = getattr(value, step)
    return value


def plain(value):
    """The value as JSON has it."""
    if hasattr(value, "tolist"):  # numpy
        value = value.tolist()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "__iter__") and not isinstance(value, (bytes, set, frozenset)):
        return [plain(item) for item in value]
    if type(value).__name__ in ("UUID", "Decimal"):
        return str(value)
    raise TypeError(f"the answer holds a {type(value).__name__}, which JSON can't say: set system.result")


def whole(value, depth=5):
    """The answer for a person who labels: an object by its fields, what JSON can't say as text."""
    if value is None or isinstance(value, (str, bool, int)) or isinstance(value, float) and math.isfinite(value):
        return value
    fields = getattr(value, "__dict__", {}) if not hasattr(value, "_asdict") else value._asdict()
    if depth and isinstance(value, dict):
        fields = value
    elif depth and hasattr(value, "__iter__") and not isinstance(value, (str, bytes)) and not fields:
        return [whole(item, depth - 1) for item in value]
    shown = {str(name): whole(item, depth - 1) for name, item in fields.items() if str(name)[:1] != "_"} if depth else {}
    return shown if shown or isinstance(value, dict) else str(value)


# ---- score: never imports the target


class Cases(list):
    """All cases: what counts as a class is the same in every part of them."""

    __hash__ = object.__hash__


class Case:
    """A case with its label and the system's answer."""

    def __init__(self, row, line, everyone):
        self.all = everyone
        self.id = row[ID]
        self.stratum = row[STRATUM] if STRATUM else ""
        self.cell = row[EXPECTED] if EXPECTED else ""
        self.expected = "" if self.cell.strip() == '[""]' else self.cell  # an empty cell has no label
        self.output = line["output"]
        self.seconds = line.get("seconds")


def labels(file):
    """The rows of the case file."""
    csv.field_size_limit(2**31 - 1)
    try:
        with open(file, encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source, restval="", strict=True))
    except (OSError, ValueError, csv.Error) as problem:
        raise Fault(f"read cases {file}: {problem}")
    for column in filter(None, (ID, STRATUM, EXPECTED)):
        if rows and column not in rows[0]:
            raise Fault(f"{file}: no column {column!r}, the columns are {', '.join(map(str, rows[0]))}")
    if not rows:
        raise Fault(f"{file}: no cases")
    if any(None in row for row in rows):
        raise Fault(f"{file}: a row has more cells than the header")
    if len({row[ID] for row in rows}) < len(rows):
        raise Fault(f"{file}: an id stands there twice")
    done = sum(bool(row[EXPECTED].strip()) for row in rows)
    if done < len(rows):
        raise Fault(f"{done} of {len(rows)} cases labelled: autoresearch-skill label search")
    return rows


def outputs(file, rows):
    """The cases with their answers. One that raised, is missing or is too many is a fault."""
    lines, wanted = {}, {row[ID]: None for row in rows}
    for number, text in enumerate(read(file).split("\n"), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text, parse_constant=refuse)
            name = line["id"]
            known, double = name in wanted, name in lines
        except (ValueError, KeyError, TypeError) as problem:
            raise Fault(f"{file}:{number}: want an object with an id: {problem!r}")
        if double or not known or not line.keys() & {"output", "error"}:
            what = "again" if double else "has neither output nor error" if known else "was not asked for"
            raise Fault(f"{file}:{number}: case {name!r} {what}")
        lines[name] = line
    missing = [name for name in wanted if name not in lines]
    if missing:
        raise Fault(f"{len(missing)} of {len(wanted)} cases have no output: {', '.join(missing[:10])}")
    raised = [name for name in wanted if "error" in lines[name]]
    if raised:
        first = lines[raised[0]]["error"]
        raise Fault(f"{len(raised)} of {len(wanted)} cases raised: {', '.join(raised)}\n{raised[0]}: {first}")
    cases = Cases()
    cases.extend(Case(row, lines[row[ID]], cases) for row in rows)
    return cases


def refuse(constant):
    raise ValueError(f"{constant} is no number")


def judged(case):
    """The grades of the answer's ids in order, and those of an ideal answer."""
    label = grades(case.cell)
    return [label.get(name, 0) for name in ranked(case.output)], sorted(label.values(), reverse=True)


def ranked(output):
    """The ids, best first: as listed, or by falling score, then id, where there are scores."""
    if not isinstance(output, list):
        raise ValueError(f"want a list of ids, got {output!r:.60}")
    scores = [item["score"] for item in output if isinstance(item, dict) and "score" in item]
    if scores and len(scores) < len(output):
        raise ValueError("want a score with every result or with none")
    names = [identifier(item["id"] if isinstance(item, dict) else item) for item in output]
    if scores:
        names = [name for _, name in sorted(zip(scores, names), reverse=True)]
    if len(set(names)) < len(names):
        raise ValueError("an id is in the list twice")
    return names


def identifier(value):
    if isinstance(value, str) and value:
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return re.sub(r"\.0+$", "", repr(value))
    raise ValueError(f"want an id (text or number), got {value!r:.60}")


@functools.lru_cache(maxsize=None)
def grades(cell):
    """A label's relevant ids: "a12:2|a7" is {"a12": 2, "a7": 1}; a JSON list or object will do."""
    if cell.strip()[:1] in ("[", "{"):
        found = json.loads(cell)
        pairs = found.items() if isinstance(found, dict) else [listed(item) for item in found]
    else:
        separator = next((s for s in "|;," if s in cell), None)
        parts = [part.strip() for part in cell.split(separator)]
        matches = [(part, re.fullmatch("(.+):([0-9])", part)) for part in parts if part]
        pairs = [(m[1], int(m[2])) if m else (part, 1) for part, m in matches]
    label = {}
    for name, grade in pairs:
        if not name or label.setdefault(name, grade) != grade:
            raise ValueError(f"id {name!r} is labelled twice, or empty")
    return {name: grade for name, grade in label.items() if grade > 0}


def listed(item):
    if isinstance(item, dict):
        return identifier(item["id"]), item.get("grade", 1)
    return identifier(item), 1


def relevant(found, level=0):
    """How many grades count; from level on, where one is given."""
    return sum(grade > 0 and grade >= level for grade in found)


def precision(case, k, level=0):
    """Relevant results among the first k, divided by k even if there are fewer."""
    return relevant(judged(case)[0][:k], level) / k


def reciprocal_rank(case, k=None, level=0):
    """1 / rank of the first relevant result, 0 without one."""
    for rank, grade in enumerate(judged(case)[0][:k], 1):
        if relevant([grade], level):
            return 1 / rank
    return 0.0


# A metric of one case, the overall value is the mean; then those that exist
# over all cases only.
PER_CASE = {
    "P@12": lambda case: precision(case, 12),
    "MRR": lambda case: reciprocal_rank(case),
}
WHOLE = {}


def measure(name, cases):
    """The metric's value over some cases."""
    if not cases:
        raise Fault(f"{name}: no case of this kind")
    try:
        if name in PER_CASE:
            value = math.fsum(PER_CASE[name](case) for case in cases) / len(cases)
        else:
            value = WHOLE[name](cases)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        raise Fault(f"{name}: {problem!r}")
    if not math.isfinite(value):
        raise Fault(f"{name} is {value}, not a number")
    return value


def formula(value):
    """The score, from value(metric) or value(metric, stratum)."""
    return 0.8 * value("P@12") + 0.2 * value("MRR")


def overall(cases):
    def value(name, stratum=None):
        return measure(name, [c for c in cases if stratum is None or c.stratum == stratum])

    try:
        result = float(formula(value))
    except (ArithmeticError, ValueError) as problem:
        raise Fault(f"{FORMULA}: {problem}")
    if not math.isfinite(result):
        raise Fault(f"{FORMULA} is {result}, not a number")
    return result


def scored(cases):
    """The protocol's result."""
    metrics = {name: measure(name, cases) for name in [*PER_CASE, *WHOLE]}
    rows = []
    for case in cases:
        own = {name: float(of(case)) for name, of in PER_CASE.items()}
        rows.append({"id": case.id, "stratum": case.stratum, "metrics": own})
    return {"version": 1, "score": overall(cases), "metrics": metrics, "cases": rows}


def score():
    cases = outputs(needed("AUTORESEARCH_OUTPUTS"), labels(os.environ.get("AUTORESEARCH_LABELS") or CASES))
    print(json.dumps(scored(cases), allow_nan=False))


# ---- alone: both, and a table for people


def alone(each=False):
    rows = labels(os.environ.get("AUTORESEARCH_LABELS") or CASES)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        asked = [{"id": row[ID], "inputs": inputs_of(row)} for row in rows]
        random.Random(0).shuffle(asked)
        (folder / "cases").write_text("".join(json.dumps(case) + "\n" for case in asked), encoding="utf-8")
        files = {"AUTORESEARCH_CASES": folder / "cases", "AUTORESEARCH_OUTPUTS": folder / "outputs"}
        child = {**os.environ, **{name: str(file) for name, file in files.items()}}
        child["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        child.pop("AUTORESEARCH_LABELS", None)
        # A process of its own: the target never shares one with the labels.
        code = subprocess.run([sys.executable, __file__, "run"], env=child).returncode
        if code:
            raise Fault(f"the run ended with exit code {code}, see above")
        if not (folder / "outputs").exists():
            raise Fault("the target ended the run before its outputs were written")
        cases = outputs(folder / "outputs", rows)
    result = scored(cases)
    if each:
        every_case(cases, result)
    else:
        table(cases)
        lowest(cases, result)
    print("SCORE: " + shown(result["score"]))


def shown(value):
    """Four decimals, or four digits of what they would show as 0."""
    return f"{value:.4f}" if value == 0 or abs(value) >= 0.001 else f"{value:.4g}"


def inputs_of(row):
    return {name: cell for name, cell in row.items() if name not in (ID, STRATUM, EXPECTED)}


def table(cases):
    names = [*PER_CASE, *WHOLE]
    strata = sorted({case.stratum for case in cases})
    groups = [(s or "(none)", [c for c in cases if c.stratum == s]) for s in strata] if len(strata) > 1 else []
    wide = max([5] + [len(title) for title, _ in groups])
    print(" " * wide + "  cases " + " ".join(f"{name:>9}" for name in names))
    for title, members in [*groups, ("all", cases)]:
        cells = []
        for name in names:
            try:
                cells.append(shown(measure(name, members)))
            except Fault:
                if title == "all":
                    raise
                cells.append("-")
        print(f"{title:{wide}} {len(members):>6} " + " ".join(f"{c:>{max(9, len(n))}}" for c, n in zip(cells, names)))


def by_case(cases, result):
    """What the cases are ordered by, and each one's value, the worst first."""
    return "worst", sorted(((overall([case]), case.id) for case in cases), reverse=not LARGER_IS_BETTER)


def lowest(cases, result):
    title, worst = by_case(cases, result)
    if worst:
        print(f"{title}: " + ", ".join(f"{case} {shown(value)}" for value, case in worst[:5]))


def every_case(cases, result):
    """Every case, by id: two runs' lists can be compared line by line."""
    for case, value in sorted((case, value) for value, case in by_case(cases, result)[1]):
        print(f"{case}\t{shown(value)}")


# ---- both


def needed(variable):
    if not os.environ.get(variable):
        raise Fault(f"{variable} is not set: eval.py without a verb needs no variable")
    return os.environ[variable]


def read(file):
    try:
        with open(file, encoding="utf-8") as source:
            return source.read()
    except (OSError, ValueError) as problem:
        raise Fault(f"read {file}: {problem}")


def main(verbs):
    actions = {(): alone, ("cases",): lambda: alone(each=True), ("run",): run, ("score",): score}
    if tuple(verbs) not in actions:
        print("usage: eval.py [cases | run | score]", file=sys.stderr)
        return 2
    try:
        actions[tuple(verbs)]()
    except Fault as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
