package protocol

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"autoresearch-skill/internal/metric"
)

const goodScore = `{"version": 1, "score": 0.5, "metrics": {"MRR": 0.5, "mine": 2},
	"cases": [{"id": "a", "stratum": "s", "metrics": {"MRR": 1, "mine": 1}}, {"id": "b", "stratum": null, "metrics": {"MRR": 0, "mine": 3}}]}` + "\n"

func TestReadScore(t *testing.T) {
	s, err := ReadScore("score", []byte(goodScore))
	if err != nil {
		t.Fatal(err)
	}
	if s.Score != 0.5 || s.Metrics["mine"] != 2 || len(s.Cases) != 2 || s.Cases[0].Stratum != "s" || s.Cases[1].Metrics["mine"] != 3 {
		t.Errorf("got %+v", s)
	}
	own := s.Own()
	if len(own.Overall) != 1 || own.Overall["mine"] != 2 || own.Cases["b"]["mine"] != 3 || len(own.Cases["b"]) != 1 {
		t.Errorf("own values: got %+v", own)
	}
}

func TestReadScoreDeviations(t *testing.T) {
	edit := func(old, new string) string { return strings.Replace(goodScore, old, new, 1) }
	for name, c := range map[string]struct {
		data string
		want []string
	}{
		"empty":           {"", []string{"want a JSON value, got nothing"}},
		"not JSON":        {"Traceback (most recent call last):", []string{"want JSON", "Traceback"}},
		"list":            {"[]", []string{"want a JSON object"}},
		"no version":      {edit(`"version": 1, `, ""), []string{`a number "version"`, "none"}},
		"newer":           {`{"version": 2, "whatever": 1}`, []string{"want version 1, got version 2", "update the program"}},
		"version text":    {edit(`"version": 1`, `"version": "1"`), []string{`a number "version"`, `\"1\"`}},
		"no score":        {edit(`"score": 0.5, `, ""), []string{`a number "score"`, "none"}},
		"score null":      {edit(`"score": 0.5`, `"score": null`), []string{`a number "score"`, "null"}},
		"score NaN":       {edit(`"score": 0.5`, `"score": NaN`), []string{"finite number", "NaN"}},
		"score infinity":  {edit(`"score": 0.5`, `"score": Infinity`), []string{"finite number", "Infinity"}},
		"score overflow":  {edit(`"score": 0.5`, `"score": 1e400`), []string{"finite number", "1e400"}},
		"no metrics":      {edit(`"metrics": {"MRR": 0.5, "mine": 2},`, ""), []string{`an object of numbers "metrics"`, "none"}},
		"metric text":     {edit(`"mine": 2`, `"mine": "2"`), []string{`a number "mine"`}},
		"metric null":     {edit(`"mine": 2`, `"mine": null`), []string{`a number "mine"`, "null"}},
		"no cases":        {`{"version": 1, "score": 1, "metrics": {}}`, []string{`a list of objects "cases"`, "none"}},
		"cases null":      {`{"version": 1, "score": 1, "metrics": {}, "cases": null}`, []string{`a list of objects "cases"`, "null"}},
		"double case":     {edit(`"id": "b"`, `"id": "a"`), []string{`case "a"`, "each case once", "it twice"}},
		"case id":         {edit(`"id": "b"`, `"id": 2`), []string{`a text "id"`}},
		"case key":        {edit(`"id": "b"`, `"id": "b", "score": 1`), []string{"the keys", `got "score"`}},
		"case metric":     {edit(`"MRR": 0, `, `"MRR": [0], `), []string{`case "b"`, `a number "MRR"`}},
		"unknown key":     {edit(`"score": 0.5`, `"score": 0.5, "points": 1`), []string{"the keys", `got "points"`}},
		"key twice":       {edit(`"score": 0.5`, `"score": 0.5, "score": 1`), []string{`"score" twice`}},
		"trailing":        {goodScore + "SCORE: 0.9", []string{"one JSON value", "SCORE: 0.9"}},
		"two":             {goodScore + goodScore, []string{"one JSON value", "something after it"}},
		"cut":             {goodScore[:60], []string{"breaks off"}},
		"byte order mark": {"\uFEFF" + goodScore, []string{"byte order mark"}},
	} {
		s, err := ReadScore("score.json", []byte(c.data))
		var deviation *Error
		if !errors.As(err, &deviation) || s != nil {
			t.Errorf("%s: got %v, %v, want nil and an *Error", name, s, err)
			continue
		}
		for _, part := range append(c.want, "score.json: ") {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %q, want %q in it", name, err, part)
			}
		}
	}
}

func TestAgree(t *testing.T) {
	referee := metric.Result{Score: 0.5, Metrics: map[string]float64{"MRR": 0.5}, Cases: []metric.CaseValues{
		{ID: "b", Metrics: map[string]float64{"MRR": 0}}, {ID: "a", Stratum: "s", Metrics: map[string]float64{"MRR": 1}}}}
	read := func(data string) *Score {
		s, err := ReadScore("score", []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, data := range []string{goodScore, strings.ReplaceAll(goodScore, `"MRR"`, `"RR"`), strings.Replace(goodScore, `"score": 0.5`, `"score": 0.5000000000001`, 1)} {
		if err := Agree(referee, read(data)); err != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
	for _, c := range []struct{ old, new, want string }{
		{`"score": 0.5`, `"score": 0.500001`, "score: the evaluation says 0.500001, the referee computes 0.5"},
		{`{"MRR": 0.5`, `{"RR": 0.6`, "metric RR: the evaluation says 0.6, the referee computes 0.5"},
		{`"MRR": 1,`, `"MRR": 0.5,`, `case "a": metric MRR: the evaluation says 0.5, the referee computes 1`},
		{`"MRR": 0,`, `"MRR": 1e-6,`, `case "b": metric MRR: the evaluation says 1e-06`},
		{`"id": "b"`, `"id": "c"`, `want 2 cases, got 2: missing are "b"`},
		{`"stratum": "s"`, `"stratum": "other"`, `want stratum "s", got "other"`},
		{`"cases": [`, `"cases": [{"id": "x", "metrics": {}}, `, "want 2 cases, got 3"},
	} {
		err := Agree(referee, read(strings.Replace(goodScore, c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.new, err, c.want)
		}
	}
}

func FuzzReadScore(f *testing.F) {
	f.Add([]byte(goodScore))
	f.Add([]byte(`{"version": 1, "score": NaN}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadScore("s", data)
		if err != nil {
			if s != nil {
				t.Fatal("a score with an error")
			}
			return
		}
		if s.Cases == nil {
			s.Cases = []CaseScore{}
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadScore("s", again); err != nil {
			t.Fatalf("what was accepted is refused as %s: %v", again, err)
		}
	})
}
