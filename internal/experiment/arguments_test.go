package experiment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArgumentsWith(t *testing.T) {
	own := Arguments{{"query", "{query}"}, {"limit", 50}}
	for set, want := range map[string]Arguments{
		"limit: 100":                    {{"query", "{query}"}, {"limit", 100}},
		`mode: "a, b", limit: 0.5`:      {{"query", "{query}"}, {"limit", 0.5}, {"mode", "a, b"}},
		`query: "{title}", limit: null`: {{"query", "{title}"}, {"limit", nil}},
		"exact: true":                   {{"query", "{query}"}, {"limit", 50}, {"exact", true}},
	} {
		if got, err := own.With(set); err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: got %v, %v, want %v", set, got, err, want)
		}
	}
	for _, bad := range []string{"", "limit", "limit=3", "limit: [1]", "limit: {a: 1}", "query: {title}", "a: 1}, {b: 2", "limit: 'x"} {
		if got, err := own.With(bad); err == nil {
			t.Errorf("%q gave %v", bad, got)
		}
	}
	if !cmp.Equal(own, Arguments{{"query", "{query}"}, {"limit", 50}}) {
		t.Errorf("its own changed: %v", own)
	}
}
