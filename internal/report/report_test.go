package report

import (
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

func TestNoRun(t *testing.T) {
	if _, err := Build(nil, Options{}); !errors.Is(err, ErrNoRun) {
		t.Errorf("got %v, want ErrNoRun", err)
	}
	m := build(t, world{cases: 20, direction: "maximize", seed: 1}.records(), Options{})
	if m.Outlook.Verdict != CannotTell || m.Iterations != 0 {
		t.Errorf("a run of no attempts: got %q, %d", m.Outlook.Verdict, m.Iterations)
	}
	if _, err := m.HTML(); err != nil {
		t.Error(err)
	}
}

// TestNothingHidden: while the run goes on no report names a hidden case.
func TestNothingHidden(t *testing.T) {
	records := world{attempts: 40, cases: 30, direction: "maximize", seed: 2}.records()
	m := build(t, public(records), Options{})
	page, err := m.HTML()
	if err != nil {
		t.Fatal(err)
	}
	text := string(m.Markdown()) + string(page)
	for _, id := range records[0].Start.Private.Hidden {
		if strings.Contains(text, id) {
			t.Errorf("the report of a running experiment names hidden case %s", id)
		}
	}
	if !strings.Contains(string(page), "q001") {
		t.Error("the page names no visible case: the test looks at nothing")
	}
}

// TestMirror: minimizing the negated score says the same in all things.
func TestMirror(t *testing.T) {
	records := world{attempts: 60, cases: 24, direction: "maximize", finish: true, seed: 3}.records()
	up := build(t, records, Options{})
	down := build(t, negated(records), Options{})
	if up.Outlook != down.Outlook && !(math.IsNaN(up.Outlook.Power) && math.IsNaN(down.Outlook.Power)) {
		t.Errorf("outlook: got %+v, want %+v", down.Outlook, up.Outlook)
	}
	if len(up.Approaches) != len(down.Approaches) || len(up.Approaches) == 0 {
		t.Fatalf("approaches: got %d, want %d", len(down.Approaches), len(up.Approaches))
	}
	for i, a := range up.Approaches {
		b := down.Approaches[i]
		if a.Name != b.Name || a.Verdict != b.Verdict || !near(a.Best, -b.Best) || !near(a.Low, -b.High) || !near(a.Worst, -b.Worst) {
			t.Errorf("%s: got %s %v (%v), want %s %v (%v)", a.Name, b.Verdict, b.Best, b.Low, a.Verdict, a.Best, a.Low)
		}
	}
	if !near(*up.Ceiling.Router, -*down.Ceiling.Router) || len(up.Ceiling.Never) != len(down.Ceiling.Never) {
		t.Errorf("ceiling: got %v, want %v", *down.Ceiling.Router, *up.Ceiling.Router)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// negated turns a maximized journal into the minimized one that says the same.
func negated(records []journal.Record) []journal.Record {
	flip := func(s journal.Score) journal.Score {
		out := journal.Score{Score: -s.Score, Cases: map[string]float64{}}
		for id, v := range s.Cases {
			out.Cases[id] = -v
		}
		return out
	}
	var out []journal.Record
	for _, r := range records {
		switch {
		case r.Start != nil:
			s, p := *r.Start, *r.Start.Private
			s.Direction, s.Baseline, p.Score = "minimize", flip(s.Baseline), flip(p.Score)
			s.Private, r.Start = &p, &s
		case r.Outcome != nil && r.Outcome.Score != nil:
			o, p := *r.Outcome, *r.Outcome.Private
			score, all := flip(*o.Score), flip(*p.Score)
			o.Score, p.Score, o.Delta, o.Private = &score, &all, -o.Delta, &p
			r.Outcome = &o
		case r.Finish != nil:
			f := *r.Finish
			f.Baseline, f.Final = flip(f.Baseline), flip(f.Final)
			r.Finish = &f
		}
		out = append(out, r)
	}
	return out
}

// TestUndo: what was taken back is no keep, and the best falls back.
func TestUndo(t *testing.T) {
	records := world{attempts: 40, cases: 40, direction: "maximize", seed: 4}.records()
	before := build(t, records, Options{})
	if before.Kept == 0 {
		t.Fatal("the made-up run keeps nothing: the test needs a keep")
	}
	last := before.Survived[len(before.Survived)-1]
	old := records[0].Start.Private.Score
	records = append(records, journal.Record{Type: journal.TypeUndo, Time: records[len(records)-1].Time, Undo: &journal.Undo{Of: last.N, Score: &old}})
	after := build(t, records, Options{})
	if after.Kept != before.Kept-1 || after.Final.Score != old.Score {
		t.Errorf("got %d kept, best %v; want %d, %v", after.Kept, after.Final.Score, before.Kept-1, old.Score)
	}
	if got := after.Points[last.N-1]; got.Fate != Undone || !strings.Contains(string(after.Markdown()), "keep, undone since") {
		t.Errorf("attempt %d: got fate %q", last.N, got.Fate)
	}
}

// TestHostileText: what repositories and agents write stays text.
func TestHostileText(t *testing.T) {
	nasty := "<script>alert(1)</script> | [x](javascript:alert) `code` \x1b[31mred\x07 \u202Eevil\u2066 @everyone #1 https://evil.example"
	records := world{attempts: 12, cases: 20, direction: "maximize", finish: true, seed: 6}.records()
	for i := range records {
		if o := records[i].Outcome; o != nil {
			o.Message, o.Reason, o.Tags, o.Commit = nasty, nasty, []string{nasty + " value"}, nasty
			o.Changes = []journal.Change{{Lever: nasty, From: nasty, To: nasty}}
			o.Verdict, o.Decision = decide.Keep, &journal.Decision{Decision: decide.Decision{Warnings: []string{nasty}}}
		}
	}
	s := records[0].Start
	s.Experiment, s.Target, s.Formula = nasty, []string{nasty}, nasty
	m := build(t, records, Options{Levers: []string{nasty}, Diffs: map[int]string{2: "+```\n" + nasty + "\n````\n</pre>"}, Strata: map[string]string{"q001": nasty}})
	page, err := m.HTML()
	if err != nil {
		t.Fatal(err)
	}
	md := string(m.Markdown())
	for name, text := range map[string]string{"html": string(page), "md": md} {
		for _, r := range text {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%s holds the control character %U", name, r)
				break
			}
		}
	}
	if n := strings.Count(string(page), "<script"); n != 1 {
		t.Errorf("the page has %d scripts, want its own one", n)
	}
	outside := regexp.MustCompile("(?s)`{4,}diff.*?\n`{4,}\n").ReplaceAllString(md, "")
	for _, bad := range []string{"<script", "[x](", "@everyone", " #1 ", "https://"} {
		if strings.Contains(outside, bad) {
			t.Errorf("report.md holds %q unescaped", bad)
		}
	}
}

// TestPageIsWhole: it loads nothing, and its ids are its own.
func TestPageIsWhole(t *testing.T) {
	page, err := build(t, world{attempts: 90, cases: 30, direction: "maximize", finish: true, seed: 8}.records(), Options{}).HTML()
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`https?://|\ssrc=|@import|url\(|ZgotmplZ|<no value>|NaN|%!`).Find(page); found != nil {
		t.Errorf("the page holds %q", found)
	}
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllSubmatch(page, -1) {
		if seen[string(id[1])] {
			t.Errorf("id %q stands twice", id[1])
		}
		seen[string(id[1])] = true
	}
	for _, ref := range regexp.MustCompile(`aria-labelledby="([^"]*)"`).FindAllSubmatch(page, -1) {
		if !seen[string(ref[1])] {
			t.Errorf("aria-labelledby %q names nothing", ref[1])
		}
	}
}

// TestCost adds up what the records say. What passed between the last attempt
// and finish, a day later, is no cost.
func TestCost(t *testing.T) {
	records := world{attempts: 10, cases: 20, direction: "maximize", finish: true, seed: 1}.records()
	end := &records[len(records)-1]
	end.Time = end.Time.Add(24 * time.Hour)
	m := build(t, records, Options{})
	if c := m.Cost; c.Evaluations != 10 || c.Evals != 10*time.Minute || c.Took != 800*time.Second || c.Passed != 15*time.Minute {
		t.Errorf("got %+v", c)
	}
	if got, want := m.costLine(), "10 attempts took 13 min: 10 evaluations, 10 min of it."; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAgentCost: what the agent used is told as far as it is known, and never
// divided among keeps that it may not have paid for.
func TestAgentCost(t *testing.T) {
	records := world{attempts: 10, cases: 20, direction: "maximize", seed: 1}.records()
	all := journal.Tokens{Input: 100_000, Cached: 2_300_000, Output: 40_000}
	for name, c := range map[string]struct {
		agent *journal.Usage
		want  string
	}{
		"no launch":     {nil, "Tokens and dollars: unknown; only Claude Code under launch tells them, and it did not run here."},
		"another agent": {&journal.Usage{Sessions: 2}, "Tokens and dollars: unknown; none of the agent's 2 sessions told them."},
		"all of it":     {&journal.Usage{Sessions: 2, Told: 2, Attempts: 10, Dollars: 3.4, Tokens: all}, "The agent, by its client's account: 2.4 million tokens (94 % of them read from a cache, 40 thousand written by it), $3.40; for each keep 2.4 million tokens, $3.40."},
		"a part":        {&journal.Usage{Sessions: 3, Told: 2, Attempts: 8, Dollars: 3.4, Tokens: all}, "at least 2.4 million tokens (94 % of them read from a cache, 40 thousand written by it), $3.40; for each keep unknown. It is known for 2 of 3 sessions and for 8 of 10 attempts."},
		"no tokens":     {&journal.Usage{Sessions: 1, Told: 1, Attempts: 10, Dollars: 0.02}, "tokens unknown, $0.0200; for each keep tokens unknown, $0.0200."},
	} {
		m := build(t, records, Options{Agent: c.agent})
		if m.Kept != 1 {
			t.Fatalf("%d kept, want 1", m.Kept)
		}
		if got := m.agentLine(); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
