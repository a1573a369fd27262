package journal

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// largestLog bounds what a compressed log may grow to.
const largestLog = 512 << 20

// opened is a log's text: unpacked, decoded, without stray zero bytes.
func (m *importer) opened(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return "", err
		}
		data, err = io.ReadAll(io.LimitReader(r, largestLog+1))
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF) && len(data) > 0:
			m.inferred("the compressed file ends amid its text: only what comes before is read")
		case err != nil:
			return "", fmt.Errorf("unpack: %w", err)
		}
		if len(data) > largestLog {
			return "", fmt.Errorf("unpack: more than %d MiB", largestLog>>20)
		}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")), bytes.HasPrefix(data, []byte("\xfd7zXZ")), bytes.HasPrefix(data, []byte("BZh")):
		return "", errors.New("an archive: unpack it first")
	}
	text, ok := plainText(data)
	if !ok {
		return "", errors.New("binary: want lines of text or JSON")
	}
	if strings.TrimSpace(text) == "" {
		return "", errors.New("it is empty")
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		m.inferred("line %d: a zero byte is left out", 1+strings.Count(text[:at], "\n"))
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return text, nil
}

// stray tells whether the zero bytes of a text are the few that a writer that
// was killed leaves behind.
func stray(data []byte) bool {
	odd := 0
	for _, b := range data {
		if b < ' ' && !bytes.ContainsRune([]byte("\t\n\r\f\x1b\x1e"), rune(b)) {
			odd++
		}
	}
	return odd <= bytes.Count(data, []byte{'\n'}) && odd*20 <= len(data)
}

// withoutCommas blanks the commas that stand before the end of an object or a
// list: JavaScript has them, JSON has not. Places stay as they are.
func withoutCommas(text string) string {
	out := []byte(text)
	comma, inString := -1, false
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString, comma = !inString, -1
		case inString, c == ' ', c == '\t', c == '\n':
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			out[comma], comma = ' ', -1
		default:
			comma = -1
		}
	}
	return string(out)
}
