package command

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
)

// scenario is a command that is killed at each of its points in turn, from the
// same beginning.
type scenario struct {
	name    string
	prepare func(*victim)
	command []string // called again after the kill
	over    string   // what it says where the killed one had come to its end
	target  string   // that value.txt and HEAD hold in the end
	records map[string]int
	verdict decide.Verdict // of the last outcome
	report  bool
}

var scenarios = []scenario{
	{
		name: "keep", command: []string{"try", "-m", "killed"}, over: "nothing to try", target: "3", verdict: decide.Keep,
		prepare: func(v *victim) { v.started(); v.write("value.txt", "3\n") },
		records: map[string]int{"start": 1, "intent": 2, "outcome": 2},
	},
	{
		name: "discard", command: []string{"try", "-m", "killed"}, over: "nothing to try", target: "2", verdict: decide.Discard,
		prepare: func(v *victim) { v.started(); v.write("value.txt", "0\n") },
		records: map[string]int{"start": 1, "intent": 2, "outcome": 2},
	},
	{
		name: "crash", command: []string{"try", "-m", "killed"}, over: "nothing to try", target: "2", verdict: decide.Crash,
		prepare: func(v *victim) { v.started(); v.write("value.txt", "13\n") },
		records: map[string]int{"start": 1, "intent": 2, "outcome": 2},
	},
	{
		name: "hook", command: []string{"try", "-m", "killed"}, over: "nothing to try", target: "2", verdict: decide.ChecksFail,
		prepare: func(v *victim) {
			v.started()
			v.write(".git/hooks/pre-commit", "#!/bin/sh\necho no\nexit 1\n")
			if err := os.Chmod(filepath.Join(v.dir, ".git/hooks/pre-commit"), 0o755); err != nil {
				v.t.Fatal(err)
			}
			v.write("value.txt", "3\n")
		},
		records: map[string]int{"start": 1, "intent": 2, "outcome": 2},
	},
	{
		name: "start", command: []string{"start", "--i-am-the-user"}, over: "running already", target: "1",
		prepare: func(*victim) {}, records: map[string]int{"start": 1},
	},
	{
		name: "finish", command: []string{"finish", "--i-am-the-user"}, over: "no experiment is running", target: "2", verdict: decide.Keep,
		prepare: (*victim).started, records: map[string]int{"start": 1, "intent": 1, "outcome": 1, "finish": 1}, report: true,
	},
	{
		name: "undo", command: []string{"undo", "1", "--i-am-the-user"}, over: "taken back already", target: "1", verdict: decide.Keep,
		prepare: (*victim).started, records: map[string]int{"start": 1, "intent": 1, "outcome": 1, "undo": 1},
	},
	{
		name: "apply", command: []string{"apply", "2"}, over: "holds its diff already", target: "0", verdict: decide.Discard,
		prepare: func(v *victim) {
			v.started()
			v.write("value.txt", "0\n")
			v.run(Name, "try", "-m", "worse")
		},
		records: map[string]int{"start": 1, "intent": 2, "outcome": 2},
	},
}

// TestKilledAtEveryWrite kills each command just before a system call that
// changes a file: the same command, called again, completes or undoes what
// was left; the journal has every record once; and nothing of the user's has
// changed. AUTORESEARCH_KILLS sets how many points are tried, of all commands
// together; beyond their number each is tried in other ways of dying.
func TestKilledAtEveryWrite(t *testing.T) {
	t.Parallel()
	traceable(t)
	points := 150
	if n, err := strconv.Atoi(os.Getenv("AUTORESEARCH_KILLS")); err == nil {
		points = n
	}
	for i, s := range scenarios {
		share := points / len(scenarios)
		if i < points%len(scenarios) {
			share++
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.kill(t, share, rand.New(rand.NewPCG(uint64(i), uint64(points))))
		})
	}
}

func (s scenario) kill(t *testing.T, share int, rng *rand.Rand) {
	v := numbersRepo(t, "1\n", evalNumber, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	v.run("git", "stash", "push", "-q", "--keep-index", "--", "mine.txt")
	v.write("mine.txt", "and edited again\n")
	s.prepare(v)
	client, err := git.Open(t.Context(), v.dir)
	if err != nil {
		t.Fatal(err)
	}
	k := &killer{scenario: s, victim: v, client: client, saved: t.TempDir()}
	k.save()
	k.before = k.fingerprint()
	got := k.die(0, everyone)
	if got.exit != 0 && got.exit != 3 {
		t.Fatalf("not killed, and yet exit %d:\n%s", got.exit, got.out)
	}
	k.check("without a kill")
	var order []int
	killed := 0
	for i := range share {
		if i%got.points == 0 {
			order = rng.Perm(got.points)
		}
		k.restore()
		how := whom(rng.IntN(int(whoms)))
		died := k.die(order[i%got.points]+1, how)
		if died.last == "" {
			k.restore() // a thread less than in the run that counted
			continue
		}
		killed++
		k.next()
		k.check(fmt.Sprintf("killed at %d of %d (%s), who: %d", order[i%got.points]+1, got.points, died.last, how))
	}
	if killed*10 < share*9 {
		t.Errorf("only %d of %d were killed: the test proves little", killed, share)
	}
	t.Logf("%d kills at %d points", killed, got.points)
}

// killer kills one scenario's command again and again.
type killer struct {
	scenario
	*victim
	client *git.Client
	saved  string
	before git.Fingerprint
}

func (k *killer) die(at int, who whom) traced {
	k.t.Helper()
	cmd := exec.Command(Name, k.scenario.command...)
	cmd.Dir, cmd.Env = k.dir, k.env
	got, err := trace(cmd, at, who)
	if err != nil {
		k.t.Fatalf("%v\n%s", err, got.out)
	}
	return got
}

func (k *killer) save() {
	for from, to := range map[string]string{k.dir: "repo", homeOf(k.env): "home"} {
		k.run("cp", "-a", from, filepath.Join(k.saved, to))
	}
}

func (k *killer) restore() {
	for to, from := range map[string]string{k.dir: "repo", homeOf(k.env): "home"} {
		if err := os.RemoveAll(to); err != nil {
			k.t.Fatal(err)
		}
		if out, err := exec.Command("cp", "-a", filepath.Join(k.saved, from), to).CombinedOutput(); err != nil {
			k.t.Fatalf("%v\n%s", err, out)
		}
	}
}

// fingerprint is all that no command may change.
func (k *killer) fingerprint() git.Fingerprint {
	k.t.Helper()
	except := git.Except{
		Paths: []string{"value.txt", ".autoresearch/", "autoresearch/numbers/report.md", "autoresearch/numbers/report.html", "autoresearch/numbers/journal.jsonl", "autoresearch/lessons.md"},
		Refs:  []string{"HEAD", "refs/heads/autoresearch/numbers"},
	}
	f, err := k.client.Fingerprint(k.t.Context(), except)
	if err != nil {
		k.t.Fatal(err)
	}
	return f
}

var toRemove = regexp.MustCompile(`if none is, one died: rm "([^"]+)"`)

// next is the command that comes after a kill. A git that died may have left
// its lock: the error names it, and the user removes it.
func (k *killer) next() {
	k.t.Helper()
	var said string
	for range 4 {
		cmd, out := k.victim.command(Name, k.scenario.command...)
		err := cmd.Run()
		said = out.String()
		if err == nil || strings.Contains(said, k.over) || cmd.ProcessState.ExitCode() == 3 {
			return
		}
		lock := toRemove.FindStringSubmatch(said)
		if lock == nil {
			k.t.Fatalf("the command after a kill: %v\n%s", err, said)
		}
		if err := os.Remove(lock[1]); err != nil {
			k.t.Fatal(err)
		}
	}
	k.t.Fatalf("the command after a kill never came through\n%s", said)
}

// check holds the end against what must be.
func (k *killer) check(when string) {
	k.t.Helper()
	counts := map[string]int{}
	var last *journal.Outcome
	for _, r := range k.victim.records() {
		if r.Type == journal.TypeOutcome {
			last = r.Outcome
		}
		if r.Type != journal.TypeNote {
			counts[string(r.Type)]++
		}
	}
	if fmt.Sprint(counts) != fmt.Sprint(k.scenario.records) {
		k.t.Fatalf("%s: the journal has %v, want %v", when, counts, k.scenario.records)
	}
	if last != nil && last.Verdict != k.verdict {
		k.t.Fatalf("%s: %s (%s), want %s", when, last.Verdict, last.Reason, k.verdict)
	}
	data, err := os.ReadFile(filepath.Join(k.dir, "value.txt"))
	if err != nil || strings.TrimSpace(string(data)) != k.target {
		k.t.Fatalf("%s: the target holds %q, want %s (%v)", when, data, k.target, err)
	}
	head := k.target
	if k.name == "apply" {
		head = "2"
	}
	if got := k.run("git", "show", "HEAD:value.txt"); strings.TrimSpace(got) != head {
		k.t.Fatalf("%s: HEAD holds %q, want %s", when, got, head)
	}
	if changes := k.before.Changes(k.fingerprint()); changes != nil {
		k.t.Fatalf("%s: something of the user's changed: %s", when, strings.Join(changes, "; "))
	}
	if status := k.run("git", "status", "--porcelain", "value.txt"); (status != "") != (k.name == "apply") {
		k.t.Fatalf("%s: git status says %q", when, status)
	}
	if _, err := os.Stat(filepath.Join(k.dir, "autoresearch/numbers/report.md")); (err == nil) != k.report {
		k.t.Fatalf("%s: report: %v", when, err)
	}
}
