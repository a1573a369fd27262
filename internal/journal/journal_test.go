package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"autoresearch-skill/internal/decide"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAppendedRecordsComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	want := []Record{
		{Type: TypeStart, Time: at, Start: &Start{Run: "r", Direction: "maximize", Base: "abc",
			Baseline: Score{Score: 0.5, Cases: map[string]float64{"q1": 1}},
			Private:  &StartPrivate{Cases: []string{"q1", "q2"}, Hidden: []string{"q2"}, Seed: math.MaxUint64}}},
		{Type: TypeIntent, N: 1, Time: at, Intent: &Intent{Message: "a <b> & \u2028 c", Verdict: decide.Keep, Action: Commit}},
		{Type: TypeOutcome, N: 1, Time: at, Outcome: &Outcome{Verdict: decide.Keep,
			Decision: &Decision{decide.Decision{Verdict: decide.Keep, Delta: 0.1, Low: math.Inf(-1), High: math.Inf(1), P: math.NaN(),
				Better: []string{"q1"}, Private: decide.Private{HiddenDelta: 1, Guards: []string{"x"}}}},
			Private: &OutcomePrivate{Trial: Sample{decide.Sample{Runs: []decide.Run{{Score: 1, Cases: []float64{0, 1}, Output: "h"}}}}}}},
		{Type: TypePause, N: 1, Time: at},
	}
	for i, r := range want {
		got, err := j.Append(r)
		if err != nil || got.Seq != i+1 {
			t.Fatalf("append %d: got seq %d, %v", i, got.Seq, err)
		}
		want[i].Seq = i + 1
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("records differ (-want +got):\n%s", diff)
	}
	if data, err := os.ReadFile(path); err != nil || bytes.Count(data, []byte("\n")) != len(want) || !bytes.Contains(data, []byte("a <b> &")) {
		t.Errorf("want %d lines that people can read (%v), got\n%s", len(want), err, data)
	}
}

// lines makes a journal of n notes.
func lines(t *testing.T, n int) (path string, data []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for i := range n {
		if _, err := j.Append(Record{Type: TypeNote, N: i, Note: &Note{Text: "µ {\"}\n" + strconv.Itoa(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	data, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, data
}

func TestATornLastLineIsRepaired(t *testing.T) {
	_, data := lines(t, 3)
	second := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	torn := map[string][]byte{"NULs": append(data[:second:second], make([]byte, 50)...), "noise": append(data[:second:second], "\xff\x01 no JSON\n"...)}
	for cut := second; cut <= len(data); cut++ {
		torn[fmt.Sprintf("cut at %d of %d", cut, len(data))] = data[:cut]
	}
	for name, content := range torn {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		want := 2
		if len(content) >= len(data)-1 && bytes.Equal(content, data[:len(content)]) {
			want = 3 // the record is whole, only the line's end is missing
		}
		if read, err := Load(path); err != nil || len(read) != want {
			t.Errorf("%s: Load: got %d records, %v, want %d", name, len(read), err, want)
		}
		j, err := Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := len(j.Records()); got != want {
			t.Errorf("%s: got %d records, want %d", name, got, want)
		}
		if r := j.Repaired(); r != nil && r.Aside != "" {
			kept, err := os.ReadFile(r.Aside)
			if err != nil || !bytes.Equal(kept, content[second:]) {
				t.Errorf("%s: set aside %q, %v, want %q", name, kept, err, content[second:])
			}
			os.Remove(r.Aside)
		} else if want == 2 && len(content) > second {
			t.Errorf("%s: nothing was set aside", name)
		}
		if r, err := j.Append(Record{Type: TypeResume}); err != nil || r.Seq != want+1 {
			t.Errorf("%s: append after the repair: got %d, %v", name, r.Seq, err)
		}
		j.Close()
		if read, err := Load(path); err != nil || len(read) != want+1 {
			t.Errorf("%s: after the repair and an append: got %d records, %v", name, len(read), err)
		}
	}
}

func TestWhatNoCrashExplainsIsAnError(t *testing.T) {
	_, data := lines(t, 4)
	line := bytes.SplitAfter(data, []byte("\n"))
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, test := range map[string]struct {
		content []byte
		line    int
	}{
		"noise in the middle":      {join(line[0], []byte("noise\n"), line[1]), 2},
		"an empty line":            {join(line[0], []byte("\n"), line[1]), 2},
		"a missing line":           {join(line[0], line[2], line[3]), 2},
		"a missing first line":     {join(line[1], line[2]), 1},
		"a doubled line":           {join(line[0], line[1], line[1], line[2]), 3},
		"a doubled last line":      {join(line[0], line[1], line[1]), 3},
		"no type":                  {join(line[0], []byte(`{"seq":2}`+"\n")), 2},
		"an outcome without one":   {join(line[0], []byte(`{"seq":2,"type":"outcome"}`+"\n")), 2},
		"another kind of JSON":     {join(line[0], []byte("[]\n")), 2},
		"two records on one line":  {join(line[0], bytes.TrimSpace(line[1]), line[2]), 2},
		"a torn line and then one": {join(line[0], line[1][:9], []byte("\n"), line[1]), 2},
	} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		if err := os.WriteFile(path, test.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		_, openErr := Open(path)
		for _, err := range []error{err, openErr} {
			var corrupt *CorruptError
			if name == "two records on one line" && err == nil {
				continue // the last line, and no JSON: torn
			}
			if !errors.As(err, &corrupt) || corrupt.Line != test.line || corrupt.Path != path {
				t.Errorf("%s: got %v, want a corrupt line %d", name, err, test.line)
			}
		}
		if left, _ := os.ReadFile(path); name != "two records on one line" && !bytes.Equal(left, test.content) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestWhatANewerVersionWroteIsKept(t *testing.T) {
	line := `{"seq":1,"type":"telepathy","n":4,"time":"2026-01-02T03:04:05Z","telepathy":{"x":[1,2]},"a":null}`
	r, err := decodeLine([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(r.Extra["telepathy"]); got != `{"x":[1,2]}` {
		t.Errorf("got extra %q", got)
	}
	data, err := r.line()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := decodeLine(data); err != nil || cmp.Diff(r, again) != "" {
		t.Errorf("doesn't come back from %s: %v\n%s", data, err, cmp.Diff(r, again))
	}
	if _, err := decodeLine([]byte(`{"seq":1,"type":"outcome","outcome":{"verdict":"keep","aura":7,"decision":{"aura":8,"delta":1}}}`)); err != nil {
		t.Errorf("unknown fields of a payload: %v", err)
	}
}

func TestStranger(t *testing.T) {
	for line, want := range map[string]bool{
		`{"seq":1,"type":"x","note":{"text":"a","other":1}}`: false,
		`{ "seq" : 1 , "note" : {"a:\"b":[{"c":1}]} }`:       false,
		`{}`:                             false,
		`{"seq":1,"later":2}`:            true,
		`{"note":{"text":"x"},"a\"b":1}`: true,
		`{"\u0073eq":1}`:                 true,
	} {
		if got := stranger([]byte(line)); got != want {
			t.Errorf("%s: got %v", line, got)
		}
	}
}

func TestTwoWritersNotice(t *testing.T) {
	path, _ := lines(t, 1)
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := a.Append(Record{Type: TypePause}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append(Record{Type: TypePause}); err == nil {
		t.Error("a second writer's append went through")
	}
	if read, err := Load(path); err != nil || len(read) != 2 {
		t.Errorf("got %d records, %v, want 2", len(read), err)
	}
}

func TestAppendRefuses(t *testing.T) {
	path, before := lines(t, 1)
	j, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for _, r := range []Record{{}, {Type: TypeOutcome}, {Type: TypeStart, Start: &Start{Baseline: Score{Score: math.NaN()}}}} {
		if _, err := j.Append(r); err == nil {
			t.Errorf("appended %+v", r)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("a refused record left a trace")
	}
}

func TestNoJournalIsNoRecords(t *testing.T) {
	if r, err := Load(filepath.Join(t.TempDir(), "none")); r != nil || err != nil {
		t.Errorf("got %v, %v", r, err)
	}
}

// The wire must not lose a field that decide gets later.
func TestEveryFieldOfADecisionComesBack(t *testing.T) {
	var d, got Decision
	fill(reflect.ValueOf(&d.Decision).Elem(), 1)
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, data)
	}
	for _, name := range []string{`"verdict"`, `"p"`, `"speedup_low"`, `"hidden_delta"`} {
		if !bytes.Contains(data, []byte(name)) {
			t.Errorf("no %s in %s", name, data)
		}
	}
}

// fill sets every field to something that isn't zero.
func fill(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strconv.Itoa(n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Float64:
		v.SetFloat(float64(n) / 3)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n+1)
		fill(v.Index(1), n+2)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n+i)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"seq":1,"type":"note","n":1,"time":"2026-01-02T03:04:05Z","note":{"text":"x"}}` + "\n" + `{"seq":2,"ty`))
	f.Add([]byte(`{"seq":1,"type":"outcome","outcome":{"decision":{"p":null,"low":"-inf","better":["a"]},"private":{"trial":{"runs":[{"cases":[1,null]}]}}}}`))
	f.Add([]byte("\x00\x00\n{}\n[]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, good, bad := parse(data)
		if bad == nil && good != len(data) || good > len(data) {
			t.Fatalf("read %d of %d bytes without an error", good, len(data))
		}
		var streamed []Record
		err := Stream("x", bytes.NewReader(data), func(r Record) error { streamed = append(streamed, r); return nil })
		if len(streamed) != len(records) || (err == nil) != (bad == nil || torn(data[good:])) {
			t.Fatalf("Stream: %d records, %v; parse: %d, %v", len(streamed), err, len(records), bad)
		}
		for _, r := range records {
			line, err := r.line()
			if err != nil {
				t.Fatalf("accepted, but cannot be written: %v", err)
			}
			again, err := decodeLine(line)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if twice, err := again.line(); err != nil || !bytes.Equal(line, twice) {
				t.Fatalf("not stable (%v):\n%s\n%s", err, line, twice)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	r := Record{Type: TypeOutcome, N: 7, Time: time.Now(), Outcome: &Outcome{Verdict: decide.Discard, Message: "a hypothesis of some length",
		Decision: &Decision{decide.Decision{Verdict: decide.Discard, Reason: "because of that", Better: []string{"q1", "q2"}}},
		Score:    &Score{Score: 0.5, Cases: map[string]float64{}}, Private: &OutcomePrivate{Trial: Sample{decide.Sample{Runs: []decide.Run{{Cases: make([]float64, 40)}}}}}}}
	for i := range 28 {
		r.Outcome.Score.Cases["case"+strconv.Itoa(i)] = float64(i) / 7
	}
	var data []byte
	for i := range 100000 {
		r.Seq = i + 1
		line, err := r.line()
		if err != nil {
			b.Fatal(err)
		}
		data = append(data, line...)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if records, _, bad := parse(data); bad != nil || len(records) != 100000 {
			b.Fatal(bad)
		}
	}
}
