package screen

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"autoresearch-skill/internal/lex"
)

// sections is the most parts of one prompt or formula that are left out in turn.
const sections = 8

// edit is a variation as bytes: source[from:to] becomes text.
type edit struct {
	level    string
	from, to int
	text     string
}

func (e edit) apply(source []byte) []byte {
	out := make([]byte, 0, len(source)+len(e.text))
	out = append(out, source[:e.from]...)
	out = append(out, e.text...)
	return append(out, source[e.to:]...)
}

// vary lists the variations of a lever, or says why there is none.
func vary(l lex.Lever) (edits []edit, reason string) {
	switch l.Kind {
	case lex.KindNumber:
		return number(l)
	case lex.KindBool:
		if other, ok := flipped[l.Value]; ok {
			return []edit{{"flipped", l.Offset, l.End, other}}, ""
		}
		return nil, "no opposite is known"
	case lex.KindFormula:
		return formula(l)
	case lex.KindPrompt:
		return prompt(l)
	}
	return nil, "a text has no neutral value"
}

var flipped = map[string]string{
	"true": "false", "True": "False", "TRUE": "FALSE", "yes": "no", "Yes": "No", "on": "off", "On": "Off",
	"false": "true", "False": "True", "FALSE": "TRUE", "no": "yes", "No": "Yes", "off": "on", "Off": "On",
}

// number is nothing and twice the value, written as the value is: an integer
// stays one. From zero there is no twice: it becomes one.
func number(l lex.Lever) ([]edit, string) {
	digits, suffix := strings.ReplaceAll(l.Value, "_", ""), ""
	quote := ""
	if n := len(digits); n >= 2 && (digits[0] == '"' || digits[0] == '\'') && digits[n-1] == digits[0] {
		quote, digits = digits[:1], digits[1:n-1]
	}
	if len(digits) > 1 && digits[0] == '0' && strings.IndexByte("xXbBoO", digits[1]) >= 0 {
		return nil, "not a plain number"
	}
	if i := strings.IndexFunc(digits, func(r rune) bool { return !strings.ContainsRune("0123456789.+-eE", r) }); i > 0 {
		digits, suffix = digits[:i], digits[i:]
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(v, 0) {
		return nil, "not a plain number"
	}
	whole := !strings.ContainsAny(digits, ".eE")
	write := func(v float64) string {
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if whole {
			text = strconv.FormatFloat(v, 'f', 0, 64)
		} else if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return quote + text + suffix + quote
	}
	if v == 0 {
		return []edit{{"0 → 1", l.Offset, l.End, write(1)}}, ""
	}
	return []edit{{"×0", l.Offset, l.End, write(0)}, {"×2", l.Offset, l.End, write(2 * v)}}, ""
}

// formula leaves out one term of a sum at a time, or one factor of a product.
func formula(l lex.Lever) ([]edit, string) {
	neutral, parts := "0", split(l.Value, "+-")
	if len(parts) < 2 {
		neutral, parts = "1", split(l.Value, "*")
	}
	if len(parts) < 2 {
		return nil, "no term that could be left out"
	}
	var edits []edit
	for _, p := range parts[:min(len(parts), sections)] {
		text := strings.TrimSpace(l.Value[p.from:p.to])
		edits = append(edits, edit{"without " + short(text, 24), l.Offset + p.from, l.Offset + p.to, neutral})
	}
	return edits, ""
}

// conditional: words that make an expression more than arithmetic. One inside
// brackets rules it out too, which loses little.
var conditional = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(if|else|and|or|not|in|lambda|for)\b`) })

// span is a part of an expression, between operators.
type span struct{ from, to int }

// split finds the operands of the outermost operators of a kind. A sign, an
// exponent (1e-5), a power (**) and what is in brackets or quotes are none.
func split(expr, operators string) []span {
	if conditional().MatchString(expr) {
		return nil
	}
	var out []span
	depth, begin, operand := 0, 0, false
	quote := byte(0)
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote, operand = c, true
		case strings.IndexByte("([{", c) >= 0:
			depth++
			operand = false
		case strings.IndexByte(")]}", c) >= 0:
			depth--
			operand = true
		case depth == 0 && strings.IndexByte("?:<>=!&|,", c) >= 0:
			return nil // more than arithmetic: a part of it is no term
		case depth == 0 && operand && strings.IndexByte(operators, c) >= 0 && !exponent(expr, i) && !power(expr, i):
			out = append(out, trimmed(expr, begin, i))
			begin, operand = i+1, false
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			operand = strings.IndexByte("+-*/%^", c) < 0
		}
	}
	if depth != 0 || quote != 0 {
		return nil
	}
	return append(out, trimmed(expr, begin, len(expr)))
}

func trimmed(expr string, from, to int) span {
	text := expr[from:to]
	from += len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	return span{from, from + len(strings.TrimSpace(text))}
}

// exponent: the sign in 1e-5.
func exponent(expr string, i int) bool {
	return i >= 2 && (expr[i-1] == 'e' || expr[i-1] == 'E') && expr[i-2] >= '0' && expr[i-2] <= '9'
}

// power: either star of **.
func power(expr string, i int) bool {
	return expr[i] == '*' && (i > 0 && expr[i-1] == '*' || i+1 < len(expr) && expr[i+1] == '*')
}

// prompt leaves out one line at a time, of a text of several; a line with a
// place for values, or with a quote that may end the text, stays.
func prompt(l lex.Lever) ([]edit, string) {
	var edits []edit
	at := 0
	lines := strings.SplitAfter(l.Value, "\n")
	for i, line := range lines {
		from := l.Offset + at
		at += len(line)
		bare := strings.TrimSpace(line)
		ends := i == 0 || i == len(lines)-1
		if bare == "" || strings.ContainsAny(line, "{}%$`") || strings.Contains(line, `"""`) || strings.Contains(line, "'''") || ends && strings.ContainsAny(line, `"'`) {
			continue
		}
		edits = append(edits, edit{fmt.Sprintf("without line %d", l.Line+i), from, from + len(line), ""})
	}
	if len(edits) == 0 {
		return nil, "no line that could be left out"
	}
	return edits[:min(len(edits), sections)], ""
}
