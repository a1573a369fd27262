package experiment

import (
	"errors"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, src := range []string{
		full, minimal, written, "", "name: [", "a: &a [*a]", "? {a: b}\n: c", "version: 99", "<<: {name: x}", "name: !!binary aGk=",
		"name: a\ntarget: [x.py]\nevaluation: {command: [x], read: {line: \"(.)\"}}\nscore: {formula: x}\n", "name: \"\\0\"", "name: |\n  a\n --- \n", "\xff\xfe",
		"name: a\ntarget: [x.py]\nscore: {formula: MRR}\ncases: {hidden: 1e-300}\nsystem:\n  kind: program\n  call: x\n  arguments: {a: 0x1F, b: 1_0, c: .5, d: 2024-01-01, e: ~, f: 0b1, g: 010, h: -0.0}\n",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Parse("e.yaml", data)
		if err != nil {
			var problems Problems
			if e != nil || !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("Parse = %v, %#v", e, err)
			}
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.File != "e.yaml" || p.Message == "" {
					t.Fatalf("problem without a place: %#v", p)
				}
			}
			return
		}
		if err := e.Validate(); err != nil {
			t.Fatalf("accepted, but invalid: %v", err)
		}
		roundTrip(t, e)
	})
}

// FuzzMarshal puts any text where a contract has text.
func FuzzMarshal(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		e := valid()
		e.Goal, e.Checks, e.Frozen = a, []string{b, a}, []Frozen{{Path: "a", Why: b}}
		e.System.Arguments = Arguments{{a, b}, {b + "x", a}}
		e.Cases.Expected = b
		if e.Validate() != nil {
			return
		}
		roundTrip(t, e)
	})
}
