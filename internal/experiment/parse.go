package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a contract; a person's holds a few kilobytes.
const maxFile = 1 << 20 // bytes

// Load reads and checks the contract in a file.
func Load(path string) (*Experiment, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read experiment: %w", err)
	}
	return Parse(path, data)
}

// Parse reads and checks a contract; file is its name in messages. What is
// missing gets its default. The error is Problems: everything that is wrong,
// in the order of the file.
func Parse(file string, data []byte) (*Experiment, error) {
	d := &decoder{file: file, at: map[string]*yaml.Node{}, bad: map[string]bool{}}
	top := d.document(data)
	if top == nil || d.newer(top) {
		return nil, d.problems
	}
	e := Defaults()
	d.value(top, "", reflect.ValueOf(e).Elem())
	if e.System != nil && e.Cases == nil && d.at["cases"] == nil {
		e.Cases = DefaultCases()
	}
	if d.at["score.direction"] == nil {
		e.Score.Direction = e.impliedDirection()
	}
	for _, p := range e.problems() {
		d.place(p)
	}
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b *Problem) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, d.problems
	}
	return e, nil
}

// document gives the top-level node, nil if there is none to read.
func (d *decoder) document(data []byte) *yaml.Node {
	whole := func(format string, args ...any) *yaml.Node {
		d.problems = append(d.problems, &Problem{File: d.file, Line: 1, Column: 1, Message: fmt.Sprintf(format, args...)})
		return nil
	}
	if len(data) > maxFile {
		return whole("want at most %d bytes, got %d", maxFile, len(data))
	}
	reader := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := reader.Decode(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		return whole("want a contract, got an empty file")
	case err != nil:
		d.syntax(err)
		return nil
	}
	switch err := reader.Decode(&second); {
	case err == nil:
		d.add(&second, "", "want one document, got a second one")
		return nil
	case !errors.Is(err, io.EOF):
		d.syntax(err)
		return nil
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		d.add(top, "", "want keys and values such as \"name: search\", got %s", describe(top))
		return nil
	}
	return top
}

var (
	yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?`) })
	// The library's scanner counts lines from 1, its parser, whose messages
	// these are, from 0.
	yamlParser = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^did not find expected (<|node content|'-' indicator|key|',' or)`)
	})
)

// hints say what most likely lies behind the library's words.
var hints = []struct{ found, hint string }{
	{"cannot start any token", "quote a text that begins with a sign such as @ ` or %"},
	{"alphabetic or numeric character", `quote a text that begins with * or &, such as "*.log"`},
	{"mapping values are not allowed", `quote a text that holds a colon and a space, such as "val_loss: (.*)"`},
}

// syntax reports what is no YAML. The library names a line, never a column.
func (d *decoder) syntax(err error) {
	message, line := err.Error(), 1
	if m := yamlLine().FindStringSubmatch(message); m != nil {
		message = message[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
			if yamlParser().MatchString(message) {
				line++
			}
		}
	}
	for _, h := range hints {
		if strings.Contains(message, h.found) {
			message += "; " + h.hint
		}
	}
	d.problems = append(d.problems, &Problem{File: d.file, Line: line, Column: 1, Message: "not YAML: " + message})
}

// newer refuses a later version before its unknown keys confuse anyone.
func (d *decoder) newer(top *yaml.Node) bool {
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, n := top.Content[i], top.Content[i+1]
		var version int
		if key.Value != "version" || n.ShortTag() != "!!int" || n.Decode(&version) != nil || version <= Version {
			continue
		}
		d.add(n, "version", "want %d, got %d: this contract was written by a newer autoresearch-skill; update the program, "+
			"or write the contract anew with `autoresearch-skill new`", Version, version)
		return true
	}
	return false
}

// place gives a problem of the whole experiment the position of its key, or of
// what should hold it, unless reading has reported that already.
func (d *decoder) place(p *Problem) {
	for key := p.Key; ; key = parent(key) {
		if d.bad[key] {
			return
		}
		if key == "" {
			break
		}
	}
	p.File, p.Line, p.Column = d.file, 1, 1
	for key := p.Key; ; key = parent(key) {
		if n := d.at[key]; n != nil {
			p.Line, p.Column = max(n.Line, 1), max(n.Column, 1)
			break
		}
		if key == "" {
			break
		}
	}
	d.problems = append(d.problems, p)
}

// parent of "a.b[1]" is "a.b", then "a", then "".
func parent(key string) string {
	return key[:max(strings.LastIndexAny(key, ".["), 0)]
}
