package scaffold

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
)

// taped is an experiment whose cassette lies in a folder of its own.
type taped struct {
	dir, tape string
	e         *experiment.Experiment
}

func tape(t *testing.T, calls []string, files map[string]string) taped {
	t.Helper()
	e, base := small("", twoCases, "MRR")
	e.Cache.Calls = calls
	for name, text := range files {
		base[name] = text
	}
	return taped{build(t, e, base), filepath.Join(t.TempDir(), "cassettes"), e}
}

// run answers both cases once and gives the answers and the standard error.
func (x taped) run(t *testing.T, env ...string) (answers, log string) {
	t.Helper()
	work := t.TempDir()
	in, out := filepath.Join(work, "in"), filepath.Join(work, "out")
	put(t, in, `{"id": "q1", "inputs": {"query": "one"}}`+"\n"+`{"id": "q2", "inputs": {"query": "two"}}`+"\n")
	env = append([]string{"AUTORESEARCH_CASES=" + in, "AUTORESEARCH_OUTPUTS=" + out, "AUTORESEARCH_CASSETTE=" + x.tape}, env...)
	got := evaluate(t, x.dir, x.e, "run", env...)
	data, err := os.ReadFile(out)
	if err != nil {
		return "", got.stderr
	}
	var all []string
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var o struct {
			Output json.RawMessage
			Error  string
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		if o.Error != "" {
			lines := strings.Split(strings.TrimSpace(o.Error), "\n")
			all = append(all, lines[len(lines)-1])
			continue
		}
		all = append(all, string(o.Output))
	}
	return strings.Join(all, " "), got.stderr
}

// want runs and compares answers and the line that counts the calls.
func (x taped) want(t *testing.T, what, answers, calls string, env ...string) {
	t.Helper()
	got, log := x.run(t, env...)
	if got != answers || !strings.Contains(log, "calls: "+calls+"\n") {
		t.Errorf("%s: answers %s, want %s; want \"calls: %s\" in\n%s", what, got, answers, calls, log)
	}
}

// counter is a frozen call whose answer tells how often it was really made.
const counter = `import os

def count():
    with open(os.environ["COUNT"], "a+") as f:
        f.write("x")
        f.seek(0)
        return len(f.read())
`

func counting(t *testing.T) string { return "COUNT=" + filepath.Join(t.TempDir(), "count") }

func TestFrozenCallsAreMadeOnce(t *testing.T) {
	x := tape(t, []string{"lib.embed:embed"}, map[string]string{
		"main.py":      "from lib import embed as module\nfrom lib.embed import embed\n\ndef answer(query):\n    return [embed(query), module.embed(text=query)]\n",
		"lib/embed.py": "from lib.count import count\n\ndef embed(text, size=2):\n    return f'{text}{count()}'\n",
		"lib/count.py": counter,
	})
	n := counting(t)
	x.want(t, "first", `["one1", "one1"] ["two2", "two2"]`, "2 replayed, 2 made", n)
	x.want(t, "second", `["one1", "one1"] ["two2", "two2"]`, "4 replayed, 0 made", n)
	x.want(t, "replay off", `["one3", "one4"] ["two5", "two6"]`, "0 replayed, 4 made, 4 answered otherwise than their record", n, "AUTORESEARCH_REPLAY=off")
	x.want(t, "a slot of its own", `["one7", "one8"] ["two9", "two10"]`, "0 replayed, 4 made", n, "AUTORESEARCH_SLOT=run-1")
	x.want(t, "that slot again", `["one7", "one8"] ["two9", "two10"]`, "4 replayed, 0 made", n, "AUTORESEARCH_SLOT=run-1")
	checkModes(t, x.tape)

	// Alone, the records lie in the user's cache folder.
	put(t, filepath.Join(x.dir, "main.py"), "from lib.embed import embed\n\ndef answer(query):\n    return [embed(query)]\n")
	home := t.TempDir()
	for _, calls := range []string{"0 replayed, 2 made", "2 replayed, 0 made"} {
		got := evaluate(t, x.dir, x.e, "", n, "XDG_CACHE_HOME="+home)
		if got.exit != 0 || !strings.Contains(got.stderr, "calls: "+calls) {
			t.Errorf("alone: exit %d, want %q in %s", got.exit, calls, got.stderr)
		}
	}
	checkModes(t, filepath.Join(home, ".autoresearch-cassette"))
}

// checkModes looks at every file below a folder: its user's only.
func checkModes(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", p, info.Mode())
		}
		if !d.IsDir() {
			files++
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d records in %s: %v", files, dir, err)
	}
}

// What a call depends on changes: it must be made anew, in each of the ways
// in which a prompt can reach it.
func TestFrozenCallsFollowWhatTheyDependOn(t *testing.T) {
	asks := func(prompt string) map[string]string {
		return map[string]string{"main.py": "from llm import ask\n\ndef answer(query):\n    return ask(query)\n",
			"llm.py": "from count import count\n" + prompt, "count.py": counter}
	}
	with := func(files map[string]string, more ...string) map[string]string {
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	for _, c := range []struct {
		name       string
		files      map[string]string
		edit       string // the file that is edited: "old" becomes "new" in it
		changes    bool
		env, other string
	}{
		{name: "in the module itself", edit: "llm.py", changes: true,
			files: asks("PROMPT = 'old'\n\ndef ask(q):\n    return PROMPT + q + str(count())\n")},
		{name: "in a module that it imports", edit: "prompts.py", changes: true,
			files: with(asks("import prompts\n\ndef ask(q):\n    return prompts.PROMPT + q + str(count())\n"), "prompts.py", "PROMPT = 'old'\n")},
		{name: "two imports away, relative, in a package", edit: "texts/parts/one.py", changes: true,
			files: with(asks("from texts import PROMPT\n\ndef ask(q):\n    return PROMPT + q + str(count())\n"),
				"texts/__init__.py", "from .parts import *\n", "texts/parts/__init__.py", "from .one import PROMPT\n", "texts/parts/one.py", "PROMPT = 'old'\n")},
		{name: "imported late, inside the function", edit: "prompts.py", changes: true,
			files: with(asks("def ask(q):\n    from prompts import PROMPT\n    return PROMPT + q + str(count())\n"), "prompts.py", "PROMPT = 'old'\n")},
		{name: "imported by a computed name", edit: "prompt_one.py", changes: true,
			files: with(asks("import importlib\n\ndef ask(q):\n    return importlib.import_module('prompt_' + 'one').PROMPT + q + str(count())\n"), "prompt_one.py", "PROMPT = 'old'\n")},
		{name: "in a file read when the module is imported", edit: "prompts/ask.txt", changes: true,
			files: with(asks("PROMPT = open('prompts/ask.txt').read()\n\ndef ask(q):\n    return PROMPT + q + str(count())\n"), "prompts/ask.txt", "old")},
		{name: "in a file read in the call", edit: "prompts/ask.txt", changes: true,
			files: with(asks("import pathlib\n\ndef ask(q):\n    return pathlib.Path('prompts/ask.txt').read_text() + q + str(count())\n"), "prompts/ask.txt", "old")},
		{name: "handed over as an argument", edit: "main.py", changes: true,
			files: with(asks("def ask(q, prompt):\n    return prompt + q + str(count())\n"),
				"main.py", "from llm import ask\n\ndef answer(query):\n    return ask(query, 'old')\n")},
		{name: "set from outside as the module's constant", edit: "main.py", changes: true,
			files: with(asks("PROMPT = ''\n\ndef ask(q):\n    return PROMPT + q + str(count())\n"),
				"main.py", "import llm\n\nllm.PROMPT = 'old'\n\ndef answer(query):\n    return llm.ask(query)\n")},
		{name: "in a method of an argument's class", edit: "main.py", changes: true,
			files: with(asks("def ask(q):\n    return q.text() + str(count())\n"),
				"main.py", "from llm import ask\n\nclass Query:\n    def __init__(self, q):\n        self.q = q\n    def text(self):\n        return 'old' + self.q\n\ndef answer(query):\n    return ask(Query(query))\n")},
		{name: "in a default argument", edit: "llm.py", changes: true,
			files: asks("def ask(q, prompt='old'):\n    return prompt + q + str(count())\n")},
		{name: "in a variable that the contract names", changes: true, env: "MODEL=old", other: "MODEL=new",
			files: asks("import os\n\ndef ask(q):\n    return os.environ['MODEL'] + q + str(count())\n")},
		{name: "only in the target, after the call", edit: "main.py",
			files: with(asks("def ask(q):\n    return q + str(count())\n"), "main.py", "from llm import ask\n\ndef answer(query):\n    return 'old' + ask(query)\n")},
		{name: "only in a file that the target reads", edit: "prompt.txt",
			files: with(asks("def ask(q):\n    return q + str(count())\n"), "prompt.txt", "old",
				"main.py", "from llm import ask\nPROMPT = open('prompt.txt').read()\n\ndef answer(query):\n    return PROMPT + ask(query)\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, base := small("", twoCases, "MRR")
			e.Cache.Calls, e.Env = []string{"llm:ask"}, []string{"MODEL"}
			for name, text := range c.files {
				base[name] = text
			}
			x := taped{build(t, e, base), t.TempDir(), e}
			n := counting(t)
			x.want(t, "first", `"oldone1" "oldtwo2"`, "0 replayed, 2 made", n, c.env)
			before := c.env
			if c.edit != "" {
				file := filepath.Join(x.dir, c.edit)
				put(t, file, strings.Replace(string(read(t, file)), "old", "new", 1))
			} else {
				c.env = c.other
			}
			if !c.changes {
				x.want(t, "edited", `"newone1" "newtwo2"`, "2 replayed, 0 made", n, c.env)
				return
			}
			x.want(t, "edited", `"newone3" "newtwo4"`, "0 replayed, 2 made", n, c.env)
			// Put back, the old answers count again: incumbent and trial alternate.
			if c.edit != "" {
				file := filepath.Join(x.dir, c.edit)
				put(t, file, strings.Replace(string(read(t, file)), "new", "old", 1))
			}
			x.want(t, "put back", `"oldone1" "oldtwo2"`, "2 replayed, 0 made", n, before)
		})
	}
}

// A cache of the program's own, keyed by the query alone, stands between the
// prompt and the answer. Where the call is frozen outside of that cache it is
// made anew and the cache still answers: nothing can be done about it, but it
// is named.
func TestStaleCacheIsNamed(t *testing.T) {
	redis := "import json, os\nclass Redis:\n    def __init__(self):\n        self.file = os.environ['STORE']\n" +
		"    def all(self):\n        return json.load(open(self.file)) if os.path.exists(self.file) else {}\n" +
		"    def get(self, key):\n        return self.all().get(key)\n" +
		"    def set(self, key, value):\n        json.dump({**self.all(), key: value}, open(self.file, 'w'))\n"
	cached := "import redis\nSTORE = redis.Redis()\n\ndef ask(q, prompt='old'):\n    if STORE.get(q) is None:\n        STORE.set(q, prompt + q)\n    return STORE.get(q)\n"
	for _, c := range []struct {
		name, edit    string
		files         map[string]string
		calls         []string
		stale, warned bool
	}{
		{"behind the frozen call", "llm.py", map[string]string{"llm.py": cached}, []string{"llm:ask"}, true, true},
		{"around what is frozen", "llm.py", map[string]string{"model.py": "def ask(q, prompt):\n    return prompt + q\n",
			"llm.py": strings.Replace(strings.Replace(cached, "import redis", "import redis, model", 1), "prompt + q)", "model.ask(q, prompt))", 1)}, []string{"model:ask"}, true, true},
		{"nothing is frozen", "llm.py", map[string]string{"llm.py": cached}, nil, true, true},
		{"an lru_cache", "llm.py", map[string]string{"llm.py": "import functools\n\n@functools.lru_cache\ndef ask(q, prompt='old'):\n    return prompt + q\n"}, []string{"llm:ask"}, false, false},
		{"the key holds the prompt", "llm.py", map[string]string{"llm.py": strings.NewReplacer("get(q)", "get(q + prompt)", "set(q", "set(q + prompt").Replace(cached)}, nil, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.files["main.py"] = "from llm import ask\n\ndef answer(query):\n    return ask(query)\n"
			c.files["redis.py"] = redis
			x := tape(t, c.calls, c.files)
			store := "STORE=" + filepath.Join(t.TempDir(), "store")
			if got, log := x.run(t, store); got != `"oldone" "oldtwo"` {
				t.Fatalf("first: %s\n%s", got, log)
			}
			file := filepath.Join(x.dir, c.edit)
			put(t, file, strings.Replace(string(read(t, file)), "old", "new", 1))
			got, log := x.run(t, store)
			want := `"newone" "newtwo"`
			if c.stale {
				want = `"oldone" "oldtwo"`
			}
			if got != want {
				t.Errorf("edited: answers %s, want %s\n%s", got, want, log)
			}
			if named := strings.Contains(log, "caches: redis"); named != c.warned {
				t.Errorf("the cache is named: %v, want %v\n%s", named, c.warned, log)
			}
		})
	}
}

// Whatever a call gives, a replay gives the same, and of the same kind.
func TestFrozenCallsReplayExactly(t *testing.T) {
	const values = `import asyncio, collections, dataclasses, datetime, decimal, enum, fractions, math, pathlib, re, uuid

class Plain:
    def __init__(self, x):
        self.x, self.y = x, [x]
    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

class Slotted:
    __slots__ = ("a", "b")
    def __init__(self):
        self.a, self.b = 1, "two"
    def __eq__(self, other):
        return type(self) is type(other) and (self.a, self.b) == (other.a, other.b)

@dataclasses.dataclass(frozen=True)
class Hit:
    id: str
    score: float = 0.1
    tags: tuple = ("a", None)

class Colour(enum.Enum):
    RED = 1

Point = collections.namedtuple("Point", "x y")

class Refused(Exception):
    def __init__(self, user, limit):
        super().__init__(f"{user} over {limit}")
        self.limit = limit

VALUES = [
    None, True, 0, -1, 2**200, 1.5, -0.0, 0.1 + 0.2, 1e308, float("inf"), "", "é\u2028\ud800", b"\x00\xff", bytearray(b"x"),
    [], [1, [2.0, "3"]], (), (1, (2,)), {}, {"b": 1, "a": 2}, {1: "x", (2, 3): "y"}, {"$tuple": [1]}, {1, 2, 3}, frozenset("ab"),
    Plain(3), Slotted(), Hit("a"), [Hit("b", 2.0)], Colour.RED, Point(1, y=2), collections.OrderedDict(b=1, a=2),
    collections.Counter("aab"), collections.deque([1, 2], 5), collections.defaultdict(list, a=[1]), datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
    datetime.timedelta(3), decimal.Decimal("1.10"), fractions.Fraction(1, 3), uuid.UUID(int=5), pathlib.PurePosixPath("a/b"), range(3), 3 + 4j, re.compile("a+", re.I), Plain, len,
]
EXACT = len(VALUES)
made = 0

def value(i):
    global made
    made += 1
    return VALUES[i]

def fails(text):
    global made
    made += 1
    raise Refused(text, 7)

async def later(i):
    global made
    made += 1
    await asyncio.sleep(0)
    return VALUES[i]

def some(n):
    global made
    made += 1
    for i in range(n):
        yield Hit(str(i))
    return "end"

def breaks(n):
    global made
    made += 1
    yield n
    raise KeyError(n)

async def stream(n):
    global made
    made += 1
    for i in range(n):
        await asyncio.sleep(0)
        yield i

class Index:
    size = 3
    def __init__(self, name):
        self.name = name
    def find(self, q):
        global made
        made += 1
        return [self.name, q]
    @staticmethod
    def static(q):
        global made
        made += 1
        return q
    @classmethod
    def of(cls, q):
        global made
        made += 1
        return [cls.__name__, q]
`
	const main = `import asyncio, inspect
import lib
from lib import *

def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, dict) and list(a) != list(b):
        return False
    return repr(a) == repr(b) if isinstance(a, float) else a == b

def raised(call, *given):
    try:
        call(*given)
    except Exception as problem:
        return [type(problem).__name__, str(problem), getattr(problem, "limit", None)]

def ended(drawn):
    items = []
    while True:
        try:
            items.append(next(drawn).id)
        except StopIteration as end:
            return items + [end.value]

async def everything():
    drawn = [i async for i in stream(3)]
    return [same(await later(i), lib.VALUES[i]) for i in range(lib.EXACT)], drawn

def answer(query):
    exact = [same(value(i), lib.VALUES[i]) for i in range(lib.EXACT)]
    also, drawn = asyncio.new_event_loop().run_until_complete(everything())
    odd = breaks(5)
    return [all(exact) and all(also) or [exact, also], raised(fails, "me"), ended(some(2)), drawn, next(odd), raised(next, odd),
            Index("a").find(q=1), Index("b").find(1), Index.static(2), Index("a").static(2), Index.of(3), inspect.iscoroutinefunction(later),
            inspect.isgeneratorfunction(some), inspect.isasyncgenfunction(stream), str(inspect.signature(value)), lib.made > 0]
`
	x := tape(t, []string{"lib:value", "lib:fails", "lib:later", "lib:some", "lib:breaks", "lib:stream", "lib:Index.find", "lib:Index.static", "lib:Index.of"},
		map[string]string{"main.py": main, "lib.py": values})
	want := `[true, ["Refused", "me over 7", 7], ["0", "1", "end"], [0, 1, 2], 5, ["KeyError", "5", null], ["a", 1], ["b", 1], 2, 2, ["Index", 3], true, true, true, "(i)", MADE]`
	made, log := x.run(t)
	first := strings.ReplaceAll(want, "MADE", "true")
	if made != first+" "+first {
		t.Errorf("made: %s\nwant  %s\n%s", made, first, log)
	}
	replayed, log := x.run(t)
	second := strings.ReplaceAll(want, "MADE", "false")
	if replayed != second+" "+second || !regexp.MustCompile(`calls: \d+ replayed, 0 made\n`).MatchString(log) {
		t.Errorf("replayed: %s\nwant      %s\n%s", replayed, second, log)
	}
}

func TestFrozenCallsThatCannotBeRecorded(t *testing.T) {
	for _, c := range []struct{ name, lib, answers, first, second, said string }{
		{"an open file", "def ask(q):\n    return open('main.py')\n", "", "0 replayed, 2 made, 2 not recorded", "0 replayed, 2 made, 2 not recorded", "lib:ask gives a _io.TextIOWrapper"},
		{"a passing error", "import asyncio\ndef ask(q):\n    raise asyncio.TimeoutError('slow')\n", "", "0 replayed, 2 made, 2 not recorded", "0 replayed, 2 made, 2 not recorded", ""},
		{"changes its argument", "def ask(q, seen=None):\n    q.append(1)\n    return len(q)\n", "", "0 replayed, 2 made, 2 not recorded", "0 replayed, 2 made, 2 not recorded", "changes its arguments"},
		{"a generator that is left early", "def ask(q):\n    yield 1\n    yield 2\n", "", "0 replayed, 2 made", "0 replayed, 2 made", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := tape(t, []string{"lib:ask"}, map[string]string{"lib.py": c.lib,
				"main.py": "from lib import ask\n\ndef answer(query):\n    try:\n        for _ in ask([query]):\n            break\n    except Exception:\n        pass\n    return 1\n"})
			for _, calls := range []string{c.first, c.second} {
				_, log := x.run(t)
				if !strings.Contains(log, "calls: "+calls+"\n") || !strings.Contains(log, c.said) {
					t.Errorf("want %q and %q in\n%s", calls, c.said, log)
				}
			}
		})
	}
}

func TestFrozenCallsRefuse(t *testing.T) {
	for _, c := range []struct{ name, call, main, want string }{
		{"an argument without a canonical form", "lib:ask", "import threading\nfrom lib import ask\n\ndef answer(query):\n    try:\n        return ask(threading.Lock())\n    except TypeError:\n        return []\n",
			"cache.calls: lib:ask: argument q holds a _thread.lock"},
		{"a lambda", "lib:ask", "from lib import ask\n\ndef answer(query):\n    return ask(lambda: 1)\n", "argument q holds main:answer.<locals>.<lambda>"},
		{"no such function", "lib:asks", "from lib import ask\n\ndef answer(query):\n    return ask(1)\n", "cache.calls: lib:asks is no function of"},
		{"a class", "lib:Thing", "import lib\n\ndef answer(query):\n    return 1\n", "cache.calls: lib:Thing is no function of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := tape(t, []string{c.call}, map[string]string{"lib.py": "class Thing:\n    pass\n\ndef ask(q):\n    return 1\n", "main.py": c.main})
			answers, log := x.run(t)
			log = strings.ReplaceAll(log, "main.answer", "main:answer")
			if answers != "" || !strings.Contains(log, c.want) {
				t.Errorf("answers %q, want none and %q in\n%s", answers, c.want, log)
			}
		})
	}
	x := tape(t, []string{"other:ask"}, map[string]string{"main.py": "def answer(query):\n    return 1\n", "other.py": ""})
	if _, log := x.run(t); !strings.Contains(log, "calls: other:ask was never imported\ncalls: 0 replayed, 0 made\n") {
		t.Errorf("a call that is never reached is not named:\n%s", log)
	}
}

func TestDamagedRecordIsMadeAnew(t *testing.T) {
	x := tape(t, []string{"lib:ask"}, map[string]string{"main.py": "from lib import ask\n\ndef answer(query):\n    return ask(query)\n",
		"lib.py": "from count import count\n\ndef ask(q):\n    return q + str(count())\n", "count.py": counter})
	n := counting(t)
	x.want(t, "first", `"one1" "two2"`, "0 replayed, 2 made", n)
	records, err := filepath.Glob(filepath.Join(x.tape, "shared", "calls", "*", "*.json"))
	if err != nil || len(records) != 2 {
		t.Fatalf("records: %v, %v", records, err)
	}
	data := read(t, records[0])
	for _, damage := range [][]byte{data[:len(data)/2], []byte(strings.Replace(string(data), `"value": "`, `"value": "x`, 1)), {}, []byte("\x00\xff\n{}")} {
		if err := os.WriteFile(records[0], damage, 0o600); err != nil {
			t.Fatal(err)
		}
		_, log := x.run(t, n)
		if !strings.Contains(log, "is damaged") || !strings.Contains(log, "calls: 1 replayed, 1 made\n") {
			t.Errorf("damaged to %d bytes: want it named and made anew:\n%s", len(damage), log)
		}
		if _, err := os.Stat(records[0] + ".damaged"); err != nil {
			t.Error(err)
		}
	}
	if _, log := x.run(t, n); !strings.Contains(log, "calls: 2 replayed, 0 made\n") {
		t.Errorf("mended: %s", log)
	}
}

// Arrays come back with their type, shape, order and bits.
func TestFrozenArrays(t *testing.T) {
	x := tape(t, []string{"lib:value"}, map[string]string{"lib.py": `import numpy

VALUES = [numpy.arange(6, dtype="float32").reshape(2, 3), numpy.float64(0.1), numpy.array(["a", "bc"]), numpy.asfortranarray(numpy.eye(3)),
          numpy.array([1.5, float("nan")]), numpy.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), numpy.array([None, "x"], dtype=object), numpy.zeros((0, 3))]

def value(array, i):
    return VALUES[i]
`, "main.py": `import lib, numpy

def answer(query):
    got = [lib.value(numpy.arange(3), i) for i in range(len(lib.VALUES))]
    return all(type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and a.flags.f_contiguous == b.flags.f_contiguous
               and (a.tolist() == b.tolist() if a.dtype.hasobject else a.tobytes() == b.tobytes()) for a, b in zip(got, lib.VALUES))
`})
	python := ""
	for _, p := range []string{pythonOrSkip(t), "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), p, "-c", "import numpy").Run() == nil {
			python = p
		}
	}
	if python == "" {
		t.Skip("numpy is not here: no array is recorded")
	}
	in, out := filepath.Join(t.TempDir(), "in"), filepath.Join(t.TempDir(), "out")
	put(t, in, `{"id": "q1", "inputs": {"query": "one"}}`+"\n")
	for _, calls := range []string{"0 replayed, 8 made", "8 replayed, 0 made"} {
		cmd := exec.CommandContext(t.Context(), python, filepath.Join(harnessOf(x.e), "eval.py"), "run")
		cmd.Dir = x.dir
		cmd.Env = append(os.Environ(), "AUTORESEARCH_CASES="+in, "AUTORESEARCH_OUTPUTS="+out, "AUTORESEARCH_CASSETTE="+x.tape)
		log, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(log), "calls: "+calls+"\n") || !strings.Contains(string(read(t, out)), `"output": true`) {
			t.Errorf("want %q and equal arrays: %v\n%s%s", calls, err, log, read(t, out))
		}
	}
}

func TestVariablesInTheKey(t *testing.T) {
	e := search()
	e.Env = []string{"MODEL", "OPENAI_BASE_URL", "OLLAMA_HOST", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE", "AWS_CA_BUNDLE", "NODE_OPTIONS"}
	for http, want := range map[string]string{"off": strings.Join(e.Env, " "), "base-url": "MODEL HTTPS_PROXY no_proxy SSL_CERT_FILE AWS_CA_BUNDLE NODE_OPTIONS",
		"proxy": "MODEL OPENAI_BASE_URL OLLAMA_HOST"} {
		e.Cache.HTTP = http
		if got := strings.Join(keyed(e), " "); got != want {
			t.Errorf("cache.http %s: variables %s, want %s", http, got, want)
		}
	}
}

// An installation that leads back into the repository through a link is no
// foreign package.
func TestFrozenCallsThroughALink(t *testing.T) {
	x := tape(t, []string{"llm:ask"}, map[string]string{
		"main.py":        "import os, sys\nsys.path.append(os.environ['LINK'])\nfrom llm import ask\n\ndef answer(query):\n    return ask(query)\n",
		"src/llm.py":     "import prompts\n\ndef ask(q):\n    return prompts.PROMPT + open(prompts.__file__.replace('prompts.py', 'end.txt')).read() + q\n",
		"src/prompts.py": "PROMPT = 'old'\n", "src/end.txt": "-",
	})
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(x.dir, "src"), link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	x.want(t, "first", `"old-one" "old-two"`, "0 replayed, 2 made", "LINK="+link)
	x.want(t, "again", `"old-one" "old-two"`, "2 replayed, 0 made", "LINK="+link)
	put(t, filepath.Join(x.dir, "src", "prompts.py"), "PROMPT = 'new'\n")
	x.want(t, "another prompt", `"new-one" "new-two"`, "0 replayed, 2 made", "LINK="+link)
	put(t, filepath.Join(x.dir, "src", "end.txt"), "+")
	x.want(t, "another file", `"new+one" "new+two"`, "0 replayed, 2 made", "LINK="+link)
}
