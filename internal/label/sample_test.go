package label

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readLog(t *testing.T, d *Desk, name, text string, columns LogColumns) *Log {
	t.Helper()
	l, err := d.ReadLog(name, strings.NewReader(text), columns)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Every form of the same log says the same.
func TestReadLog(t *testing.T) {
	d := desk(t, write(t, many(1)), "MRR", ranker)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte("red shoes\nRed  Shoes\n\nred shoes\nhats, \"warm\"\n"))
	w.Close()
	for _, tt := range []struct {
		name, text string
		columns    LogColumns
		unread     int
	}{
		{name: "a.txt", text: "\xef\xbb\xbfred shoes\r\nRed  Shoes\r\n\r\nred shoes\r\nhats, \"warm\""},
		{name: "a.log.gz", text: packed.String()},
		{name: "a.csv", text: "\xef\xbb\xbfuser,Query\n7,red shoes\n7,Red  Shoes\n8\n9,red shoes\n9,\"hats, \"\"warm\"\"\"\n9,a \"bad\" one\n", unread: 2},
		{name: "a.tsv", text: "q\ttime\tcount\nred shoes\t1\t2\nRed Shoes\t2\t1\nhats, \"warm\"\t3\t1\nx\t4\tmany\n", columns: LogColumns{Query: "q"}, unread: 1},
		{name: "a.jsonl", text: `{"query": "red shoes"}` + "\n" + `{"query": "Red Shoes", "user": 1}` + "\n[]\n" + `{"query": "red shoes"}` + "\n" + `{"query": "hats, \"warm\""}`, unread: 1},
		{name: "b.csv", text: "query\nred shoes\nred shoes\nRED shoes\n\"hats, \"\"warm\"\"\"\n\"never closed\nx\ny\n", unread: 3},
		{name: "b.jsonl", text: `{"event": "start"}` + "\n" + `{"query": "red shoes", "count": 3}` + "\n" + `{"query": "hats, \"warm\"", "count": 1}`, unread: 1},
		{name: "c.jsonl", text: `{"query": "red shoes", "count": 3}` + "\n" + `{"query": "hats, \"warm\"", "count": 1}` + "\n" + `{"event": "end"}`, unread: 1},
	} {
		l := readLog(t, d, tt.name, tt.text, tt.columns)
		got := map[string]float64{}
		for _, q := range l.queries {
			got[q.inputs["query"]] = q.times
		}
		if want := map[string]float64{"red shoes": 3, `hats, "warm"`: 1}; !cmp.Equal(got, want) || l.Unread != tt.unread {
			t.Errorf("%s: got %v and %s, want %v and %d unread", tt.name, got, l.Trouble(), want, tt.unread)
		}
	}
	for name, text := range map[string]string{
		"a.csv": "text,n\nx,1\n", "empty.txt": "\n\n", "none.csv": "", "one.jsonl": "no\n", "two.jsonl": `{"event": "start"}`, "a.gz": "not packed", "bad.csv": "query,count\nx,-1\n",
	} {
		if _, err := d.ReadLog(name, strings.NewReader(text), LogColumns{}); err == nil {
			t.Errorf("%s: %q was taken", name, text)
		}
	}
}

func TestSample(t *testing.T) {
	var log strings.Builder
	log.WriteString("query,count,place\n")
	for i := range 2 {
		fmt.Fprintf(&log, "often %d,150,north\n", i)
	}
	for i := range 10 {
		fmt.Fprintf(&log, "at times %d,30,north\n", i)
	}
	for i := range 300 {
		fmt.Fprintf(&log, "once %d,1,south\n", i)
	}
	dir := write(t, "id,query,kind,expected\nq07,Often 1,,d01\n")
	d := desk(t, dir, "MRR", ranker)
	got, err := d.Sample(t.Context(), readLog(t, d, "l.csv", log.String(), LogColumns{}), 9, 7)
	if err != nil {
		t.Fatal(err)
	}
	want := []Stratum{
		{"head", 2, 1. / 3, 1, 1}, // one of two is a case already
		{"torso", 10, 1. / 3, 0, 4},
		{"tail", 300, 1. / 3, 0, 4},
	}
	if !cmp.Equal(got.Strata, want) || got.Added != 9 || got.Different != 312 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	first := fileOf(t, dir)
	table, err := d.Read()
	if err != nil || len(table.Cases) != 10 || table.Labelled() != 1 || table.Cases[1].ID != "q08" {
		t.Fatalf("%v, %q", err, first)
	}
	for _, c := range table.Cases[1:] {
		if wanted := map[string]string{"often": "head", "at": "torso", "once": "tail"}[strings.Fields(c.Inputs["query"])[0]]; c.Stratum != wanted {
			t.Errorf("%q is in %s, want %s", c.Inputs["query"], c.Stratum, wanted)
		}
	}

	// The same seed draws the same; what is a case already is never drawn again.
	again := write(t, "id,query,kind,expected\nq07,Often 1,,d01\n")
	if _, err := desk(t, again, "MRR", ranker).Sample(t.Context(), readLog(t, d, "l.csv", log.String(), LogColumns{}), 9, 7); err != nil || fileOf(t, again) != first {
		t.Errorf("another sample by the same seed: %v, %q", err, fileOf(t, again))
	}
	if got, err = d.Sample(t.Context(), readLog(t, d, "l.csv", log.String(), LogColumns{By: "Place"}), 1000, 7); err != nil || got.Added != 302 {
		t.Errorf("the rest: %+v, %v", got, err)
	}
	if table, _ = d.Read(); len(table.Cases) != 312 {
		t.Errorf("%d cases, want each of the 312 queries once", len(table.Cases))
	}
	if got, err = d.Sample(t.Context(), readLog(t, d, "l.csv", log.String(), LogColumns{}), 5, 7); err != nil || got.Added != 0 {
		t.Errorf("a log that is used up: %+v, %v", got, err)
	}
}

// Where every query was asked once there is no head.
func TestStrataByFrequency(t *testing.T) {
	d := desk(t, write(t, many(1)), "MRR", ranker)
	for text, want := range map[string]map[string]string{
		"a\nb\nc\n":                         {"a": "tail", "b": "tail", "c": "tail"},
		"a\na\na\na\na\na\na\nb\nb\nc\nd\n": {"a": "head", "b": "tail", "c": "tail", "d": "tail"},
	} {
		if got := readLog(t, d, "l", text, LogColumns{}).byFrequency(); !cmp.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func FuzzReadLog(f *testing.F) {
	f.Add("a.csv", "query,count\nx,2\n\"y\n")
	f.Add("a.tsv", "query\tcount\nx\t2\n")
	f.Add("a.jsonl", `{"query": ["a"], "count": 1}`)
	f.Add("a", "x\x00\xff\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		d, err := deskOf(write(t, many(1)), "MRR", ranker)
		if err != nil {
			t.Fatal(err)
		}
		l, err := d.ReadLog(name, strings.NewReader(text), LogColumns{})
		if err != nil {
			if l != nil {
				t.Error("a log beside an error")
			}
			return
		}
		if got, err := d.Sample(t.Context(), l, 3, 1); err != nil || got.Added > 3 {
			t.Errorf("sample of %q: %+v, %v", text, got, err)
		}
	})
}
