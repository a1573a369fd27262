package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"autoresearch-skill/internal/cases"
)

func TestReadOutputs(t *testing.T) {
	const lines = `{"id": "b", "error": "Traceback\nValueError: no"}` + "\n" +
		`{"seconds": 0.25, "id": "a", "output": ["x", {"id": "y"}]}` + "\r\n" +
		`{"id": "c", "output": null}`
	outs, err := ReadOutputs("outputs.jsonl", strings.NewReader(lines), []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(outs[0].Output); got != `["x", {"id": "y"}]` || outs[0].Seconds != 0.25 || !outs[0].Timed {
		t.Errorf("a: got %+v", outs[0])
	}
	if outs[1].ID != "b" || outs[1].Error != "Traceback\nValueError: no" || outs[1].Output != nil || outs[1].Timed {
		t.Errorf("b: got %+v", outs[1])
	}
	if string(outs[2].Output) != "null" {
		t.Errorf("c: got %+v", outs[2])
	}
}

func TestReadOutputsDeviations(t *testing.T) {
	const good = `{"id": "a", "output": 1}`
	for name, c := range map[string]struct {
		lines string
		want  []string // parts of the message
	}{
		"missing":          {good, []string{"want 2 cases, got 1", `missing are "b"`}},
		"nothing":          {"", []string{"want 2 cases, got 0", `"a", "b"`}},
		"extra":            {good + "\n" + `{"id": "z", "output": 1}`, []string{"line 2", "one of the 2 cases", `case "z"`}},
		"double":           {good + "\n" + good, []string{"line 2", `case "a"`, "one line a case", "a second one after line 1"}},
		"malformed":        {`{"id": "a", "output": [1,]}`, []string{"line 1", "want JSON"}},
		"cut":              {`{"id": "a", "outp`, []string{"line 1", "breaks off"}},
		"not an object":    {`["a", 1]`, []string{"want a JSON object"}},
		"null":             {`null`, []string{"want a JSON object"}},
		"trailing":         {good + ` {"id": "b"}`, []string{"want one JSON value", "something after it", `{\"id`}},
		"empty line":       {good + "\n\n" + `{"id": "b", "output": 1}`, []string{"line 2", "an empty line"}},
		"NaN":              {`{"id": "a", "output": NaN}`, []string{"want a finite number", "got NaN"}},
		"NaN inside":       {`{"id": "a", "output": [0.5, NaN]}`, []string{"want a finite number", "got NaN"}},
		"infinity":         {`{"id": "a", "output": {"score": -Infinity}}`, []string{"want a finite number", "got -Infinity"}},
		"overflow":         {`{"id": "a", "output": 1e999}`, []string{"want a finite number", "1e999"}},
		"seconds NaN":      {`{"id": "a", "output": 1, "seconds": NaN}`, []string{"finite number", "NaN"}},
		"seconds negative": {`{"id": "a", "output": 1, "seconds": -1}`, []string{`case "a"`, "seconds from 0 on", "-1"}},
		"seconds text":     {`{"id": "a", "output": 1, "seconds": "1"}`, []string{`a number "seconds"`, `\"1\"`}},
		"seconds null":     {`{"id": "a", "output": 1, "seconds": null}`, []string{`a number "seconds"`, "null"}},
		"no id":            {`{"output": 1}`, []string{`a text "id"`, "none"}},
		"number id":        {`{"id": 1, "output": 1}`, []string{`a text "id"`, `"1"`}},
		"null id":          {`{"id": null, "output": 1}`, []string{`a text "id"`, "null"}},
		"capital":          {`{"ID": "a", "output": 1}`, []string{`the keys "id"`, `got "ID"`}},
		"unknown key":      {`{"id": "a", "output": 1, "score": 1}`, []string{"the keys", `got "score"`}},
		"key twice":        {`{"id": "a", "id": "b", "output": 1}`, []string{"each key once", `"id" twice`}},
		"inner key twice":  {`{"id": "a", "output": {"x": 1, "x": 2}}`, []string{"each key once", `"x" twice`}},
		"both":             {`{"id": "a", "output": 1, "error": "e"}`, []string{`either "output" or "error"`, "both"}},
		"neither":          {`{"id": "a"}`, []string{`either "output" or "error"`, "neither"}},
		"error null":       {`{"id": "a", "error": null}`, []string{`a text "error"`, "null"}},
		"byte order mark":  {"\uFEFF" + good, []string{"byte order mark"}},
		"bytes":            {"{\"id\": \"a\xff\", \"output\": 1}", []string{"valid UTF-8"}},
		"deep":             {`{"id": "a", "output": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", []string{"at most 200 levels"}},
		"very deep":        {`{"id": "a", "output": ` + strings.Repeat("[", 100_000), []string{"at most 200 levels"}},
	} {
		outs, err := ReadOutputs("outputs.jsonl", strings.NewReader(c.lines), []string{"a", "b"})
		var deviation *Error
		if !errors.As(err, &deviation) || outs != nil {
			t.Errorf("%s: got %v, %v, want nil and an *Error", name, outs, err)
			continue
		}
		for _, part := range append(c.want, "outputs.jsonl") {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %q, want %q in it", name, err, part)
			}
		}
	}
}

// endless is a line without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestReadOutputsLongLine(t *testing.T) {
	_, err := ReadOutputs("o", endless{}, []string{"a"})
	if err == nil || !strings.Contains(err.Error(), "want at most 16777216 bytes a line, got more") {
		t.Errorf("got %v", err)
	}
	long := `{"id": "a", "output": "` + strings.Repeat("x", 1<<20) + `"}`
	if _, err := ReadOutputs("o", strings.NewReader(long), []string{"a"}); err != nil {
		t.Errorf("a line of %d bytes: %v", len(long), err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReadOutputsReaderError(t *testing.T) {
	if _, err := ReadOutputs("o", broken{}, nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestHash(t *testing.T) {
	one := []Output{{ID: "a", Output: json.RawMessage(`{"x": 1, "y": [1,2]}`), Seconds: 1}, {ID: "b", Error: "at 0x1"}}
	same := []Output{{ID: "b", Error: "at 0x2"}, {ID: "a", Output: json.RawMessage(`{"y":[1, 2],"x":1}`), Seconds: 2}}
	if Hash(one) != Hash(same) {
		t.Error("order, spaces, keys' order, seconds or the message change the hash")
	}
	for name, other := range map[string][]Output{
		"list order": {{ID: "a", Output: json.RawMessage(`{"x": 1, "y": [2,1]}`)}, {ID: "b", Error: "e"}},
		"value":      {{ID: "a", Output: json.RawMessage(`{"x": 2, "y": [1,2]}`)}, {ID: "b", Error: "e"}},
		"id":         {{ID: "aa", Output: json.RawMessage(`{"x": 1, "y": [1,2]}`)}, {ID: "b", Error: "e"}},
		"failure":    {{ID: "a", Output: json.RawMessage(`{"x": 1, "y": [1,2]}`)}, {ID: "b", Output: json.RawMessage(`1`)}},
		"fewer":      {{ID: "a", Output: json.RawMessage(`{"x": 1, "y": [1,2]}`)}},
	} {
		if Hash(one) == Hash(other) {
			t.Errorf("another %s: equal hashes", name)
		}
	}
}

func TestWriteCases(t *testing.T) {
	var cs []cases.Case
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		cs = append(cs, cases.Case{ID: id, Stratum: "secret-stratum", Expected: "secret-label", Inputs: map[string]string{"query": "<" + id + "> é"}})
	}
	write := func(seed uint64) string {
		var b bytes.Buffer
		if err := WriteCases(&b, cs, seed); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	got := write(7)
	if strings.Contains(got, "secret") {
		t.Error("the label or the stratum is written")
	}
	if got != write(7) || got == write(8) {
		t.Error("the order must depend on the seed, and on nothing else")
	}
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	if !slices.Contains(lines, `{"id":"c","inputs":{"query":"<c> é"}}`) || len(lines) != len(cs) {
		t.Errorf("got %q", lines)
	}
	if cs[0].ID != "a" || cs[7].ID != "h" {
		t.Error("the caller's cases were shuffled")
	}
	if slices.IsSorted(lines) {
		t.Error("the cases are not shuffled")
	}
}

func TestItems(t *testing.T) {
	cs := []cases.Case{{ID: "a", Stratum: "s", Expected: "x"}, {ID: "b", Expected: "y"}}
	items, err := Items(cs, []Output{{ID: "a", Output: json.RawMessage(`"x"`), Seconds: 0, Timed: true}, {ID: "b", Output: json.RawMessage(`"z"`)}})
	if err != nil {
		t.Fatal(err)
	}
	if items[0].Stratum != "s" || items[0].Expected != "x" || items[0].Seconds != 0 || !math.IsNaN(items[1].Seconds) {
		t.Errorf("got %+v", items)
	}
	_, err = Items(cs, []Output{{ID: "a", Output: json.RawMessage(`"x"`)}, {ID: "b", Error: "Traceback:\n  x\nValueError: no\n"}})
	var failed *Failed
	if !errors.As(err, &failed) || failed.Cases[0].ID != "b" || !strings.Contains(err.Error(), `1 of 2 cases raised an error: "b"; the first: "ValueError: no"`) {
		t.Errorf("got %v", err)
	}
	if _, err := Items(cs, []Output{{ID: "b"}, {ID: "a"}}); err == nil {
		t.Error("outputs in another order were joined")
	}
}

func FuzzReadOutputs(f *testing.F) {
	f.Add([]byte(`{"id": "a", "output": [1, "x"], "seconds": 1}` + "\n" + `{"id": "b", "error": "e"}`))
	f.Add([]byte(`{"id": "a", "output": NaN}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		outs, err := ReadOutputs("o", bytes.NewReader(data), []string{"a", "b"})
		if err != nil {
			if outs != nil {
				t.Fatal("outputs with an error")
			}
			return
		}
		var again bytes.Buffer
		for _, o := range outs {
			line, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			again.Write(append(line, '\n'))
		}
		back, err := ReadOutputs("o", &again, []string{"a", "b"})
		if err != nil {
			t.Fatalf("what was accepted is refused as %q: %v", again.String(), err)
		}
		if Hash(outs) != Hash(back) {
			t.Fatal("the hash changed")
		}
	})
}
