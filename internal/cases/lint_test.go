package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ranking parses labels as id:grade|…, enough for these tables.
func ranking(t *Table) map[string]map[string]float64 {
	labels := map[string]map[string]float64{}
	for _, c := range t.Cases {
		labels[c.ID] = map[string]float64{}
		for _, id := range strings.Split(c.Expected, "|") {
			if id == "" {
				continue
			}
			grade := 1.0
			if hasGradeSuffix(id) {
				grade = float64(id[len(id)-1] - '0')
				id = id[:len(id)-2]
			}
			labels[c.ID][id] = grade
		}
	}
	return labels
}

const head = "id,query,kind,expected\n"

// sound is a table without findings: twenty different queries.
func sound() string {
	var b strings.Builder
	b.WriteString(head)
	for i := range 20 {
		fmt.Fprintf(&b, "q%c,%s,%s,a%d|a%d\n", 'a'+i, strings.Repeat(string(rune('a'+i)), 14), []string{"one", "two"}[i%2], i+1, i+30)
	}
	return b.String()
}

func row(n int) string { return strings.Split(sound(), "\n")[n] + "\n" }

func TestLintSoundTable(t *testing.T) {
	table := read(t, sound())
	returned := map[string][]string{}
	for i, c := range table.Cases {
		returned[c.ID] = []string{"z", fmt.Sprintf("a%d", i+1), fmt.Sprintf("a%d", i+30)}
	}
	hidden := map[string]bool{"qa": true, "qd": true}
	got := Lint(table, Evidence{Labels: ranking(table), Returned: returned, Hidden: hidden, NeedsLabels: true})
	if len(got) != 0 {
		t.Errorf("findings in a sound table: %v", got)
	}
}

func TestLint(t *testing.T) {
	tests := []struct {
		name, text string
		evidence   func(*Table) Evidence
		want       Finding // message: a part of it
	}{
		{"none labelled", head + "q1,a,k,\nq2,b,k,\n", nil, Finding{Red, "unlabelled", "0 of 2 cases labelled", []string{"q1", "q2"}}},
		{"some unlabelled", sound() + "q1,a,one,\n", nil, Finding{Red, "unlabelled", "20 of 21 cases labelled", []string{"q1"}}},
		{"few", head + "q1,a,k,x\n", nil, Finding{Yellow, "few", "1 case that count: below 20", nil}},
		{"duplicate", sound() + "q1,aaaaaaaaaaaaaa,one,a30|a1\n", nil, Finding{Yellow, "duplicate", "2 cases share", []string{"qa", "q1"}}},
		{"duplicate by blanks", sound() + "q1, aaaaaaaaaaaaaa,one,a1|a30\n", nil, Finding{Yellow, "duplicate", "2 cases share", []string{"qa", "q1"}}},
		{"conflict", sound() + "q1,aaaaaaaaaaaaaa,one,a2\n", nil, Finding{Red, "conflict", "2 cases share their inputs and contradict", []string{"qa", "q1"}}},
		{"leak", sound() + "q1,aaaaaaaaaaaaaa,one,a1|a30\n",
			func(t *Table) Evidence { return Evidence{Hidden: map[string]bool{"q1": true}} },
			Finding{Red, "leak", "2 cases share their inputs across", []string{"qa", "q1"}}},
		{"near-duplicate", head + "q1,best hiking trails near Aspen,k,x\nq2,best hiking trail near aspen!,k,y\nq3,cheap flights to Rome,k,z\n", nil,
			Finding{Yellow, "near-duplicate", "2 cases are almost the same", []string{"q1", "q2"}}},
		{"reordered", head + "q1,hiking trails near Aspen,k,x\nq2,near Aspen hiking trails,k,y\n", nil,
			Finding{Yellow, "near-duplicate", "2 cases", []string{"q1", "q2"}}},
		{"near-leak", head + "q1,hiking trails near Aspen,k,x\nq2,near Aspen hiking trails,k,y\n",
			func(t *Table) Evidence { return Evidence{Hidden: map[string]bool{"q2": true}} },
			Finding{Yellow, "near-leak", "2 cases are almost the same across", []string{"q1", "q2"}}},
		{"empty inputs", sound() + "q1, ,one,a\n", nil, Finding{Red, "empty-inputs", "1 case with nothing", []string{"q1"}}},
		{"no inputs", "id,kind,expected\nq1,k,x\n", nil, Finding{Red, "no-inputs", `the header has "id", "kind", "expected"`, nil}},
		{"stratum missing", sound() + "q1,zzz,,a\n", nil, Finding{Yellow, "stratum", "1 case without a stratum", []string{"q1"}}},
		{"strata all empty", head + "q1,a,,x\nq2,b,,y\n", nil, Finding{Yellow, "stratum", `"kind" is empty in every row`, nil}},
		{"tiny stratum", sound() + "q1,zzz,three,a\n", nil, Finding{Yellow, "tiny-stratum", `"three" has 1 case:`, []string{"q1"}}},
		{"strata by case", sound() + "q1,zzz,One ,a\n", nil, Finding{Yellow, "stratum", `strata "one", "One " are told apart`, nil}},
		{"ids by case", sound() + "QA,zzz,one,a\n", nil, Finding{Yellow, "id", "ids of 2 cases differ by case", []string{"qa", "QA"}}},
		{"id blank", sound() + "q1 ,zzz,one,a\n", nil, Finding{Yellow, "id", "begin or end with a blank", []string{"q1 "}}},
		{"id zero", sound() + "001,zzz,one,a\n", nil, Finding{Yellow, "id", "begin with a zero", []string{"001"}}},
		{"control", sound() + "q1,a\x1b[2Jb,one,a\n", nil, Finding{Red, "control", "1 case with a control", []string{"q1"}}},
		{"bidi", sound() + "q1,zzz,one,a\u202e7\n", nil, Finding{Red, "control", "1 case with a control", []string{"q1"}}},
		{"decomposed", sound() + "q1,zzz,one,cafe\u0301\n", nil, Finding{Yellow, "decomposed", "(NFD)", []string{"q1"}}},
		{"one label", head + "q1,a,k,spam\nq2,b,k,spam\nq3,c,k,spam\nq4,d,k,spam\nq5,e,k,spam\n", nil,
			Finding{Red, "one-answer", "all 5 labels are the same", nil}},
		{"one id fits half", head + "q1,a,k,a1\nq2,b,k,a1|b\nq3,c,k,a1|c\nq4,d,k,d\nq5,e,k,e\n", withLabels,
			Finding{Yellow, "one-answer", "one id is right in 3 of 5", []string{"q1", "q2", "q3"}}},
		{"label zero", sound() + "q1,zzz,one,007\n", withLabels, Finding{Yellow, "zero", "1 case with labelled ids", []string{"q1"}}},
		{"grade suffix", sound() + "q1,zzz,one,doc:2\n", func(t *Table) Evidence {
			return Evidence{Labels: ranking(t), Returned: map[string][]string{"q1": {"doc:2", "doc:3"}}}
		}, Finding{Red, "grade-suffix", "1 case whose ids end in a colon", []string{"q1"}}},
		{"all unreachable", head + "q1,a,k,a1|a2\nq2,b,k,a3\n", func(t *Table) Evidence {
			return Evidence{Labels: ranking(t), Returned: map[string][]string{"q1": {"17", "204"}, "q2": {"17"}}}
		}, Finding{Red, "unreachable", "none of 3 labelled ids is ever returned: labels look like a9, results like 9", []string{"q1", "q2"}}},
		{"some unreachable", head + "q1,a,k,a1|a2\nq2,b,k,a3\n", func(t *Table) Evidence {
			return Evidence{Labels: ranking(t), Returned: map[string][]string{"q1": {"a1"}, "q2": {"a1"}}}
		}, Finding{Yellow, "unreachable", "2 of 3 labelled ids are returned for no case, in 2 cases; 1 of these can't score", []string{"q1", "q2"}}},
		{"ghost", head + "q1,a,k,a1|a2\n", func(t *Table) Evidence {
			return Evidence{Labels: ranking(t), Corpus: map[string]bool{"a1": true}}
		}, Finding{Red, "ghost", "1 case with labelled ids that don't exist", []string{"q1"}}},
		{"today's ranking", sound(), func(t *Table) Evidence {
			returned := map[string][]string{}
			for i, c := range t.Cases {
				returned[c.ID] = []string{fmt.Sprintf("a%d", i+30), fmt.Sprintf("a%d", i+1), "z"}
			}
			return Evidence{Labels: ranking(t), Returned: returned}
		}, Finding{Red, "todays-ranking", "in all 20 labelled cases", nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table := read(t, tt.text)
			var e Evidence
			if tt.evidence != nil {
				e = tt.evidence(table)
			} else if strings.Contains(tt.text, "|") {
				e.Labels = ranking(table)
			}
			e.NeedsLabels = true
			got := Lint(table, e)
			i := slices.IndexFunc(got, func(f Finding) bool {
				return f.Rule == tt.want.Rule && strings.Contains(f.Message, tt.want.Message)
			})
			if i < 0 {
				t.Fatalf("no finding %q with %q in %v", tt.want.Rule, tt.want.Message, got)
			}
			if got[i].Severity != tt.want.Severity {
				t.Errorf("severity: got %s, want %s", got[i].Severity, tt.want.Severity)
			}
			if d := cmp.Diff(tt.want.Cases, got[i].Cases); d != "" {
				t.Errorf("cases (-want +got):\n%s", d)
			}
			if !slices.IsSortedFunc(got, func(a, b Finding) int { return rank(a) - rank(b) }) {
				t.Errorf("red findings don't come first: %v", got)
			}
		})
	}
}

func withLabels(t *Table) Evidence { return Evidence{Labels: ranking(t)} }

func TestLintKeepsQuiet(t *testing.T) {
	tests := []struct {
		name, text, rule string
		e                func(*Table) Evidence
	}{
		{"costs need no labels", head + "q1,a,k,\n", "unlabelled", func(*Table) Evidence { return Evidence{} }},
		{"numbers differ", head + "q1,the chapter number 1,k,x\nq2,the chapter number 2,k,y\n", "near-duplicate", nil},
		{"short texts", head + "q1,red shoe,k,x\nq2,red shoes,k,y\n", "near-duplicate", nil},
		{"equal inputs are no near ones", head + "q1,hiking trails near Aspen,k,x\nq2,hiking trails near Aspen,k,x\n", "near-duplicate", nil},
		{"unlabelled twin", head + "q1,a,k,x\nq2,a,k,\n", "conflict", nil},
		{"composed accent", head + "q1,a,k,café\n", "decomposed", nil},
		{"marks of other scripts", head + "q1,a,k,ภาษาไทย हिन्दी\n", "decomposed", nil},
		{"line ends in text", head + "q1,\"a\r\nb\tc\",k,x\n", "control", nil},
		{"results with zeros", head + "q1,a,k,007\n", "zero", func(t *Table) Evidence {
			return Evidence{Labels: ranking(t), Returned: map[string][]string{"q1": {"007"}}}
		}},
		{"graded suffix", head + "q1,a,k,doc:2:1\n", "grade-suffix", func(t *Table) Evidence {
			return Evidence{Labels: ranking(t), Returned: map[string][]string{"q1": {"plain"}}}
		}},
	}
	for _, tt := range tests {
		table := read(t, tt.text)
		e := Evidence{NeedsLabels: true}
		if tt.e != nil {
			e = tt.e(table)
		}
		for _, f := range Lint(table, e) {
			if f.Rule == tt.rule {
				t.Errorf("%s: got %v", tt.name, f)
			}
		}
	}
}

// No message may hold what only a hidden case says.
func TestLintMessagesHoldNoCells(t *testing.T) {
	text := sound() +
		"SECRETid,SECRETinput of hiking trails,one,SECRETlabel\n" +
		"SECRETid2,SECRETinput of hiking trail,one,SECRETlabe\u0301l|007\n" +
		"SECRETid3 ,SECRETinput of hiking trails,one,SECRETother\x01\n" +
		row(1)[:2] + "SECRET, ,one,\n"
	table := read(t, text)
	e := Evidence{Labels: ranking(table), NeedsLabels: true, Hidden: map[string]bool{"SECRETid": true},
		Corpus: map[string]bool{"a": true}, Returned: map[string][]string{"qa": {"SECRETdoc:1"}}}
	found := Lint(table, e)
	if len(found) < 10 {
		t.Errorf("only %d findings: %v", len(found), found)
	}
	for _, f := range found {
		if strings.Contains(f.Message, "SECRET") {
			t.Errorf("%s: %s", f.Rule, f.Message)
		}
	}
}

func TestHeadroom(t *testing.T) {
	tests := []struct {
		current, pool, best float64
		want                string
	}{
		{.69, .85, .97, ""},
		{1, 1, 1, "at its ceiling"},
		{.5, .5, 1, "no order of what"},
		{.5, .55, 1, "most of what is missing"},
	}
	for _, tt := range tests {
		got := Headroom(tt.current, tt.pool, tt.best)
		if (tt.want == "") != (len(got) == 0) || len(got) > 0 && !strings.Contains(got[0].Message, tt.want) {
			t.Errorf("Headroom(%v, %v, %v): got %v, want %q", tt.current, tt.pool, tt.best, got, tt.want)
		}
	}
}

// Prefix filtering must find what comparing every pair finds.
func TestNearDuplicatesAgainstEveryPair(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	words := strings.Fields("hiking trails near aspen colorado cheap flights rome best gear winter snow avalanche safety")
	for i := range 150 {
		var q []string
		for j := range 3 + i%3 {
			q = append(q, words[(i*7+j*(1+i%5))%len(words)])
		}
		fmt.Fprintf(&b, "q%03d,%s,k,x%d\n", i, strings.Join(q, " "), i)
	}
	table := read(t, b.String())
	l := &lint{t: table}
	want := map[string]bool{}
	for _, c := range table.Cases {
		for _, d := range table.Cases {
			x, y := l.textOf(c), l.textOf(d)
			if x.letters >= minText && y.letters >= minText && x.near(&y) {
				want[c.ID], want[d.ID] = true, true
			}
		}
	}
	nearDuplicates(l)
	got := map[string]bool{}
	for _, f := range l.found {
		for _, id := range f.Cases {
			got[id] = true
		}
	}
	if len(want) < 5 {
		t.Fatalf("the data has only %d near-duplicates", len(want))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func BenchmarkLint(b *testing.B) {
	var s strings.Builder
	s.WriteString(head)
	words := strings.Fields("hiking trails near aspen colorado cheap flights rome best gear winter snow avalanche safety guide lake ridge silver eagle kayak")
	for i := range 5000 {
		fmt.Fprintf(&s, "q%d,best %s %s in %s %s,k,x%d\n", i, words[i%20], words[i/20%20], words[i/400%20], words[i*i%20], i)
	}
	table, err := Read("cases.csv", []byte(s.String()), spec)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Lint(table, Evidence{NeedsLabels: true})
	}
}
