package agent

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fixture is a run in a temporary work tree, without a git repository: the
// guard reads paths only.
func fixture(t *testing.T, session string) *Guard {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	top, home := filepath.Join(root, "repo"), filepath.Join(root, "home")
	st := filepath.Join(home, ".local", "state", Binary)
	for _, file := range []string{
		filepath.Join(top, "guide", "ranking.py"), filepath.Join(top, "guide", "index.py"), filepath.Join(top, "notes.txt"),
		filepath.Join(top, "autoresearch", "search", "cases.csv"), filepath.Join(st, "repo-1", "search", "hidden.csv"),
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("x\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link.py": "guide/ranking.py", "peek": st} {
		if err := os.Symlink(to, filepath.Join(top, link)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	return &Guard{
		Run: &Run{
			Name: "search", Top: top, State: st, Session: session, Targets: []string{filepath.Join(top, "guide", "ranking.py")},
			Pins: []string{filepath.Join(top, "autoresearch", "search", "cases.csv"), filepath.Join(top, ".autoresearch")},
		},
		Vars: map[string]string{"HOME": home, "XDG_STATE_HOME": filepath.Join(home, ".local", "state"), "CLAUDE_PLUGIN_ROOT": "/plugin"},
		Self: []string{"/plugin/bin/" + Binary},
	}
}

// answers gives "deny", "allow" or "" for a tool's call by session "s".
func answers(t *testing.T, g *Guard, tool string, in Input) (string, string) {
	t.Helper()
	a, err := g.Before(&Payload{Session: "s", Event: "PreToolUse", Dir: g.Run.Top, Tool: tool, Input: in})
	if err != nil {
		t.Fatalf("%s %+v: %v", tool, in, err)
	}
	if a.Output == nil {
		return "", ""
	}
	return a.Output.Decision, a.Output.Reason
}

func TestBoundBash(t *testing.T) {
	table := map[string][]string{
		"allow": {
			"autoresearch-skill try search -m 'halve the weight > of titles; rm nothing'",
			"autoresearch-skill status", "autoresearch-skill log search", "autoresearch-skill show search 3", "autoresearch-skill apply 3",
			"autoresearch-skill -C guide eval --json", `"${CLAUDE_PLUGIN_ROOT}"/bin/autoresearch-skill try -m x`, "/plugin/bin/autoresearch-skill log",
		},
		"": {
			"ls -la", "cat guide/ranking.py", "grep -rn weight guide", "python3 -m unittest discover", "cd guide && ls", "echo hello 2>&1", "ls 2>/dev/null >&2",
			"git status", "git log --oneline -5", "git diff", "git diff --stat HEAD~1", "git diff HEAD -- guide/ranking.py", "git --no-pager log", "git show HEAD:guide/ranking.py",
			"git branch", "git stash list", "git config --get user.name", "git blame guide/ranking.py", "git grep weight", "git log -p -- guide/ranking.py",
			"autoresearch-skill log | head -5", "sed -n 1,20p guide/ranking.py", "sed -ne 's/i/x/p' guide/ranking.py", "awk '{print $1}' notes.txt",
			"find . -name '*.py'", "sort notes.txt", "tar -tf x.tar", "timeout 5 cat notes.txt", "FOO=1 python3 x.py", "./autoresearch-skill log", "curl -s http://127.0.0.1/",
			"for f in *.py; do wc -l \"$f\"; done", "diff <(sort a) <(sort b)", "python3 <<'E'\nprint(1)\nE", "echo {1..1000000000}",
		},
		"deny": {
			"echo x > guide/index.py", "echo x >> notes.txt", "cat <<E > guide/ranking.py\nx\nE", "echo x &> log", "echo x >| log", ": <> f", "ls > \"$OUT\"",
			"sed -i s/1/2/ guide/ranking.py", "sed -Ei.bak s/1/2/ a", "sed --in-place=.b s/1/2/ a", "perl -pi -e s/1/2/ a", "ruby -i -pe 1 a", "gawk -i inplace 1 a",
			"echo x | tee guide/index.py", "mv a b", "cp a b", "rm guide/index.py", "\\rm a", "r''m a", "command rm a", "env X=1 rm a", "xargs rm < list", "nice -n 5 rm a",
			"timeout 5 git checkout .", "sudo rm a", "bash -c 'rm a'", "sh -ec \"rm a\"", "eval 'rm a'", "eval rm a", "bash -c \"bash -c 'git stash'\"",
			"find . -name x -delete", "find . -exec rm {} +", "find . -fprint out", "true && rm a", "true; rm a", "(rm a)", "{ rm a; }", "if true; then rm a; fi", "rm a &",
			"echo $(rm a)", "echo `rm a`", "cat <(rm a)", "f() { rm a; }; f", "while :; do rm a; done", "! rm a", "curl -o f http://x/", "curl -sO http://x/", "sort -o a a", "tar xf a.tar",
			"git checkout .", "git checkout -- guide/ranking.py", "git reset --hard", "git stash", "git stash pop", "git clean -fd", "git commit -am x", "git restore .",
			"git switch main", "git -C /tmp checkout x", "git -c alias.x='!rm a' x", "git --git-dir=/x status", "git add -A", "git branch new", "git branch -D x", "git tag v1", "git push",
			"git config user.name x", "git worktree add ../w", "git nosuchalias", "git diff --output=f", "git remote add x y", "git branch -v new",
			"git show main:autoresearch/search/cases.csv", "git log -p", "git show", "git show HEAD", "git diff main", "git cat-file -p main:x", "git log --patch --stat", "git grep q main",
			"cat ~/.local/state/autoresearch-skill/repo-1/search/hidden.csv", "cat $HOME/.local/state/autoresearch-skill/*/*/hidden.csv", "ls ~/.local/state/autoresearch-skill",
			"cat ${XDG_STATE_HOME}/autoresearch-skill/x", "cat ~/.local/{state,share}/autoresearch-skill/x/y", "cat ~/.loc*/st*/auto*/*/*/*.csv", "D=~/.local/state; cat $D/autoresearch-skill/a/b",
			"cd ~/.local/state/autoresearch-skill && ls", "cd ~/.local/state && cat autoresearch-skill/a/b", "grep -r q ~/.local", "find / -name h.csv", "rg q ~", "cat peek/repo-1/search/split.json",
			"python3 -c 'print(open(\"/root/.local/state/autoresearch-skill/a/b/hidden.csv\").read())'", "cat < ~/.local/state/autoresearch-skill/a", "cd ~ && rg q", "dd if=~/.local/state/autoresearch-skill/a",
			"python3 <<E\nopen('$HOME/.local/state/autoresearch-skill/a')\nE",
			"autoresearch-skill finish", "autoresearch-skill undo 3", "autoresearch-skill pause", "autoresearch-skill try -m x --i-am-the-user", "autoresearch-skill", "autoresearch-skill hook Stop", "autoresearch-skill-hook PreToolUse", "x/autoresearch-skill-0.1.0 finish",
			"autoresearch-skill -C . finish", "timeout 9 autoresearch-skill finish", "XDG_STATE_HOME=/tmp autoresearch-skill try -m x", "export GIT_DIR=/x; autoresearch-skill log", "PATH=/tmp:$PATH ls",
			"$CMD a", "\"$(echo rm)\" a", "echo rm a | sh", "if then", "echo 'unclosed", "autoresearch-skill try -m \"$(cat ~/.local/state/autoresearch-skill/r/s/hidden.csv)\"",
			"autoresearch-skill log > out.txt", "rm {1..1000000000}", "cat <<E | sh\nrm a\nE", "git log -p -- guide/ranking.py autoresearch/search/cases.csv",
		},
	}
	g := fixture(t, "s")
	for want, lines := range table {
		for _, line := range lines {
			got, reason := answers(t, g, "Bash", Input{Command: line})
			if got != want {
				t.Errorf("%s\ngot %q (%s), want %q", line, got, reason, want)
			}
			if got == "deny" && len(reason) < 40 {
				t.Errorf("%s: the reason %q does not say what to do", line, reason)
			}
		}
	}
}

func TestBoundFiles(t *testing.T) {
	g := fixture(t, "s")
	hidden := filepath.Join(g.Run.State, "repo-1", "search", "hidden.csv")
	for _, c := range []struct {
		tool string
		in   Input
		want string
	}{
		{"Edit", Input{File: g.Run.Targets[0]}, ""},
		{"Edit", Input{File: "guide/ranking.py"}, ""},
		{"Edit", Input{File: "guide/../guide/ranking.py"}, ""},
		{"Write", Input{File: "link.py"}, ""}, // a link to the target is the target
		{"Edit", Input{File: "guide/index.py"}, "deny"},
		{"Write", Input{File: "guide/new.py"}, "deny"},
		{"Write", Input{File: "autoresearch/search/cases.csv"}, "deny"},
		{"Write", Input{File: ".autoresearch/active"}, "deny"},
		{"Write", Input{File: hidden}, "deny"},
		{"Write", Input{File: "peek/x"}, "deny"},
		{"NotebookEdit", Input{Notebook: "a.ipynb"}, "deny"},
		{"Read", Input{File: "guide/index.py"}, ""},
		{"Read", Input{File: hidden}, "deny"},
		{"Read", Input{File: "peek/repo-1/search/hidden.csv"}, "deny"},
		{"Grep", Input{Pattern: "x"}, ""},
		{"Grep", Input{Pattern: "x", Path: filepath.Dir(g.Run.State)}, "deny"},
		{"Glob", Input{Pattern: "**/*.py"}, ""},
		{"Glob", Input{Pattern: filepath.Dir(g.Run.State) + "/**"}, "deny"},
		{"Task", Input{}, ""},
	} {
		if got, reason := answers(t, g, c.tool, c.in); got != c.want {
			t.Errorf("%s %+v: got %q (%s), want %q", c.tool, c.in, got, reason, c.want)
		}
	}
	_, reason := answers(t, g, "Edit", Input{File: "guide/index.py"})
	for _, part := range []string{"guide/index.py", "edit only guide/ranking.py", "autoresearch-skill try"} {
		if !strings.Contains(reason, part) {
			t.Errorf("the reason %q lacks %q", reason, part)
		}
	}
}

// TestOtherSession: whoever doesn't make the attempts is denied the target,
// the pins and the state only, and told about pause.
func TestOtherSession(t *testing.T) {
	g := fixture(t, "another")
	for line, want := range map[string]string{
		"rm notes.txt": "", "echo x > notes.txt": "", "sed -i s/a/b/ notes.txt": "", "cp guide/ranking.py /tmp/x": "", "$CMD": "", "if then": "", "git log -p": "", "git fetch": "", "mkdir new": "",
		"autoresearch-skill status": "", "autoresearch-skill pause search --i-am-the-user": "",
		"rm guide/ranking.py": "deny", "rm -rf guide": "deny", "rm guide/*.py": "deny", "echo x > guide/ranking.py": "deny", "sed -i s/a/b/ autoresearch/search/cases.csv": "deny",
		"mv guide old": "deny", "cp x guide/ranking.py": "deny", "rm .autoresearch/active": "deny", "rm -rf .": "deny", "git checkout main": "deny", "git commit -am x": "deny",
		"git stash": "deny", "cat ~/.local/state/autoresearch-skill/a": "deny", "autoresearch-skill try -m x": "deny", "autoresearch-skill apply 3": "deny", "git -C . reset --hard": "deny",
	} {
		got, reason := answers(t, g, "Bash", Input{Command: line})
		if got != want {
			t.Errorf("%s: got %q (%s), want %q", line, got, reason, want)
		}
	}
	for file, want := range map[string]string{"guide/ranking.py": "deny", "autoresearch/search/cases.csv": "deny", "notes.txt": "", "guide/index.py": ""} {
		got, reason := answers(t, g, "Edit", Input{File: file})
		if got != want {
			t.Errorf("edit %s: got %q, want %q", file, got, want)
		}
		if got == "deny" && !strings.Contains(reason, "autoresearch-skill pause search") {
			t.Errorf("edit %s: the reason %q does not tell about pause", file, reason)
		}
	}
}

// TestNobodyYet: before the first try a session may edit the target, but
// nothing pinned; during a pause only the state is shut.
func TestNobodyYet(t *testing.T) {
	g := fixture(t, "")
	pausedRun := fixture(t, "another")
	pausedRun.Run.Paused = true
	for _, c := range []struct{ file, unbound, paused string }{
		{"guide/ranking.py", "", ""}, {"guide/index.py", "", ""}, {"autoresearch/search/cases.csv", "deny", ""}, {"peek/x", "deny", "deny"},
	} {
		if got, _ := answers(t, g, "Edit", Input{File: c.file}); got != c.unbound {
			t.Errorf("unbound, edit %s: got %q, want %q", c.file, got, c.unbound)
		}
		if got, _ := answers(t, pausedRun, "Edit", Input{File: c.file}); got != c.paused {
			t.Errorf("paused, edit %s: got %q, want %q", c.file, got, c.paused)
		}
	}
	if got, _ := answers(t, pausedRun, "Bash", Input{Command: "git checkout main && rm guide/ranking.py"}); got != "" {
		t.Errorf("paused: got %q, want no decision", got)
	}
}

func TestStop(t *testing.T) {
	going := Standing{Iterations: 6, Kept: 1, Dry: 5, Baseline: "0.6", Best: "0.7", Left: 24, Seconds: 100, Advice: "go on"}
	change := func(f func(*Run, *Standing)) (Run, Standing) {
		r, s := Run{Name: "search", Session: "s", Top: "/r", Targets: []string{"/r/a.py"}}, going
		f(&r, &s)
		return r, s
	}
	for name, c := range map[string]struct {
		f    func(*Run, *Standing)
		want string
	}{
		"goes on":             {func(*Run, *Standing) {}, `autoresearch-skill try search -m`},
		"at work":             {func(_ *Run, s *Standing) { s.Busy = "try" }, "status search --wait"},
		"no limit":            {func(_ *Run, s *Standing) { s.Left, s.Seconds = -1, -1 }, "no limit on iterations"},
		"iterations spent":    {func(_ *Run, s *Standing) { s.Left = 0 }, ""},
		"time spent":          {func(_ *Run, s *Standing) { s.Seconds = 0 }, ""},
		"stop verdict":        {func(_ *Run, s *Standing) { s.Advice = "stop" }, ""},
		"another session's":   {func(r *Run, _ *Standing) { r.Session = "else" }, ""},
		"nobody's yet":        {func(r *Run, _ *Standing) { r.Session = "" }, ""},
		"paused":              {func(r *Run, _ *Standing) { r.Paused = true }, ""},
		"finish is under way": {func(r *Run, _ *Standing) { r.Over = true }, ""},
	} {
		r, s := change(c.f)
		a := Stop(&r, "s", s)
		if c.want == "" && a.Output != nil || c.want != "" && (a.Output == nil || !strings.Contains(a.Output.Context, c.want)) {
			t.Errorf("%s: got %+v, want %q", name, a.Output, c.want)
		}
	}
}

func TestGreet(t *testing.T) {
	s := Standing{Left: 3, Seconds: -1, Baseline: "0.6", Best: "0.7"}
	for _, c := range []struct {
		session string
		paused  bool
		left    int
		want    string
	}{
		{"s", false, 3, "You run it"}, {"", false, 3, "No session runs it yet"}, {"else", false, 3, "Another session runs it"}, {"s", true, 3, "is paused"}, {"s", false, 0, "autoresearch-skill finish search"},
	} {
		s.Left = c.left
		a := Greet(&Run{Name: "search", Session: c.session, Paused: c.paused, Top: "/r", Targets: []string{"/r/a.py"}}, "s", s)
		if !strings.Contains(a.Output.Context, c.want) {
			t.Errorf("%+v: got %q", c, a.Output.Context)
		}
	}
}

func FuzzReadPayload(f *testing.F) {
	recorded, err := os.ReadFile("testdata/payloads.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(recorded)) {
		f.Add(line)
	}
	f.Add(`{"session_id": 1}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ReadPayload(strings.NewReader(text))
		if (p == nil) == (err == nil) {
			t.Fatalf("got %v and %v: want one of them", p, err)
		}
		if err != nil {
			return
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		q, err := ReadPayload(strings.NewReader(string(again)))
		if err != nil || *p != *q {
			t.Fatalf("%s: round trip gives %+v, %v", text, q, err)
		}
	})
}

// FuzzShell: no command line makes the guard panic, and one that holds a plain
// rm as its first word is denied.
func FuzzShell(f *testing.F) {
	for _, s := range []string{"rm a", "echo $(ls) > x", "bash -c 'rm a'", "a=${b:-{c,d}}; eval $a", "((", "cat <<E\n$x\nE"} {
		f.Add(s)
	}
	g := &Guard{Run: &Run{Name: "x", Top: "/r", State: "/s/" + Binary, Session: "s", Targets: []string{"/r/a"}}}
	f.Fuzz(func(t *testing.T, line string) {
		a, err := g.Before(&Payload{Session: "s", Dir: "/r", Tool: "Bash", Input: Input{Command: "rm a; " + line}})
		if err != nil || !a.Denied() {
			t.Fatalf("got %+v, %v: want a denial", a, err)
		}
	})
}

// TestAPluginsCopyOfTheCases: the cases that a run hides lie in the folder of
// an experiment's own plugin too.
func TestAPluginsCopyOfTheCases(t *testing.T) {
	for _, session := range []string{"s", "other", ""} {
		g := fixture(t, session)
		g.Kept = []string{"/plugin/harness"}
		for _, c := range []struct {
			tool string
			in   Input
			want string
		}{
			{"Read", Input{File: "/plugin/harness/cases.csv"}, "deny"},
			{"Read", Input{File: "/plugin/references/verdicts.md"}, ""},
			{"Grep", Input{Path: "/plugin", Pattern: "q1"}, "deny"},
			{"Glob", Input{Pattern: "/plugin/h*/*.csv"}, "deny"},
			{"Bash", Input{Command: "cat /plugin/harness/cases.csv"}, "deny"},
			{"Bash", Input{Command: `cat "$CLAUDE_PLUGIN_ROOT"/harness/cases.csv`}, "deny"},
			{"Bash", Input{Command: "grep -r q1 /plugin"}, "deny"},
			{"Bash", Input{Command: `python3 -c 'print(open("/plugin/harness/cases.csv").read())'`}, "deny"},
			{"Bash", Input{Command: "cat /plugin/README.md"}, ""},
		} {
			if got, reason := answers(t, g, c.tool, c.in); got != c.want || got == "deny" && !strings.Contains(reason, "hides until it is finished") {
				t.Errorf("session %q, %s %+v: got %q (%s), want %q", session, c.tool, c.in, got, reason, c.want)
			}
		}
	}
}

// TestLinks: remembering gives what looking anew does.
func TestLinks(t *testing.T) {
	g := fixture(t, "s")
	top := g.Run.Top
	if err := os.Symlink("nowhere/x", filepath.Join(top, "dangling")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	l := links{}
	for _, path := range []string{
		top, "/", filepath.Join(top, "link.py"), filepath.Join(top, "peek", "repo-1", "search", "hidden.csv"), filepath.Join(top, "peek", "new", "er"),
		filepath.Join(top, "guide", "ranking.py"), filepath.Join(top, "no", "such", "file"), filepath.Join(top, "dangling"), filepath.Join(top, "dangling", "below"),
	} {
		for range 2 {
			if got, want := l.real(path), real(path); got != want {
				t.Errorf("%s: got %s, want %s", path, got, want)
			}
		}
	}
}
