package experiment

import (
	"fmt"
	"strings"
)

// Words splits a command into its words as a shell would: at spaces outside
// quotes, a backslash takes the next character as it is. Nothing is expanded,
// and what only a shell can do (variables, pipes, ;) is an error.
func Words(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == '\\' && quote != '\'' && i+1 < len(runes):
			i++
			word.WriteString(escaped(runes[i], quote))
			inWord = true
		case quote != 0 && r == quote:
			quote = 0
		case quote != '\'' && (r == '$' || r == '`'), quote == 0 && strings.ContainsRune("|&;<>()", r):
			return nil, fmt.Errorf("want words without shell syntax, got %q in %s", r, got(line))
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case strings.ContainsRune(" \t\r\n", r):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("want the quote %c closed, got %s", quote, got(line))
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// escaped is a character after a backslash. In double quotes a shell drops the
// backslash before these only.
func escaped(r, quote rune) string {
	if quote == '"' && !strings.ContainsRune("\\\"$`", r) {
		return `\` + string(r)
	}
	return string(r)
}
