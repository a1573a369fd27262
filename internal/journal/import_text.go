package journal

import (
	"bytes"
	"encoding/binary"
	"strings"
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
	if bytes.IndexByte(data, 0) >= 0 {
		return "", false
	}
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	end := "\n" // an old Mac's; else what a progress bar left inside of a line
	if bytes.IndexByte(data, '\n') >= 0 {
		end = " "
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
	return strings.HasPrefix(first, "{") || strings.HasPrefix(first, "[") || objects > others
}

// isPairs: most lines are words of the form key=value.
func isPairs(lines []string) bool {
	pairs, filled := 0, 0
	for _, line := range lines {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		filled++
		if len(pairsOf(line)) >= 2 {
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
		switch o := pairsOf(line); {
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
