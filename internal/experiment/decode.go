package experiment

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"autoresearch-skill/internal/formula"
)

// decoder fills an experiment from YAML's nodes, strictly: the types' tags are
// the only keys, a value of another kind is a problem, never converted.
type decoder struct {
	file     string
	problems Problems
	at       map[string]*yaml.Node // the value of each key that was read
	bad      map[string]bool       // keys with a problem, whose consequences are not reported
}

func (d *decoder) add(n *yaml.Node, key, format string, args ...any) {
	d.bad[key] = true
	d.problems = append(d.problems, &Problem{
		File: d.file, Line: max(n.Line, 1), Column: max(n.Column, 1), Key: key, Message: fmt.Sprintf(format, args...),
	})
}

// value reads n, which the key names, into v.
func (d *decoder) value(n *yaml.Node, key string, v reflect.Value) {
	d.at[key] = n
	if n.Kind == yaml.AliasNode {
		d.add(n, key, "want the value itself, got the alias *%s", n.Value)
		return
	}
	switch target := v.Addr().Interface().(type) {
	case *Duration:
		d.duration(n, key, target)
		return
	case *Arguments:
		d.arguments(n, key, target)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(fresh(v.Type().Elem()))
		d.value(n, key, v.Elem())
	case reflect.Struct:
		d.mapping(n, key, v)
	case reflect.Slice:
		d.list(n, key, v)
	case reflect.String:
		if d.is(n, key, "text", "!!str", "!!timestamp") {
			v.SetString(n.Value)
		}
	case reflect.Int:
		if d.is(n, key, "a whole number", "!!int") && n.Decode(v.Addr().Interface()) != nil {
			d.add(n, key, "want a whole number, got %s", describe(n))
		}
	case reflect.Float64:
		if d.is(n, key, "a number", "!!int", "!!float") {
			d.float(n, key, v)
		}
	default:
		panic("experiment: no reader for " + v.Type().String())
	}
}

// fresh holds the defaults of what is absent as a whole.
func fresh(t reflect.Type) reflect.Value {
	switch t {
	case reflect.TypeFor[Cases]():
		return reflect.ValueOf(DefaultCases())
	case reflect.TypeFor[Server]():
		return reflect.ValueOf(&Server{Restart: "each"})
	}
	return reflect.New(t)
}

// is demands a scalar of one of the kinds that tags name.
func (d *decoder) is(n *yaml.Node, key, want string, tags ...string) bool {
	if n.Kind == yaml.ScalarNode {
		for _, tag := range tags {
			if n.ShortTag() == tag {
				return true
			}
		}
	}
	hint := ""
	if tags[0] == "!!str" && n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" && n.Style&yaml.TaggedStyle == 0 {
		hint = fmt.Sprintf("; quote it: %q", n.Value)
	}
	d.add(n, key, "want %s, got %s%s", want, describe(n), hint)
	return false
}

func (d *decoder) float(n *yaml.Node, key string, v reflect.Value) {
	var f float64
	if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		d.add(n, key, "want a finite number, got %s", describe(n))
		return
	}
	v.SetFloat(f)
}

func (d *decoder) duration(n *yaml.Node, key string, v *Duration) {
	const want = "a duration such as 30s, 5m or 1h30m"
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!int" {
		d.add(n, key, "want %s, got %s; write its unit", want, describe(n))
		return
	}
	if !d.is(n, key, want, "!!str") {
		return
	}
	parsed, err := time.ParseDuration(n.Value)
	if err != nil {
		d.add(n, key, "want %s, got %s", want, describe(n))
		return
	}
	v.Duration = parsed
}

func (d *decoder) list(n *yaml.Node, key string, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		hint := ""
		if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
			hint = fmt.Sprintf("; write [%q]", n.Value)
		}
		d.add(n, key, "want a list, got %s%s", describe(n), hint)
		return
	}
	if len(n.Content) == 0 {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, c := range n.Content {
		d.value(c, fmt.Sprintf("%s[%d]", key, i), v.Index(i))
	}
}

func (d *decoder) mapping(n *yaml.Node, key string, v reflect.Value) {
	fields := fieldsOf(v.Type())
	for _, pair := range d.pairs(n, key) {
		name := pair.key.Value
		i, known := fields.index[name]
		if !known {
			d.unknown(pair.key, key, fields.names)
			continue
		}
		d.value(pair.value, join(key, name), v.Field(i))
	}
}

type pair struct{ key, value *yaml.Node }

// pairs lists a mapping's entries, each key once.
func (d *decoder) pairs(n *yaml.Node, key string) []pair {
	if n.Kind != yaml.MappingNode {
		d.add(n, key, "want a map of keys and values, got %s", describe(n))
		return nil
	}
	var pairs []pair
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			d.add(k, key, "want a word as key, got %s", describe(k))
			continue
		}
		if before := first[k.Value]; before != nil {
			d.add(k, join(key, k.Value), "the key is here twice, first on line %d", before.Line)
			continue
		}
		first[k.Value] = k
		pairs = append(pairs, pair{k, n.Content[i+1]})
	}
	return pairs
}

func (d *decoder) unknown(k *yaml.Node, key string, known []string) {
	hint := "known here: " + strings.Join(known, ", ")
	if near := formula.Nearest(k.Value, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
		// Its absence is the same mistake.
		d.bad[join(key, near)] = true
	} else if home := homes()[k.Value]; home != "" && home != key {
		hint = "it belongs in " + home
		d.bad[join(home, k.Value)] = true
	}
	d.add(k, join(key, k.Value), "unknown key; %s", hint)
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// describe is a node as a message shows it.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!str", "!!timestamp":
		return got(n.Value)
	case "!!int", "!!float", "!!bool":
		return n.Value
	}
	return n.ShortTag() + " " + got(n.Value)
}
