package scaffold

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"al.essio.dev/pkg/shellescape"
)

// shell quotes a word for a POSIX shell. sprig's quote would leave $(…) to be
// executed, its squote breaks on an apostrophe.
func shell(word string) (string, error) {
	if err := clean(word); err != nil {
		return "", err
	}
	return shellescape.Quote(word), nil
}

// python is the literal of a value in Python source. JSON's strings are
// Python's too as long as nothing is escaped as a surrogate pair, and
// encoding/json escapes none.
func python(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "None", nil
	case bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case string:
		return text(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", fmt.Errorf("the number %v has no literal", v)
		}
		return float(v), nil
	case int, int64, uint64:
		return fmt.Sprint(v), nil
	case []string:
		return sequence(len(v), func(i int) any { return v[i] })
	case []any:
		return sequence(len(v), func(i int) any { return v[i] })
	case map[string]any:
		return mapping(v)
	}
	return "", fmt.Errorf("a %T has no literal", value)
}

func sequence(n int, at func(int) any) (string, error) {
	parts := make([]string, n)
	for i := range parts {
		s, err := python(at(i))
		if err != nil {
			return "", err
		}
		parts[i] = s
	}
	return "[" + strings.Join(parts, ", ") + "]", nil
}

func mapping(m map[string]any) (string, error) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	parts := make([]string, len(keys))
	for i, k := range keys {
		name, err := text(k)
		if err != nil {
			return "", err
		}
		value, err := python(m[k])
		if err != nil {
			return "", err
		}
		parts[i] = name + ": " + value
	}
	return "{" + strings.Join(parts, ", ") + "}", nil
}

// float writes a number so that it stays one with a decimal point: 1 would
// divide as an integer elsewhere, and a reader should see what it is.
func float(v float64) string {
	s := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// text is a double-quoted string in the common ground of JSON, Python and
// JavaScript. What a reader can't see is escaped: a bidirectional control in
// source text would show another program than the one that runs.
func text(s string) (string, error) {
	if err := clean(s); err != nil {
		return "", err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return "", err
	}
	return escaped(strings.TrimSuffix(b.String(), "\n")), nil
}

// escaped writes hidden characters as \uXXXX. Those beyond the basic plane
// stay: their escape differs from language to language.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		if hidden(r) && r <= 0xffff {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// clean refuses what no text format carries unharmed.
func clean(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%q is not valid UTF-8", s)
	}
	if strings.ContainsRune(s, 0) {
		return fmt.Errorf("%q holds a NUL byte", s)
	}
	return nil
}

// code is a Markdown code span that holds any one-line text as data: a run of
// backticks longer than any in it, and no character that could end the line.
func code(s string) string {
	s = visible(s)
	if s == "" {
		return "` `"
	}
	ticks := strings.Repeat("`", longestRun(s, '`')+1)
	if s[0] == '`' || s[len(s)-1] == '`' || s[0] == ' ' && s[len(s)-1] == ' ' {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// codes makes a code span of each text.
func codes(texts []string) []string {
	spans := make([]string, len(texts))
	for i, s := range texts {
		spans[i] = code(s)
	}
	return spans
}

// fence is a Markdown code block that no line of the text can close.
func fence(language, s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	s = strings.Join(lines, "\n")
	ticks := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return ticks + language + "\n" + s + "\n" + ticks
}

// visible escapes control and invisible formatting characters, line ends
// included, as Go does.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hidden(r):
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// hidden says whether a character is seen as something else or as nothing.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

func longestRun(s string, of rune) int {
	longest, run := 0, 0
	for _, r := range s {
		if r != of {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
