package metric

import (
	"fmt"
	"strings"
	"unicode"
)

// bracket is what stands in one pair of brackets.
type bracket struct {
	text   string
	quoted bool
}

func splitName(name string) (base string, brackets []bracket, err error) {
	base, rest, found := strings.Cut(name, "[")
	for found {
		var b bracket
		if b, rest, err = cutBracket(rest); err != nil {
			return "", nil, err
		}
		brackets = append(brackets, b)
		if rest == "" {
			break
		}
		if rest[0] != '[' {
			return "", nil, fmt.Errorf("want the end or [ after ], got %q", rest)
		}
		rest = rest[1:]
	}
	return base, brackets, nil
}

// cutBracket reads up to and with the closing bracket.
func cutBracket(s string) (b bracket, rest string, err error) {
	s = strings.TrimLeft(s, " ")
	if s != "" && (s[0] == '\'' || s[0] == '"') {
		return cutQuoted(s)
	}
	text, rest, found := strings.Cut(s, "]")
	text = strings.Trim(text, " ")
	switch {
	case !found:
		return b, "", fmt.Errorf("[%s has no closing ]", s)
	case text == "":
		return b, "", fmt.Errorf("nothing stands in the brackets")
	case !plain(text):
		return b, "", fmt.Errorf("write %q in quotes: [\"…\"]", text)
	}
	return bracket{text: text}, rest, nil
}

func cutQuoted(s string) (b bracket, rest string, err error) {
	var text strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			rest, found := strings.CutPrefix(strings.TrimLeft(s[i+1:], " "), "]")
			if !found {
				return b, "", fmt.Errorf("want ] after %s", s[:i+1])
			}
			if b = (bracket{text.String(), true}); b.text == "" || strings.ContainsFunc(b.text, unicode.IsControl) {
				return b, "", fmt.Errorf("the quoted text is empty or has control characters")
			}
			return b, rest, nil
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		text.WriteByte(s[i])
	}
	return b, "", fmt.Errorf("a quote is not closed in [%s", s)
}

// plain says whether a text needs no quotes in brackets. It is the formula
// language's rule.
func plain(text string) bool {
	return text != "" && text == strings.Trim(text, " ") && !strings.ContainsAny(text, "[]") &&
		text[0] != '\'' && text[0] != '"' && !strings.ContainsFunc(text, unicode.IsControl)
}

// String writes a text in brackets, in double quotes where it needs them or
// had them.
func (b bracket) String() string {
	if b.quoted || !plain(b.text) {
		return `["` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(b.text) + `"]`
	}
	return "[" + b.text + "]"
}

func bracketed(text string) string { return bracket{text: text}.String() }
