package experiment

import (
	"strings"
	"testing"
)

func TestCustomMetrics(t *testing.T) {
	contract := func(score, more string) string {
		return "name: x\ntarget: [src/a.py]\nsystem: {kind: python, call: \"a:b\"}\nscore: " + score + "\n" + more
	}
	const custom = `custom: [{name: mark, call: "marks.good:mark"}]`
	tests := []struct{ name, yaml, want string }{
		{"alone", contract(`{formula: mark, direction: maximize, `+custom+`}`, ""), ""},
		{"with others", contract(`{formula: "mark.a[b] + P@12", direction: maximize, `+custom+`}`, "guards: [\"mark.c >= 0.5\"]\n"), ""},
		{"no direction", contract(`{formula: mark, `+custom+`}`, ""), "only you know"},
		{"unknown", contract(`{formula: marks, direction: maximize, `+custom+`}`, ""), "no such metric"},
		{"taken", contract(`{formula: P@1, custom: [{name: mrr, call: "m:f"}]}`, ""), "not taken"},
		{"in the target", contract(`{formula: mark, direction: maximize, custom: [{name: mark, call: "src/a.py:mark"}]}`, ""), "outside the target"},
		{"as a module", contract(`{formula: mark, direction: maximize, custom: [{name: mark, call: "src.a:mark"}]}`, ""), "outside the target"},
		{"no function", contract(`{formula: mark, direction: maximize, custom: [{name: mark, call: marks}]}`, ""), "package.module:function"},
		{"outside", contract(`{formula: mark, direction: maximize, custom: [{name: mark, call: "../m.py:f"}]}`, ""), "package.module:function"},
		{"twice", contract(`{formula: mark, direction: maximize, custom: [{name: mark, call: "m:f"}, {name: mark, call: "m:g"}]}`, ""), "each metric once"},
		{"scratch", contract(`{formula: mark, direction: maximize, `+custom+`}`, "scratch: [marks/]\n"), "matches the metric's file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Parse("experiment.yaml", []byte(tt.yaml))
			switch {
			case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Fatalf("got %v, want %q", err, tt.want)
			case err == nil && e.FrozenPaths()[0] != "marks/good.py":
				t.Errorf("frozen: got %v", e.FrozenPaths())
			}
		})
	}
}
