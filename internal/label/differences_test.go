package label

import (
	"context"
	"maps"
	"math"
	"strings"
	"testing"

	"autoresearch-skill/internal/cases"
)

// sides are two people's labels in memory, over the case file of a desk.
func sides(d *Desk, first, second map[string]string) *Sides {
	picked := map[string]string{}
	return &Sides{
		Read: func() (*Said, error) {
			return &Said{Names: [2]string{"ann", "bea"}, Labels: [2]map[string]string{first, second}, Picked: picked}, nil
		},
		Settle: func(ctx context.Context, decide func(*cases.Table) (labels, picked map[string]string, err error)) error {
			table, err := d.Read()
			if err != nil {
				return err
			}
			labels, more, err := decide(table)
			if err != nil {
				return err
			}
			for id, label := range labels {
				if _, err := d.change(ctx, id, func(_ *cases.Table, _ string) (string, error) { return label, nil }); err != nil {
					return err
				}
			}
			maps.Copy(picked, more)
			return nil
		},
	}
}

// A case's label is written once nothing of it is open, in the file's style,
// and what only one of two said is written only as it was picked.
func TestDifferences(t *testing.T) {
	const head = "id,query,kind,expected\n"
	dir := write(t, head+"q1,one,k,\nq2,two,k,x; y\nq3,three,k,\n")
	d := desk(t, dir, "nDCG@10", fixed(`["d1", "d2", "d3", "d4"]`))
	d.Sides = sides(d,
		map[string]string{"q1": "d1|d2:3", "q2": "d1", "q3": "d4:2"},
		map[string]string{"q1": "d1|d2:1|d3:0", "q2": "d2", "q3": `{"d4": 2}`})
	c, err := d.contrast()
	if err != nil {
		t.Fatal(err)
	}
	if c.Agreement.Kappa != nil || !strings.Contains(c.Says, "no kappa") {
		t.Errorf("a kappa before it is known what was shown: %s", c.Says)
	}
	answerAll(t, d)
	if c, err = d.contrast(); err != nil {
		t.Fatal(err)
	}
	// Grades of ann: 1 3 0 0, 1 0 0 0, 0 0 0 2; of bea: 1 1 0 0, 0 1 0 0, 0 0 0 2.
	// scikit-learn 1.2.1, cohen_kappa_score(labels=range(5), weights="linear").
	if got := *c.Agreement.Kappa; math.Abs(got-5./9) > 1e-12 {
		t.Errorf("kappa %v, want 0.5556", got)
	}
	if c.Agreement.Judgments != 12 || c.Agreement.Same != 9 || c.Agreement.Open != 3 || c.Agreed != 1 || len(c.Cases) != 2 {
		t.Errorf("got %+v, %d agreed, %d cases", c.Agreement, c.Agreed, len(c.Cases))
	}
	steps := []struct {
		id, result, answer, want string
	}{
		{"q1", "d2", "1", "q1,one,k,d1; d2; d3:0\nq2,two,k,x; y\nq3,three,k,\n"},
		{"q2", "d1", "0", "q1,one,k,d1; d2; d3:0\nq2,two,k,x; y\nq3,three,k,\n"}, // d2 is open still
		{"q2", "d2", "4", "q1,one,k,d1; d2; d3:0\nq2,two,k,x; y; d1:0; d2:4\nq3,three,k,\n"},
		{"q1", "d2", "2", "q1,one,k,d1; d2:2; d3:0\nq2,two,k,x; y; d1:0; d2:4\nq3,three,k,\n"}, // another pick
	}
	for _, s := range steps {
		if c, err = d.pick(t.Context(), s.id, s.result, s.answer); err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		if got := fileOf(t, dir); got != head+s.want {
			t.Fatalf("%s %s %s:\n got %q\nwant %q", s.id, s.result, s.answer, got, head+s.want)
		}
	}
	if c.Agreement.Open != 0 || *c.Agreement.Kappa > 0.56 {
		t.Errorf("after the picks: %s; what they said has not changed", c.Says)
	}
	if _, err = d.takeAgreed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fileOf(t, dir); !strings.HasSuffix(got, "q3,three,k,d4:2\n") {
		t.Errorf("agreed: %q", got)
	}
	settle, one := d.Sides.Settle, 1
	d.Sides.Settle = func(ctx context.Context, decide func(*cases.Table) (labels, picked map[string]string, err error)) error {
		if _, err := d.mark(ctx, "q1", "d4", &one); err != nil { // in another window, while the pick waits for the lock
			return err
		}
		return settle(ctx, decide)
	}
	if _, err = d.pick(t.Context(), "q1", "d2", "3"); err != nil {
		t.Fatal(err)
	}
	if got := fileOf(t, dir); !strings.Contains(got, "q1,one,k,d1; d2:3; d3:0; d4\n") {
		t.Errorf("a pick beside another window's mark: %q", got)
	}
	for _, bad := range [][3]string{{"q9", "d1", "1"}, {"q1", "d1", "1"}, {"q1", "d2", ""}, {"q1", "d2", "eleven"}, {"q1", "d2", "5"}} {
		if _, err := d.pick(t.Context(), bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAgreementOfOtherKinds(t *testing.T) {
	for _, tt := range []struct {
		score, want   string
		first, second map[string]string
	}{
		// scikit-learn 1.2.1 gives 0.4 for spam ham spam, spam ham ham.
		{"accuracy", "ann and bea agree on 2 of 3 judgments in 3 cases; Cohen's kappa 0.40; 1 difference open",
			map[string]string{"q1": "spam", "q2": "ham", "q3": "spam"}, map[string]string{"q1": " spam", "q2": "ham", "q3": "ham"}},
		{"MAE", "ann and bea agree on 1 of 2 judgments in 2 cases; the numbers are 0.25 apart in the mean; 1 difference open",
			map[string]string{"q1": "4.0", "q2": "1"}, map[string]string{"q1": "4", "q2": "1.5", "q3": "7"}},
		{"exact_match", "ann and bea agree on 1 of 1 judgment in 1 case",
			map[string]string{"q1": "a text", "q2": ""}, map[string]string{"q1": "a text\n", "q2": "x"}},
		{"exact_match", "ann and bea labelled no case in common", map[string]string{"q1": "a"}, map[string]string{"q2": "a"}},
	} {
		d := desk(t, write(t, "id,query,kind,expected\nq1,a,,\nq2,b,,\nq3,c,,\n"), tt.score, fixed(`"x"`))
		d.Sides = sides(d, tt.first, tt.second)
		c, err := d.contrast()
		if err != nil {
			t.Fatal(err)
		}
		if c.Says != tt.want {
			t.Errorf("%s: got %q, want %q", tt.score, c.Says, tt.want)
		}
	}
}
