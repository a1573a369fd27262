package lex

import "strings"

// yamlLine is one key on the way to the line that the reader is at.
type yamlKey struct {
	indent int
	name   string
	item   int // of a list under this key
}

// yaml reads the part of YAML that settings use: nested keys, list items,
// plain and quoted scalars, flow lists and block texts. What it does not know
// it passes over; it reports nothing that it did not find at its bytes.
type yamlReader struct {
	src  string
	file *File
	keys []yamlKey
}

func yaml(src string, f *File) {
	r := &yamlReader{src: src, file: f}
	at, number := 0, 0
	block, blockIndent, blockStart, blockLine, blockName := false, 0, 0, 0, ""
	closeBlock := func(end int) {
		if block {
			r.text(blockStart, end, blockLine, blockName)
			block = false
		}
	}
	for text := range strings.Lines(src) {
		number++
		start := at
		at += len(text)
		line := strings.TrimRight(text, " \t\r\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block && (line == "" || indent > blockIndent) {
			continue
		}
		closeBlock(start)
		if line == "" || line[indent] == '#' || strings.HasPrefix(line, "---") {
			continue
		}
		value, offset, opens := r.line(line, indent, start)
		if opens {
			block, blockIndent, blockStart, blockLine, blockName = true, indent, at, number+1, r.path()
			continue
		}
		r.scalar(value, offset, number, start)
	}
	closeBlock(len(src))
}

// line takes the dashes and the key of a line and returns its scalar with its
// offset; opens tells that a block text follows.
func (r *yamlReader) line(line string, indent, start int) (value string, offset int, opens bool) {
	at := indent
	for len(r.keys) > 0 && r.keys[len(r.keys)-1].indent >= indent && !(line[at] == '-' && r.keys[len(r.keys)-1].indent == indent && r.keys[len(r.keys)-1].name != "") {
		if line[at] == '-' && r.keys[len(r.keys)-1].indent == indent {
			break
		}
		r.keys = r.keys[:len(r.keys)-1]
	}
	for at < len(line) && line[at] == '-' && (at+1 == len(line) || line[at+1] == ' ') {
		for n := len(r.keys); n > 0 && r.keys[n-1].indent > at; n = len(r.keys) {
			r.keys = r.keys[:n-1]
		}
		if n := len(r.keys); n > 0 {
			r.keys[n-1].item++
		}
		for at++; at < len(line) && line[at] == ' '; at++ {
		}
	}
	if key, rest, ok := yamlKeyOf(line[at:]); ok {
		for n := len(r.keys); n > 0 && r.keys[n-1].indent >= at; n = len(r.keys) {
			r.keys = r.keys[:n-1]
		}
		r.keys = append(r.keys, yamlKey{indent: at, name: key})
		at += rest
		for at < len(line) && line[at] == ' ' {
			at++
		}
	}
	value = line[at:]
	if value != "" && (value[0] == '|' || value[0] == '>') {
		return "", 0, true
	}
	return value, start + at, false
}

// yamlKeyOf reads "key: " and returns the key and the offset behind its colon.
func yamlKeyOf(s string) (string, int, bool) {
	if s == "" || strings.IndexByte("[{&*!%@`#", s[0]) >= 0 {
		return "", 0, false
	}
	for i := range len(s) {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ') {
			return unquote(strings.TrimSpace(s[:i])), i + 1, i > 0
		}
		if s[i] == '#' && i > 0 && s[i-1] == ' ' {
			break
		}
	}
	return "", 0, false
}

func (r *yamlReader) path() string {
	name := ""
	for _, k := range r.keys {
		name = join(name, k.name)
	}
	return name
}

// scalar takes a value on one line: a number, a flag, a flow list, a prompt.
func (r *yamlReader) scalar(value string, offset, line, lineStart int) {
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimRight(value[:i], " ")
	}
	if value == "" {
		return
	}
	switch value[0] {
	case '[', '{':
		r.flow(value, offset, line, lineStart)
		return
	}
	r.one(r.path(), value, offset, line, lineStart)
}

// flow takes the numbers of "[0.1, 0.2]" and "{a: 0.1}".
func (r *yamlReader) flow(value string, offset, line, lineStart int) {
	name, key, n := r.path(), "", 0
	if strings.Count(value, ",") > maxTable {
		return
	}
	for start, i := 1, 1; i < len(value); i++ {
		switch value[i] {
		case ':':
			key = unquote(strings.TrimSpace(value[start:i]))
			start = i + 1
		case ',', ']', '}':
			text := strings.TrimLeft(value[start:i], " ")
			at := start + (i - start - len(text))
			part := join(name, key)
			if key == "" {
				part = name + "[" + string(rune('0'+n%10)) + "]"
			}
			r.one(part, strings.TrimRight(text, " "), offset+at, line, lineStart)
			start, key = i+1, ""
			n++
		}
	}
}

func (r *yamlReader) one(name, value string, offset, line, lineStart int) {
	l := Lever{Name: name, Value: value, Line: line, Column: offset - lineStart + 1, Offset: offset, End: offset + len(value)}
	switch {
	case value == "true" || value == "false":
		l.Kind, l.Role = KindBool, RoleFlag
	case looksNumeric(value) && !excludedName(name, strings.Contains(value, ".")) && strings.Count(value, ".") < 2:
		l.Kind, l.Role = KindNumber, dataRole(name)
	case len(value) > 60 && value[0] != '*' && speaks(value, strings.Contains(strings.ToLower(name), "prompt")):
		l.Kind, l.Role = KindPrompt, RolePrompt
	default:
		return
	}
	if name != "" {
		r.file.Levers = append(r.file.Levers, l)
	}
}

func dataRole(name string) string {
	if role := roleByName(last(name)); role != "" {
		return role
	}
	if role := roleByName(name); role != "" {
		return role
	}
	return RoleOther
}

// text takes a block text that speaks like a prompt.
func (r *yamlReader) text(start, end, line int, name string) {
	body := strings.TrimRight(r.src[start:end], " \t\r\n")
	indent := len(body) - len(strings.TrimLeft(body, " "))
	if start += indent; indent == len(body) || strings.HasPrefix(body[indent:], "\n") || strings.HasPrefix(body[indent:], "\r") {
		return
	}
	body = body[indent:]
	if len(body) < 60 || !speaks(body, strings.Contains(strings.ToLower(name), "prompt") || strings.HasSuffix(name, "system")) {
		return
	}
	r.file.Levers = append(r.file.Levers, Lever{
		Name: name, Role: RolePrompt, Kind: KindPrompt, Value: body,
		Line: line, Column: indent + 1, Offset: start, End: start + len(body),
	})
}
