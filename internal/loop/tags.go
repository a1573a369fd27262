package loop

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/lex"
)

// tags names what a diff did, from the code and never from the agent's words:
// a lever or a section, and the kind of change (value, add, remove,
// restructure). The report and the stop rule count tries by them.
func (t *trial) tags() ([]string, []journal.Change, error) {
	var tags []string
	var changes []journal.Change
	for i, f := range t.files {
		if i >= len(t.Incumbent.Files) || f.SHA256 == t.Incumbent.Files[i].SHA256 {
			continue
		}
		old, err := t.State.Bytes(t.Incumbent.Files[i].SHA256)
		if err != nil {
			return nil, nil, fmt.Errorf("read the incumbent: %w", err)
		}
		d := diffOf(f.Path, old, t.data[f.Path])
		for _, tag := range d.tags {
			if len(t.files) > 1 {
				tag = f.Path + ":" + tag
			}
			tags = append(tags, tag)
		}
		changes = append(changes, d.changes...)
	}
	slices.Sort(tags)
	return slices.Compact(tags), changes, nil
}

// codeDiff collects what differs between two versions of a file.
type codeDiff struct {
	path    string
	tags    []string
	changes []journal.Change
}

func (d *codeDiff) tag(what, kind string) { d.tags = append(d.tags, what+" "+kind) }

// diffOf compares region by region: a region is a function, or what lies
// outside of all.
func diffOf(path string, old, now []byte) *codeDiff {
	d := &codeDiff{path: path}
	a, errA := lex.Parse(path, old)
	b, errB := lex.Parse(path, now)
	if errA != nil || errB != nil {
		d.sections(old, now)
		return d
	}
	was, is := regions(a, old), regions(b, now)
	for _, name := range regionNames(was, is) {
		switch w, i := was[name], is[name]; {
		case w == nil:
			d.tag(name, "add")
		case i == nil:
			d.tag(name, "remove")
		default:
			d.region(name, w, i)
		}
	}
	if len(d.tags) == 0 {
		d.tag("file", "comment")
	}
	return d
}

// region is the code of a function, or the code outside of all functions.
type region struct {
	tokens []string
	kinds  []lex.Kind
	levers map[int]lex.Lever // by index of the token that the lever is
}

// outside names the region that is no function.
const outside = "module"

func regions(f *lex.File, src []byte) map[string]*region {
	levers := map[uint32]lex.Lever{}
	for _, l := range f.Levers {
		levers[uint32(l.Offset)] = l
	}
	out := map[string]*region{outside: {levers: map[int]lex.Lever{}}}
	for _, tok := range f.Tokens {
		if tok.Kind == lex.Comment {
			continue
		}
		name := enclosing(f.Functions, int(tok.Line))
		r := out[name]
		if r == nil {
			r = &region{levers: map[int]lex.Lever{}}
			out[name] = r
		}
		if l, ok := levers[tok.Offset]; ok && l.Kind != lex.KindFormula {
			r.levers[len(r.tokens)] = l
		}
		r.tokens = append(r.tokens, string(tok.Text(src)))
		r.kinds = append(r.kinds, tok.Kind)
	}
	return out
}

// enclosing is the innermost function that a line lies in.
func enclosing(functions []lex.Function, line int) string {
	name, size := outside, 1<<30
	for _, f := range functions {
		if f.Line <= line && line <= f.EndLine && f.EndLine-f.Line < size {
			name, size = f.Name, f.EndLine-f.Line
		}
	}
	return name
}

func regionNames(a, b map[string]*region) []string {
	var names []string
	for _, m := range []map[string]*region{a, b} {
		for name := range m {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// region tags what changed inside one region: values where only literals
// differ, added or removed levers, or a new shape.
func (d *codeDiff) region(name string, was, is *region) {
	if slices.Equal(was.tokens, is.tokens) {
		return
	}
	if d.values(name, was, is) {
		return
	}
	before, after := names(was), names(is)
	found := false
	for _, l := range after {
		if !slices.Contains(before, l) && !(name == outside && speaksOf(was, l)) {
			d.tag(qualified(name, l), "add")
			found = true
		}
	}
	for _, l := range before {
		if !slices.Contains(after, l) && !(name == outside && speaksOf(is, l)) {
			d.tag(qualified(name, l), "remove")
			found = true
		}
	}
	switch lever := alone(was, is); {
	case name == outside && found:
	case name == outside && lever != "":
		d.tag(lever, "restructure") // its value is an expression now
	default:
		d.tag(name, "restructure")
	}
}

// speaksOf tells whether a region has the name of a lever, which is there then,
// though as no literal.
func speaksOf(r *region, lever string) bool {
	return slices.Contains(r.tokens, lever)
}

// alone names the one lever between the first and the last token that differ.
func alone(was, is *region) string {
	n := min(len(was.tokens), len(is.tokens))
	head := 0
	for head < n && was.tokens[head] == is.tokens[head] {
		head++
	}
	tail := 0
	for tail < n-head && was.tokens[len(was.tokens)-1-tail] == is.tokens[len(is.tokens)-1-tail] {
		tail++
	}
	name := ""
	for _, r := range []*region{was, is} {
		for i := head; i < len(r.tokens)-tail; i++ {
			switch l, ok := r.levers[i]; {
			case !ok || l.Name == "" || l.Name == name:
			case name == "":
				name = l.Name
			default:
				return ""
			}
		}
	}
	return name
}

// values reports whether only literals differ, and tags each of them.
func (d *codeDiff) values(name string, was, is *region) bool {
	if len(was.tokens) != len(is.tokens) {
		return false
	}
	for i := range was.tokens {
		if was.tokens[i] != is.tokens[i] && !(literal(was, i) && literal(is, i)) {
			return false
		}
	}
	for i := range was.tokens {
		if was.tokens[i] == is.tokens[i] {
			continue
		}
		lever, role := name, ""
		if l, ok := was.levers[i]; ok {
			lever, role = qualified(name, l.Name), l.Role
		}
		d.tag(lever, "value")
		d.changes = append(d.changes, journal.Change{Path: d.path, Lever: lever, Role: role, From: clip(was.tokens[i]), To: clip(is.tokens[i])})
	}
	return true
}

func literal(r *region, i int) bool {
	switch r.kinds[i] {
	case lex.Number, lex.String:
		return true
	}
	_, lever := r.levers[i]
	return lever
}

func names(r *region) []string {
	var out []string
	for _, l := range r.levers {
		if l.Name != "" {
			out = append(out, l.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// qualified tells levers of one name in two functions apart.
func qualified(region, lever string) string {
	if region == outside || lever == "" || strings.HasPrefix(lever, region) {
		if lever == "" {
			return region
		}
		return lever
	}
	return region + "." + lever
}

func clip(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

// sections is for text without a language table: a prompt's headings.
func (d *codeDiff) sections(old, now []byte) {
	was, is := headed(old), headed(now)
	for _, s := range sectionNames(was, is) {
		switch w, inOld := was[s]; {
		case !inOld:
			d.tag(s, "add")
		case is[s] == nil:
			d.tag(s, "remove")
		case !bytes.Equal(w, is[s]):
			d.tag(s, "restructure")
		}
	}
}

func headed(text []byte) map[string][]byte {
	out := map[string][]byte{}
	section := "text"
	for _, line := range bytes.SplitAfter(text, []byte("\n")) {
		if bytes.HasPrefix(line, []byte("#")) {
			section = clip(strings.TrimSpace(strings.TrimLeft(string(line), "# ")))
		}
		out[section] = append(out[section], line...)
	}
	return out
}

func sectionNames(a, b map[string][]byte) []string {
	var names []string
	for _, m := range []map[string][]byte{a, b} {
		for name := range m {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
