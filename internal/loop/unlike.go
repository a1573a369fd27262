package loop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// rounding is the relative difference that two machines' arithmetic may make.
const rounding = 1e-9

// unlike compares two values as JSON and says where they first differ; "" where
// they don't. A field that is left out is alike to an empty one, and broken
// numbers are alike but for rounding: another version of this program, on
// another machine, may have written them.
func unlike(want, got any) string {
	a, err := plain(want)
	if err != nil {
		return err.Error()
	}
	b, err := plain(got)
	if err != nil {
		return err.Error()
	}
	where, differ := differ("", a, b)
	if !differ {
		return ""
	}
	return strings.TrimPrefix(where, ".")
}

func plain(v any) (out any, err error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	err = dec.Decode(&out)
	return out, err
}

func differ(at string, want, got any) (string, bool) {
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return differKeys(at, w, g)
		}
	case []any:
		if g, ok := got.([]any); ok && len(w) == len(g) {
			for i := range w {
				if where, yes := differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); yes {
					return where, true
				}
			}
			return "", false
		}
	case json.Number:
		if g, ok := got.(json.Number); ok && alike(w, g) {
			return "", false
		}
	}
	if empty(want) && empty(got) {
		return "", false
	}
	switch want.(type) {
	case map[string]any, []any:
	default:
		if fmt.Sprint(want) == fmt.Sprint(got) {
			return "", false
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%s: want %s, got %s", at, brief(want), brief(got))), true
}

func differKeys(at string, want, got map[string]any) (string, bool) {
	keys := slices.Collect(maps.Keys(want))
	for k := range got {
		if _, ok := want[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if where, yes := differ(at+"."+k, want[k], got[k]); yes {
			return where, true
		}
	}
	return "", false
}

// alike lets broken numbers differ by rounding, whole ones not at all: a seed
// is one.
func alike(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	if errX != nil || errY != nil || !strings.ContainsAny(string(a)+string(b), ".eE") {
		return false
	}
	return math.Abs(x-y) <= rounding*max(math.Abs(x), math.Abs(y), 1)
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		for _, item := range v {
			if !empty(item) {
				return false
			}
		}
		return true
	case []any:
		return len(v) == 0
	case json.Number:
		f, err := v.Float64()
		return err == nil && f == 0
	}
	return v == "" || v == false
}

func brief(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if r := []rune(string(data)); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return string(data)
}
