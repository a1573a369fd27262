package scaffold

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// store answers as Redis and as memcached do, as far as SET and GET.
func store(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var values sync.Map
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				for serveStore(c, r, &values) == nil {
				}
			}()
		}
	}()
	return l.Addr().String()
}

// serveStore answers one command: *3 $3 SET … and *2 $3 GET … of Redis,
// "set k 0 0 n" and "get k" of memcached.
func serveStore(w io.Writer, r *bufio.Reader, values *sync.Map) error {
	line, err := readLine(r)
	if err != nil {
		return err
	}
	if n, ok := strings.CutPrefix(line, "*"); ok {
		words := make([]string, atoi(n))
		for i := range words {
			size, err := readLine(r)
			if err != nil {
				return err
			}
			text := make([]byte, atoi(strings.TrimPrefix(size, "$"))+2)
			if _, err := io.ReadFull(r, text); err != nil {
				return err
			}
			words[i] = string(text[:len(text)-2])
		}
		if words[0] == "SET" {
			values.Store(words[1], words[2])
			_, err = fmt.Fprint(w, "+OK\r\n")
		} else if v, ok := values.Load(words[1]); ok {
			_, err = fmt.Fprintf(w, "$%d\r\n%s\r\n", len(v.(string)), v)
		} else {
			_, err = fmt.Fprint(w, "$-1\r\n")
		}
		return err
	}
	words := strings.Fields(line)
	if words[0] == "set" {
		value, err := readLine(r)
		values.Store(words[1], value)
		fmt.Fprint(w, "STORED\r\n")
		return err
	}
	if v, ok := values.Load(words[1]); ok {
		fmt.Fprintf(w, "VALUE %s 0 %d\r\n%s\r\n", words[1], len(v.(string)), v)
	}
	_, err = fmt.Fprint(w, "END\r\n")
	return err
}

func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // of a client that is in this file
	return n
}

const (
	respClient = `import os, socket

class Redis:
    def __init__(self):
        host, port = os.environ["STORE"].rpartition("//")[2].split(":")
        self.file = socket.create_connection((host, int(port))).makefile("rwb")
    def ask(self, *words):
        self.file.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w.encode()), w.encode()) for w in words))
        self.file.flush()
        head = self.file.readline()
        return self.file.read(int(head[1:]) + 2)[:-2].decode() if head[:1] == b"$" and head[1:2] != b"-" else None
    def get(self, key):
        return self.ask("GET", key)
    def set(self, key, value):
        self.ask("SET", key, value)
`
	memcacheClient = `import os, socket

class Client:
    def __init__(self):
        host, port = os.environ["STORE"].rpartition("//")[2].split(":")
        self.file = socket.create_connection((host, int(port))).makefile("rwb")
    def get(self, key):
        self.file.write(f"get {key.replace(' ', '_')}\r\n".encode())
        self.file.flush()
        head, value = self.file.readline(), None
        while head != b"END\r\n":
            value = self.file.readline().decode().strip()
            head = self.file.readline()
        return value
    def set(self, key, value):
        self.file.write(f"set {key.replace(' ', '_')} 0 0 {len(value)}\r\n{value}\r\n".encode())
        self.file.flush()
        self.file.readline()
`
	trapModel  = "def model(prompt, text):\n    return prompt + text\n"
	trapTarget = "from cached import ask\n\nPROMPT = 'old'\n\ndef answer(query):\n    return ask(query, PROMPT)\n"
	through    = "def ask(text, prompt):\n    if CACHE.get(text) is None:\n        CACHE.set(text, model(prompt, text))\n    return CACHE.get(text)\n"
	fileCache  = "import json, os\nfrom model import model\nFILE = %q\n\ndef ask(text, prompt):\n    known = json.load(open(FILE)) if os.path.exists(FILE) else {}\n    if text not in known:\n        known[text] = model(prompt, text)\n%s    return known[text]\n"
)

// The trap: the prompt changes, and a cache that is keyed by the query alone
// stands in between. Either the harness is immune, and the answers change, or
// it names the cache, which check repeats.
func TestTrap(t *testing.T) {
	const immune = ""
	plain := "        json.dump(known, open(FILE, 'w'))\n"
	atOnce := "        with open(FILE + '.new', 'w') as f:\n            json.dump(known, f)\n        os.replace(FILE + '.new', FILE)\n"
	for _, c := range []struct {
		name, cached string
		more         map[string]string
		scheme, want string
	}{
		{"no cache", "from model import model\n\ndef ask(text, prompt):\n    return model(prompt, text)\n", nil, "", immune},
		{"lru_cache", "import functools\nfrom model import model\nPROMPTS = []\n\n@functools.lru_cache\ndef by_text(text):\n    return model(PROMPTS[-1], text)\n\ndef ask(text, prompt):\n    PROMPTS.append(prompt)\n    return by_text(text)\n", nil, "", immune},
		{"a dict of the module", "from model import model\nKNOWN = {}\n\ndef ask(text, prompt):\n    if text not in KNOWN:\n        KNOWN[text] = model(prompt, text)\n    return KNOWN[text]\n", nil, "", immune},
		{"a file called a cache", fmt.Sprintf(fileCache, "answers.cache", plain), nil, "", "files"},
		{"a file replaced at once", fmt.Sprintf(fileCache, "var/cache/answers.json", "        os.makedirs('var/cache', exist_ok=True)\n"+atOnce), nil, "", "files"},
		{"a file written each time", fmt.Sprintf(fileCache, "answers.json", "    json.dump(known, open(FILE, 'w'))\n"), nil, "", "files"},
		{"sqlite", "import sqlite3\nfrom model import model\nDB = sqlite3.connect('cache.db')\nDB.execute('create table if not exists known (text primary key, answer)')\n\ndef ask(text, prompt):\n    if not DB.execute('select 1 from known where text = ?', [text]).fetchone():\n        DB.execute('insert into known values (?, ?)', [text, model(prompt, text)])\n        DB.commit()\n    return DB.execute('select answer from known where text = ?', [text]).fetchone()[0]\n", nil, "", "files"},
		{"shelve", "import shelve\nfrom model import model\n\ndef ask(text, prompt):\n    with shelve.open('answers') as known:\n        if text not in known:\n            known[text] = model(prompt, text)\n        return known[text]\n", nil, "", "shelve"},
		{"joblib's Memory", "from joblib import Memory\nfrom model import model\nCACHE = Memory('answers')\n" + through,
			map[string]string{"joblib.py": "import os, pathlib\n\nclass Memory:\n    def __init__(self, folder):\n        self.folder = pathlib.Path(folder)\n    def get(self, key):\n        return (self.folder / key).read_text() if (self.folder / key).exists() else None\n    def set(self, key, value):\n        self.folder.mkdir(exist_ok=True)\n        (self.folder / key).write_text(value)\n"}, "", "joblib"},
		{"Redis", "import redis\nfrom model import model\nCACHE = redis.Redis()\n" + through, map[string]string{"redis.py": respClient}, "redis", "redis"},
		{"Redis, by a client of its own", "from kv import Redis\nfrom model import model\nCACHE = Redis()\n" + through, map[string]string{"kv.py": respClient}, "redis", "redis"},
		{"memcached", "import pymemcache\nfrom model import model\nCACHE = pymemcache.Client()\n" + through, map[string]string{"pymemcache.py": memcacheClient}, "memcached", "pymemcache, memcached"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"main.py": trapTarget, "model.py": trapModel, "cached.py": c.cached}
			for name, text := range c.more {
				files[name] = text
			}
			x := tape(t, nil, files)
			at := "STORE=" + c.scheme + "://" + store(t)
			if got, log := x.run(t, at); got != `"oldone" "oldtwo"` || strings.Contains(log, "caches: ") != (c.want != immune) {
				t.Fatalf("the first prompt: %s, want a cache named: %q\n%s", got, c.want, log)
			}
			main := filepath.Join(x.dir, "main.py")
			put(t, main, strings.Replace(trapTarget, "old", "new", 1))
			got, log := x.run(t, at)
			if c.want == immune {
				if got != `"newone" "newtwo"` || strings.Contains(log, "caches: ") {
					t.Errorf("not immune: %s\n%s", got, log)
				}
				return
			}
			if got != `"oldone" "oldtwo"` {
				t.Fatalf("this cache is no trap, the test shows nothing: %s", got)
			}
			if !strings.Contains(log, "caches: "+c.want) {
				t.Errorf("the full cache isn't named, want %q:\n%s", c.want, log)
			}
		})
	}
}
