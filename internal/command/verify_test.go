//go:build unix

package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/loop"
)

// answers is an experiment whose target holds the answer to each case, which
// makes every verdict plain; its evaluation is as short as one can be.
const answers = `version: 1
name: numbers
root: .
target: [value.txt]
system: {kind: python, call: "none:none", arguments: {x: "{x}"}, interpreter: sh}
cases: {file: cases.csv, id: id, expected: expected, hidden: 0.33}
score: {formula: accuracy, direction: maximize}
class: cases
guards: ["accuracy >= 0"]
decision: {c: 1, min_delta: 0}
budget: {iterations: 1000, iteration: 60s, total: 24h}
`

const evalAnswers = `case $1 in
run) awk -F'"' '/^boom/ { exit 1 }
	FNR == NR { split($0, w, " "); answer[w[1]] = w[2]; next }
	{ printf "{\"id\": \"%s\", \"output\": \"%s\"}\n", $4, ($4 in answer) ? answer[$4] : "no" }' value.txt "$AUTORESEARCH_CASES" >"$AUTORESEARCH_OUTPUTS" ;;
score) awk 'FNR == NR { split($0, l, ","); label[l[1]] = l[3]; next }
	{ split($0, w, "\""); right = (w[8] == label[w[4]]); n++; sum += right
	  all = all (n > 1 ? ", " : "") sprintf("{\"id\": \"%s\", \"metrics\": {\"accuracy\": %d}}", w[4], right) }
	END { printf "{\"version\": 1, \"score\": %.17g, \"metrics\": {\"accuracy\": %.17g}, \"cases\": [%s]}\n", sum/n, sum/n, all }' "$AUTORESEARCH_LABELS" "$AUTORESEARCH_OUTPUTS" ;;
esac
`

// answering is a run on thirty cases, none of which is answered well.
type answering struct {
	*victim
	right           []string // that the best version answers
	visible, hidden []string // that it does not
	notes           int      // lines of the best version that do nothing
}

func newAnswering(t *testing.T) *answering {
	t.Helper()
	return newAnsweringOf(t, evalAnswers, "")
}

// newAnsweringOf has an evaluation of its own, and a variable more.
func newAnsweringOf(t *testing.T, eval, variable string) *answering {
	t.Helper()
	a := &answering{victim: numbersRepo(t, target(nil, 9), "", answers), notes: 9}
	if variable != "" {
		a.env = append(a.env, variable)
	}
	a.write("autoresearch/numbers/eval.py", eval)
	rows := "id,x,expected\n"
	for i := range 30 {
		rows += fmt.Sprintf("c%02d,%d,yes\n", i+1, i)
	}
	a.write("autoresearch/numbers/cases.csv", rows)
	a.run("git", "add", "autoresearch")
	a.run("git", "commit", "-q", "-m", "the cases", "--", "autoresearch")
	a.run(Name, "start", "--i-am-the-user", "--split", "7")
	p := a.records()[0].Start.Private
	a.hidden = slices.Clone(p.Hidden)
	for _, id := range p.Cases {
		if !slices.Contains(p.Hidden, id) {
			a.visible = append(a.visible, id)
		}
	}
	if len(a.hidden) != 10 || len(a.visible) != 20 {
		t.Fatalf("%d hidden and %d visible, want 10 and 20", len(a.hidden), len(a.visible))
	}
	return a
}

func target(right []string, notes int) string {
	return strings.Repeat("# nothing\n", notes) + strings.Join(right, " yes\n") + map[bool]string{true: " yes\n"}[len(right) > 0]
}

// steps are the kinds of trials, each with the verdict that it must get.
var answerSteps = []struct {
	name string
	edit func(*answering) string
	want decide.Verdict
	code int
}{
	{"three visible and two hidden cases more", func(a *answering) string {
		a.right = slices.Concat(a.right, a.visible[:3], a.hidden[:2])
		a.visible, a.hidden = a.visible[3:], a.hidden[2:]
		return target(a.right, a.notes)
	}, decide.Keep, 0},
	{"visible cases by heart", func(a *answering) string {
		return target(slices.Concat(a.right, a.visible[:4]), a.notes)
	}, decide.Inconclusive, 0},
	{"two cases lost", func(a *answering) string {
		return target(a.right[2:], a.notes)
	}, decide.Discard, 0},
	{"one visible case, whatever the hidden ones say", func(a *answering) string {
		return target(slices.Concat(a.right, a.visible[:1], a.hidden[:min(1, len(a.hidden))]), a.notes)
	}, decide.Discard, 0},
	{"it does not run", func(a *answering) string {
		return "boom\n" + target(a.right, a.notes)
	}, decide.Crash, 3},
	{"the same answers from less", func(a *answering) string {
		a.notes--
		return target(a.right, a.notes)
	}, decide.Keep, 0},
}

func (a *answering) step(i int) {
	a.t.Helper()
	s := answerSteps[i%len(answerSteps)]
	a.write("value.txt", s.edit(a))
	cmd, out := a.command(Name, "try", "-m", s.name)
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != s.code {
		a.t.Fatalf("step %d, %s: %v, want exit %d\n%s", i+1, s.name, err, s.code, out)
	}
	outcomes := a.outcomes()
	if got := outcomes[len(outcomes)-1].Outcome; len(outcomes) != i+1 || got.Verdict != s.want {
		a.t.Fatalf("step %d, %s: outcome %d is %s (%s), want %s", i+1, s.name, len(outcomes), got.Verdict, got.Reason, s.want)
	}
}

// verify gives report --verify's answer and exit code.
func (v *victim) verify() (loop.Verified, int) {
	v.t.Helper()
	cmd, out := v.command(Name, "report", "--verify", "--json", "--i-am-the-user")
	err := cmd.Run()
	var got loop.Verified
	if json.Unmarshal(out.Bytes(), &got) != nil {
		v.t.Fatalf("report --verify: %v\n%s", err, out)
	}
	return got, cmd.ProcessState.ExitCode()
}

// sound fails the test unless the journal is as it was written.
func (v *victim) sound(outcomes, judged int) {
	v.t.Helper()
	got, code := v.verify()
	if code != 0 || len(got.Problems) > 0 || len(got.Notes) > 0 || got.Outcomes != outcomes || got.Judged != judged {
		v.t.Fatalf("want %d of %d judged again and nothing else, got exit %d, %+v", judged, outcomes, code, got)
	}
}

// state is the one experiment's state folder.
func (v *victim) state(elem ...string) string {
	v.t.Helper()
	found, err := filepath.Glob(filepath.Join(homeOf(v.env), "state", "*", "*", "numbers"))
	if err != nil || len(found) != 1 {
		v.t.Fatalf("state folders: %q, %v", found, err)
	}
	return filepath.Join(append(found, elem...)...)
}

// rewrite puts other records in the journal's place, numbered anew.
func (v *victim) rewrite(records []journal.Record) {
	v.t.Helper()
	var out bytes.Buffer
	for i, r := range records {
		r.Seq = i + 1
		data, err := json.Marshal(r)
		if err != nil {
			v.t.Fatal(err)
		}
		out.Write(append(data, '\n'))
	}
	v.overwrite(v.state("journal.jsonl"), out.Bytes())
}

func (v *victim) overwrite(name string, data []byte) {
	v.t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// swapText changes a file and gives what puts it back.
func (v *victim) swapText(name, old, now string) (back func()) {
	v.t.Helper()
	data, err := os.ReadFile(name)
	if err != nil || !bytes.Contains(data, []byte(old)) {
		v.t.Fatalf("%s has no %q: %v", name, old, err)
	}
	v.overwrite(name, bytes.Replace(data, []byte(old), []byte(now), 1))
	return func() { v.overwrite(name, data) }
}

// of finds the record of a type and iteration.
func of(records []journal.Record, t journal.Type, n int) *journal.Record {
	return &records[slices.IndexFunc(records, func(r journal.Record) bool { return r.Type == t && r.N == n })]
}

// outcomeOf is what an iteration's intent and its outcome both say.
func outcomeOf(records []journal.Record, n int, change func(*journal.Outcome)) int {
	change(of(records, journal.TypeIntent, n).Intent.Outcome)
	change(of(records, journal.TypeOutcome, n).Outcome)
	return of(records, journal.TypeOutcome, n).Seq
}

// forgery changes a journal and gives the line that must be named and what
// must be said of it.
type forgery func(r []journal.Record) (now []journal.Record, line int, says string)

// forged are forgeries; those of a group do not hide each other and are looked
// at together.
var forged = []map[string]forgery{
	{
		"a score": func(r []journal.Record) ([]journal.Record, int, string) {
			of(r, journal.TypeOutcome, 1).Outcome.Score.Score += .1
			return r, of(r, journal.TypeOutcome, 1).Seq, "not what its intent says: score.score"
		},
		"a measurement": func(r []journal.Record) ([]journal.Record, int, string) {
			return r, outcomeOf(r, 2, func(o *journal.Outcome) { o.Private.Trial.Runs[0].Cases[3]++ }), "the trial, case c04"
		},
		"a measurement and its score": func(r []journal.Record) ([]journal.Record, int, string) {
			return r, outcomeOf(r, 3, func(o *journal.Outcome) {
				for i := range o.Private.Trial.Runs[0].Cases {
					o.Private.Trial.Runs[0].Cases[i] = 1
					o.Private.Score.Cases[fmt.Sprintf("c%02d", i+1)] = 1
				}
			}), "judged again it is keep, not discard"
		},
		"a verdict": func(r []journal.Record) ([]journal.Record, int, string) {
			in := of(r, journal.TypeIntent, 4).Intent
			in.Verdict = decide.Inconclusive
			return r, outcomeOf(r, 4, func(o *journal.Outcome) { o.Verdict = decide.Inconclusive }), "judged again it is discard, not inconclusive"
		},
		"the seed": func(r []journal.Record) ([]journal.Record, int, string) {
			r[0].Start.Private.Seed++
			return r, 1, "not those that the seed draws"
		},
	},
	{
		"a score, in both places": func(r []journal.Record) ([]journal.Record, int, string) {
			return r, outcomeOf(r, 1, func(o *journal.Outcome) { o.Score.Score += .1 }), "not the mean of its cases"
		},
		"a reason": func(r []journal.Record) ([]journal.Record, int, string) {
			return r, outcomeOf(r, 2, func(o *journal.Outcome) { o.Reason = "much better" }), `the reason is "not confirmed"`
		},
		"a parent": func(r []journal.Record) ([]journal.Record, int, string) {
			base := r[0].Start.Base
			return r, outcomeOf(r, 3, func(o *journal.Outcome) { o.Parent = base }), "it was judged against"
		},
		"the hidden cases": func(r []journal.Record) ([]journal.Record, int, string) {
			r[0].Start.Private.Hidden = r[0].Start.Private.Hidden[1:]
			return r, 1, "not those that the seed draws"
		},
		"the rule": func(r []journal.Record) ([]journal.Record, int, string) {
			r[0].Start.Rule.C = 0
			return r, 1, "the rule is not the contract's"
		},
	},
	{
		"a version": func(r []journal.Record) ([]journal.Record, int, string) {
			blob := r[0].Start.Blobs[0].Blob
			of(r, journal.TypeIntent, 1).Intent.Trial[0].Blob = blob
			return r, outcomeOf(r, 1, func(o *journal.Outcome) { o.Files[0].Blob = blob }), "has another version of value.txt"
		},
	},
	{
		"an iteration left out": func(r []journal.Record) ([]journal.Record, int, string) {
			at := of(r, journal.TypeIntent, 3).Seq
			return slices.Delete(r, at-1, at+1), at, "iteration 4, want 3"
		},
	},
	{
		"a keep left out": func(r []journal.Record) ([]journal.Record, int, string) {
			at := of(r, journal.TypeIntent, 1).Seq
			r = slices.Delete(r, at-1, at+1)
			for i := range r {
				r[i].N = max(0, r[i].N-1)
			}
			return r, at, "the intent's incumbent is not the best version"
		},
	},
	{
		"the last iteration left out": func(r []journal.Record) ([]journal.Record, int, string) {
			return r[:len(r)-2], len(r) - 2, "lines more than the journal"
		},
	},
}

// TestVerify: a run of thirty iterations with every kind of verdict is judged
// again without a fault, while it goes on and after finish; whatever is
// tampered with is named by its line.
func TestVerify(t *testing.T) {
	t.Parallel()
	a := newAnswering(t)
	for i := range len(answerSteps) {
		a.step(i)
	}
	a.sound(6, 5)
	journalled := a.records()
	for _, group := range forged {
		records, wants := a.records(), map[string]loop.Problem{}
		for name, forge := range group {
			var want loop.Problem
			records, want.Line, want.What = forge(records)
			wants[name] = want
		}
		a.rewrite(records)
		a.named(wants)
		a.rewrite(journalled)
	}
	a.tampered()
	a.sound(6, 5)

	for i := len(answerSteps); i < 30; i++ {
		a.step(i)
	}
	if out := a.run(Name, "finish", "--i-am-the-user", "--json", "--no-ablation"); !strings.Contains(out, `"kept": 10`) {
		t.Errorf("finish: want 10 kept, got %s", out)
	}
	a.sound(30, 25)
	a.afterwards()
	if out := a.run(Name, "report", "--verify"); out != "25 outcomes judged again, all as recorded; 5 more had no measurement to judge\n" {
		t.Errorf("report --verify says %q", out)
	}
}

// named fails the test unless each line is named with the words, and exit is 1.
func (v *victim) named(wants map[string]loop.Problem) {
	v.t.Helper()
	got, code := v.verify()
	for what, want := range wants {
		ok := slices.ContainsFunc(got.Problems, func(p loop.Problem) bool { return p.Line == want.Line && strings.Contains(p.What, want.What) })
		if !ok || code != 1 {
			v.t.Errorf("%s: want line %d named with %q and exit 1, got %d, %+v", what, want.Line, want.What, code, got.Problems)
		}
	}
}

// tampered changes what lies beside the journal.
func (a *answering) tampered() {
	a.t.Helper()
	records := a.records()
	last, second := len(records), of(records, journal.TypeOutcome, 2)
	back := a.swapText(a.state("journal.jsonl"), `{"seq":4,`, `{"seq":5,`)
	a.named(map[string]loop.Problem{"a removed line": {Line: 4, What: "a line is missing or doubled"}})
	back()
	wants := map[string]loop.Problem{"an amended commit": {Line: last, What: "branch autoresearch/numbers is at"}}
	head := strings.TrimSpace(a.run("git", "rev-parse", "HEAD"))
	a.run("git", "commit", "-q", "--amend", "-m", "mine", "--only")
	for _, c := range []struct {
		file, old, now string
		want           loop.Problem
	}{
		{filepath.Join(a.dir, ".autoresearch/numbers/attempts/0002.patch"), "\n+c", "\n+d", loop.Problem{Line: second.Seq, What: "0002.patch makes another version"}},
		{a.state("blobs", second.Outcome.Files[0].SHA256), "yes", "no", loop.Problem{Line: second.Seq, What: "they changed"}},
		{filepath.Join(a.dir, "autoresearch/numbers/eval.py"), "n++", "n+=1", loop.Problem{Line: last, What: "eval.py: was file"}},
		{a.state("pins.json"), `"sha256": "`, `"sha256": "0000`, loop.Problem{Line: 2, What: "the pin of autoresearch/numbers/cases.csv"}},
	} {
		defer a.swapText(c.file, c.old, c.now)()
		wants[c.file] = c.want
	}
	a.named(wants)
	a.run("git", "update-ref", "HEAD", head)
	cmd, out := a.command(Name, "report", "--verify")
	if err := cmd.Run(); err == nil || !strings.Contains(out.String(), "report --verify is the user's to call") {
		a.t.Errorf("verify would tell what hidden cases say, and yet: %v\n%s", err, out)
	}
}

// afterwards tampers with what finish wrote.
func (a *answering) afterwards() {
	a.t.Helper()
	records := a.records()
	at := slices.IndexFunc(records, func(r journal.Record) bool { return r.Type == journal.TypeFinish })
	records[at].Finish.HonestGain++
	a.rewrite(records)
	a.named(map[string]loop.Problem{"the honest gain": {Line: at + 1, What: "computed again, the gain honest_gain"}})
	records[at].Finish.HonestGain--
	a.rewrite(records)
	head := strings.TrimSpace(a.run("git", "rev-parse", "HEAD"))
	a.swapText(filepath.Join(a.dir, "autoresearch/numbers/journal.jsonl"), `"hidden_delta":0`, `"hidden_delta":1`)
	if got, _ := a.verify(); len(got.Problems) > 0 || !strings.Contains(strings.Join(got.Notes, "\n"), "journal.jsonl in the work tree is not the committed one") {
		a.t.Errorf("a copy that was changed and not committed: %+v", got)
	}
	a.run("git", "commit", "-q", "-m", "mine", "--", "autoresearch/numbers/journal.jsonl")
	got, code := a.verify()
	if code != 1 || len(got.Problems) != 1 || !strings.Contains(got.Problems[0].What, "of the committed journal.jsonl") {
		a.t.Errorf("a committed line: got %d, %+v", code, got.Problems)
	}
	a.run("git", "update-ref", "HEAD", head)
	a.run("git", "checkout", "-q", "HEAD", "--", "autoresearch/numbers/journal.jsonl")
}
