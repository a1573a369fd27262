package inspect

import (
	"fmt"
	"strings"
	"testing"
)

// proposed lists what reaches a target, one system a line.
func proposed(r *Report, target string) string {
	var lines []string
	for _, s := range r.SystemsFor(target) {
		line := s.Kind + " " + s.Call
		for _, p := range s.Params {
			line += " " + p.Name
		}
		for _, p := range s.Passes {
			line += fmt.Sprintf(" %s{%s}", p.Flag, p.Name)
		}
		if s.Stdin {
			line += " <"
		}
		if s.Result != "" {
			line += " → " + s.Result
		}
		for _, part := range []string{strings.Join(s.Build, ";"), strings.Join(s.Server, " "), s.Ready} {
			if part != "" {
				line += " | " + part
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestPrograms(t *testing.T) {
	for _, test := range []struct {
		name, target string
		files        map[string]string
		want         string
	}{
		{"argparse", "cli.py", map[string]string{"cli.py": "import argparse, json\n\nW = 0.8\n\n\ndef main():\n    p = argparse.ArgumentParser()\n    p.add_argument(\"message\", help=\"-x\")\n    p.add_argument(\"-l\", \"--max-len\", type=int)\n    p.add_argument(\"--verbose\", action=\"store_true\")\n    a = p.parse_args()\n    print(json.dumps({\"label\": a.message, \"w\": W}))\n\n\nif __name__ == \"__main__\":\n    main()\n"},
			"program python3 cli.py {message} --max-len{max_len} → label"},
		{"a module is no program", "lib.py", map[string]string{"lib.py": "import sys\n\n\ndef _f():\n    return sys.argv[1]\n"}, ""},
		{"node arguments", "run.js", map[string]string{"run.js": "const text = process.argv[2];\nconsole.log(text.length * 0.5);\n"}, "program node run.js {text}"},
		{"go flags", "cmd/score/main.go", map[string]string{"go.mod": "module example.com/x\n", "cmd/score/main.go": "package main\n\nimport \"flag\"\n\nconst weight = 0.5\n\nfunc main() {\n\tq := flag.String(\"query\", \"\", \"\")\n\tflag.Parse()\n\tprintln(*q, 0.5)\n}\n"},
			"program build/score -query{query} | go build -o build/score ./cmd/score"},
		{"rust", "src/main.rs", map[string]string{"Cargo.toml": "[package]\nname = \"spam\"\n", "src/main.rs": "const WEIGHT: f64 = 0.5;\nfn main() { let text = std::env::args().nth(1).unwrap(); println!(\"{}\", 0.5); }\n"},
			"program target/release/spam {text} | cargo build --release --quiet"},
		{"c with a makefile", "wc.c", map[string]string{"Makefile": "wc: wc.c\n\tcc -o wc wc.c\n", "wc.c": "#include <stdio.h>\nint main(void) { int c = getchar(); return c > 0.5; }\n"},
			"program ./wc < | make wc"},
		{"java package", "src/app/Main.java", map[string]string{"src/app/Main.java": "package app;\npublic class Main {\n  static final double WEIGHT = 0.5;\n  public static void main(String[] args) { String text = args[0]; System.out.println(text.length() * 0.5); }\n}\n"},
			"program java -cp build/classes app.Main {text} | javac -d build/classes -sourcepath src src/app/Main.java"},
		{"ruby", "x.rb", map[string]string{"x.rb": "text = ARGV[0]\nputs text.size * 0.5\n"}, "program ruby x.rb {text}"},
		{"php", "x.php", map[string]string{"x.php": "<?php\n$text = $argv[1];\necho strlen($text) * 0.5;\n"}, "program php x.php {text}"},
		{"awk in a folder with a blank", "my tools/x.awk", map[string]string{"my tools/x.awk": "{ print $1 * 0.5 }\n"}, "program awk -f 'my tools/x.awk' <"},
		{"shell", "x.sh", map[string]string{"x.sh": "#!/bin/bash\necho \"$1\" | wc -c\n"}, "program bash x.sh {input}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := proposed(inspect(t, write(t, test.files), Options{}), test.target); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestServers(t *testing.T) {
	for _, test := range []struct {
		name, file, text, want string
	}{
		{"flask", "app.py", "from flask import Flask, request\n\napp = Flask(__name__)\nW = 0.8\n\n\n@app.route(\"/classify\", methods=[\"POST\"])\ndef classify():\n    text = request.json[\"text\"]\n    return {\"label\": text, \"by\": W}\n\n\n@app.get(\"/ping\")\ndef ping():\n    return \"\"\n",
			"http POST http://127.0.0.1:8000/classify text → label | python3 -m flask --app app run --port 8000 | http://127.0.0.1:8000/ping"},
		{"fastapi", "api.py", "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\nservice = FastAPI()\n\n\nclass Job(BaseModel):\n    text: str\n    people: int = 1\n\n\n@service.post(\"/estimate\")\ndef estimate(job: Job):\n    return {\"cost\": len(job.text) * 0.5 * job.people}\n\n\n@service.get(\"/items/{item_id}\")\nasync def item(item_id: int, q: str = \"\"):\n    return item_id\n",
			"http POST http://127.0.0.1:8000/estimate text people → cost | python3 -m uvicorn api:service --port 8000 | http://127.0.0.1:8000/openapi.json\n" +
				"http http://127.0.0.1:8000/items/{item_id} item_id q | python3 -m uvicorn api:service --port 8000 | http://127.0.0.1:8000/openapi.json"},
		{"express", "server.js", "const express = require('express');\nconst app = express();\napp.get('/search/:place', (req, res) => {\n  const { q, limit = 10 } = req.query;\n  res.json({ results: find(q, limit * 0.5) });\n});\napp.listen(process.env.PORT || 3456);\n",
			"http http://127.0.0.1:3456/search/{place} place q limit → results | node server.js"},
		{"net/http", "main.go", "package main\n\nimport \"net/http\"\n\nconst weight = 0.5\n\nfunc search(w http.ResponseWriter, r *http.Request) {\n\tq := r.URL.Query().Get(\"q\")\n\tw.Write([]byte(q))\n}\n\nfunc main() {\n\thttp.HandleFunc(\"/search\", search)\n\thttp.ListenAndServe(\":9090\", nil)\n}\n",
			"http http://127.0.0.1:9090/search q | go run ."},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := inspect(t, write(t, map[string]string{test.file: test.text, "go.mod": "module example.com/x\n"}), Options{})
			if got := proposed(r, test.file); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestConstants: a file that nothing can be called in is reached by what uses
// its names.
func TestConstants(t *testing.T) {
	for _, test := range []struct {
		name, target string
		files        map[string]string
		want         string
	}{
		{"of one Go package", "rank/weights.go", map[string]string{
			"go.mod":          "module example.com/x\n",
			"rank/weights.go": "package rank\n\nconst titleWeight = 2.5\n",
			"rank/rank.go":    "package rank\n\nfunc Rank(query string) float64 { return titleWeight * float64(len(query)) }\n",
			"other/other.go":  "package other\n\nfunc Other(query string) float64 { return 0.5 * float64(len(query)) }\n",
		}, "go ./rank:Rank query"},
		{"without a number", "words.py", map[string]string{
			"words.py": "STOP = {\"the\", \"of\"}\n",
			"rank.py":  "from words import STOP\n\n\ndef rank(query):\n    return 0.5 * len(set(query.split()) - STOP)\n",
		}, "python rank:rank query"},
		{"imported", "weights.py", map[string]string{
			"weights.py": "TITLE_WEIGHT = 2.5\n",
			"rank.py":    "from weights import TITLE_WEIGHT\n\n\ndef rank(query):\n    return TITLE_WEIGHT * len(query)\n",
			"other.py":   "def other(query):\n    return 0.5 * len(query)\n",
		}, "python rank:rank query"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := proposed(inspect(t, write(t, test.files), Options{}), test.target); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestManagerThatIsNotInstalled: an environment that is there serves where the
// program that manages it is not.
func TestManagerThatIsNotInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	files := map[string]string{"m.py": "def f(a):\n    return a * 0.5\n", "poetry.lock": ""}
	if got := inspect(t, write(t, files), Options{}).Tooling.Python; got != "poetry run python" {
		t.Errorf("without an environment: %q", got)
	}
	files[".venv/bin/python"] = ""
	if got := inspect(t, write(t, files), Options{}).Tooling.Python; got != ".venv/bin/python" {
		t.Errorf("with an environment: %q", got)
	}
}
