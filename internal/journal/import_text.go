package journal

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// plainText decodes a file; false for one that is no text. PowerShell's ">"
// writes UTF-16, and files have been through every system's line ends.
func plainText(data []byte) (string, bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	}
	if order != nil {
		units := make([]uint16, 0, len(data)/2)
		for at := 2; at+1 < len(data); at += 2 {
			units = append(units, order.Uint16(data[at:]))
		}
		data = []byte(string(utf16.Decode(units)))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.IndexByte(data, 0) >= 0 && !stray(data) {
		return "", false
	}
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	end := "\n" // an old Mac's; else what a progress bar left inside of a line
	if bytes.IndexByte(data, '\n') >= 0 {
		end = " "
	}
	if bytes.IndexByte(data, '\x1b') >= 0 {
		data = colours().ReplaceAll(data, nil)
	}
	// The record separator begins each line of a JSON text sequence.
	return strings.NewReplacer("\r\n", "\n", "\r", end, "\x1e", "").Replace(string(data)), true
}

// isJSON: the first line that is no remark begins a value, or most lines hold
// an object each, as in a fenced block.
func isJSON(lines []string) bool {
	first, objects, others := "", 0, 0
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "```") {
			continue
		}
		if first == "" {
			first = line
		}
		if strings.HasPrefix(line, "{") {
			objects++
		} else {
			others++
		}
	}
	return strings.HasPrefix(first, "{") || beginsList(first) || objects > others
}

// beginsList: a line of a log may begin with a time in brackets.
func beginsList(line string) bool {
	rest, ok := strings.CutPrefix(line, "[")
	rest = strings.TrimSpace(rest)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], "{[\"]"))
}

// isPairs: most lines are words of the form key=value, or such a word and one
// for what became of the attempt.
func isPairs(lines []string) bool {
	pairs, filled := 0, 0
	for _, line := range lines {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		filled++
		cells := strings.ContainsAny(line, "\t|") // of a table, with remarks
		if n := len(pairsOf(line)); n >= 2 || n == 1 && !cells && spoken(line).has("status") {
			pairs++
		}
	}
	return 2*pairs > filled
}

// pairs reads lines such as: iter=3 score=0.61 status=keep msg="a pool of 60".
func (m *importer) pairs(lines []string) {
	m.log.Format = "pairs"
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(trimmed, "#")
		switch o := spoken(line); {
		case trimmed == "":
		case isComment:
			m.comment(strings.TrimSpace(comment))
		case len(o) < 2:
			m.unread(i+1, "no line of key=value")
		default:
			m.object(i+1, o)
		}
	}
}

// colours are what a terminal takes for those, and for moves of its cursor.
var colours = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`) })

var numbered = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:iter|iteration|attempt|exp|experiment|run|trial|step|round)s?\s*[#:]?\s*(\d+)\b`)
})

// spoken is pairsOf with what a log's line says beside them: its iteration's
// number, a word for what became of it, a remark in brackets.
func spoken(line string) object {
	o := pairsOf(line)
	number := numbered().FindStringSubmatch(line)
	if o.has("status", "decision", "verdict", "outcome", "result", "action", "kept", "keep", "accepted") {
		return o
	}
	for _, word := range strings.Fields(line) {
		if word = strings.Trim(word, "[](){}.,:;!"); plainStatus(word) && !o.has("status") {
			o["status"] = word
		}
	}
	if !o.has("status") {
		return o
	}
	if number != nil && !o.has("iteration", "iter", "run", "n", "step", "trial") {
		o["iteration"] = number[1]
	}
	if from, to := strings.LastIndexByte(line, '('), strings.LastIndexByte(line, ')'); from >= 0 && to > from && !o.has("description", "msg", "message") {
		o["description"] = line[from+1 : to]
	}
	return o
}

func pairsOf(line string) object {
	o := object{}
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimLeft(rest, " \t,;") {
		word, after, _ := strings.Cut(rest, " ")
		key, value, ok := strings.Cut(word, "=")
		if !ok || key == "" || strings.Trim(strings.ToLower(key), "abcdefghijklmnopqrstuvwxyz0123456789_.@-/") != "" {
			rest = after
			continue
		}
		if value != "" && (value[0] == '"' || value[0] == '\'') {
			body := rest[len(key)+2:]
			if end := strings.IndexByte(body, value[0]); end >= 0 {
				value, after = body[:end], body[end+1:]
			}
		}
		o[key] = strings.TrimRight(value, ",;")
		rest = after
	}
	return o
}
