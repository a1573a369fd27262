package experiment

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

const head = `The contract of this experiment: what may be edited, how it is measured, when it
is better. Everything else in this folder is rendered from it.`

// notes stand beside a key.
var notes = map[string]string{
	"root":    "relative to git's top level",
	"scratch": "what the evaluation may write",
	"env":     "names only; values are never stored",
}

// Marshal writes the contract: keys in the contract's order, short maps and
// lists on one line, the same bytes for equal experiments. Parse reads it back
// as an equal experiment; an invalid one is refused.
func (e *Experiment) Marshal() ([]byte, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	top := encode(reflect.ValueOf(e).Elem(), false)
	for i := 0; i < len(top.Content); i += 2 {
		top.Content[i+1].LineComment = notes[top.Content[i].Value]
	}
	doc := &yaml.Node{Kind: yaml.DocumentNode, HeadComment: head, Content: []*yaml.Node{top}}
	var b bytes.Buffer
	w := yaml.NewEncoder(&b)
	w.SetIndent(2)
	if err := w.Encode(doc); err != nil {
		return nil, fmt.Errorf("write experiment %q: %w", e.Name, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write experiment %q: %w", e.Name, err)
	}
	return b.Bytes(), nil
}

// encode is a value as YAML, on one line if flow is set.
func encode(v reflect.Value, flow bool) *yaml.Node {
	var style yaml.Style
	if flow {
		style = yaml.FlowStyle
	}
	switch x := v.Interface().(type) {
	case Duration:
		return textNode(x.String(), flow)
	case Arguments:
		n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		for _, a := range x {
			n.Content = append(n.Content, textNode(a.Name, true), argumentNode(a.Value))
		}
		return n
	}
	switch v.Kind() {
	case reflect.Pointer:
		return encode(v.Elem(), flow)
	case reflect.Struct:
		return mappingNode(v, style)
	case reflect.Slice:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: style}
		for i := range v.Len() {
			n.Content = append(n.Content, encode(v.Index(i), true))
		}
		return n
	case reflect.Int:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatInt(v.Int(), 10)}
	case reflect.Float64:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatFloat(v.Float(), 'g', -1, 64)}
	}
	return textNode(v.String(), flow)
}

// blocks are the maps with a line for each key.
var blocks = map[string]bool{"system": true, "evaluation": true}

func mappingNode(v reflect.Value, style yaml.Style) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: style}
	fields := fieldsOf(v.Type())
	for i, name := range fields.names {
		f := v.Field(i)
		if fields.empty[name] && empty(f) {
			continue
		}
		flow := fields.flow[name] || !blocks[name] && name != "frozen"
		if kind := f.Kind(); kind != reflect.Struct && kind != reflect.Slice && kind != reflect.Pointer {
			flow = style == yaml.FlowStyle
		}
		n.Content = append(n.Content, textNode(name, false), encode(f, flow))
	}
	return n
}

func empty(v reflect.Value) bool {
	if c, ok := v.Interface().(Cache); ok {
		return c.IsZero()
	}
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

// bareText matches what is the same text with and without quotes, in a list
// or map on one line too; words that YAML takes for something else are told by
// their tag.
var bareText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\pL\pN_./][\pL\pN_./@+:-]*( [\pL\pN_./@+(-][\pL\pN_./@+:()'-]*)*$`)
})

// older matches what YAML 1.1, which many tools still read, takes for a boolean
// or a number in base 60.
var older = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:y|n|yes|no|on|off)$|^[-+]?[0-9_]+(:[0-5]?[0-9])+(\.[0-9_]*)?$`)
})

// textNode is a text; one with a colon is quoted within a line.
func textNode(s string, flow bool) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
	if !bareText().MatchString(s) || flow && strings.Contains(s, ":") || strings.Contains(s, ": ") || strings.HasSuffix(s, ":") || strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...") {
		return n
	}
	read := yaml.Node{Kind: yaml.ScalarNode, Value: s}
	if read.ShortTag() == "!!str" && !older().MatchString(s) {
		n.Style = 0
	}
	return n
}

func argumentNode(value any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch x := value.(type) {
	case nil:
		n.Value = "null"
	case bool:
		n.Value = strconv.FormatBool(x)
	case int:
		n.Value = strconv.Itoa(x)
	case float64:
		n.Value = strconv.FormatFloat(x, 'g', -1, 64)
		if !strings.ContainsAny(n.Value, ".e") {
			n.Value += ".0" // or it would come back as a whole number
		}
	default:
		return textNode(fmt.Sprint(value), true)
	}
	return n
}
