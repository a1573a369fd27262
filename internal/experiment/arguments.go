package experiment

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

func (d *decoder) arguments(n *yaml.Node, key string, v *Arguments) {
	for _, p := range d.pairs(n, key) {
		at := join(key, p.key.Value)
		d.at[at] = p.value
		value, message := scalar(p.value)
		if message != "" {
			d.add(p.value, at, "%s", message)
			continue
		}
		*v = append(*v, Argument{Name: p.key.Value, Value: value})
	}
}

// With are the arguments with those of set in place of, or behind, their own.
// A set is written as in the contract: `limit: 100, mode: "a, b"`.
func (a Arguments) With(set string) (Arguments, error) {
	var doc, more yaml.Node
	d := yaml.NewDecoder(strings.NewReader("{" + set + "}"))
	if err := d.Decode(&doc); err != nil || len(doc.Content) != 1 || len(doc.Content[0].Content) == 0 || !errors.Is(d.Decode(&more), io.EOF) {
		return nil, fmt.Errorf(`want arguments as in the contract, such as limit: 100, mode: "x", got %q`, set)
	}
	out := slices.Clone(a)
	pairs := doc.Content[0].Content
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].Value
		if pairs[i+1].ShortTag() == "!!null" && pairs[i+1].Value == "" {
			return nil, fmt.Errorf("want NAME: VALUE, as in limit: 100, got %q", name)
		}
		value, message := scalar(pairs[i+1])
		if message != "" {
			return nil, fmt.Errorf("%s: %s", name, message)
		}
		n := slices.IndexFunc(out, func(one Argument) bool { return one.Name == name })
		if n < 0 {
			out = append(out, Argument{Name: name})
			n = len(out) - 1
		}
		out[n].Value = value
	}
	return out, nil
}

// scalar is an argument's value as YAML types it, or what is wrong with it.
func scalar(n *yaml.Node) (value any, message string) {
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[1].ShortTag() == "!!null" {
		return nil, fmt.Sprintf(`want one value, got a map; quote a column: "{%s}"`, n.Content[0].Value)
	}
	if n.Kind != yaml.ScalarNode {
		return nil, fmt.Sprintf("want one value (text, number, true, false or null), got %s", describe(n))
	}
	switch n.ShortTag() {
	case "!!str", "!!timestamp":
		return n.Value, ""
	case "!!null":
		return nil, ""
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b, ""
		}
	case "!!int":
		var i int
		if n.Decode(&i) == nil {
			return i, ""
		}
	case "!!float":
		var f float64
		if !strings.ContainsAny(n.Value, ".eE") {
			break // a whole number that an int cannot hold
		}
		if n.Decode(&f) == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f, ""
		}
	}
	return nil, fmt.Sprintf("want text, a finite number, true, false or null, got %s", describe(n))
}

// Column is the column whose cell the argument takes: that of the value
// "{column}". Any other value is passed as it is.
func (a Argument) Column() (name string, ok bool) {
	s, text := a.Value.(string)
	if !text || len(s) < 3 || s[0] != '{' || s[len(s)-1] != '}' {
		return "", false
	}
	name = s[1 : len(s)-1]
	if strings.ContainsAny(name, `{}"':`) || strings.TrimSpace(name) != name {
		return "", false
	}
	return name, true
}

// almost matches a placeholder inside other text, or with spaces or doubled
// braces; {"a": 1} is none.
var almost = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\s*[\pL_][\pL\pN_ .-]*\}`) })

// placeholderProblem is what is wrong with a text that looks as if it meant a
// column's cell.
func (a Argument) placeholderProblem() string {
	s, text := a.Value.(string)
	if _, ok := a.Column(); ok || !text {
		return ""
	}
	opened, closed := strings.Contains(s, "{"), strings.Contains(s, "}")
	switch {
	case s == "{}":
		return `want a column's name between the braces, got "{}"`
	case almost().MatchString(s):
		return `want "{column}" and nothing else, or text without it, got ` + got(s)
	case opened && !closed && s[0] == '{', closed && !opened && s[len(s)-1] == '}':
		return `want "{column}" with both braces, got ` + got(s)
	}
	return ""
}
