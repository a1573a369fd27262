package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/prompt"
	"autoresearch-skill/internal/report"
)

// printJSON writes data to standard output, indented; < > & stay themselves.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table prints rows with aligned columns.
func table(w io.Writer, rows [][]string) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(tw, strings.TrimRight(strings.Join(r, "\t"), "\t"))
	}
	tw.Flush()
}

// number prints a score or a metric as people compare them.
func number(v float64) string { return loop.Number(v) }

// signed is number with its sign, and a true minus.
func signed(v float64) string {
	text := number(v)
	if v < 0 {
		return "−" + strings.TrimPrefix(text, "-")
	}
	return "+" + text
}

// hang is a text that begins at a column of a line, as a terminal shows it:
// its further lines stand below its first. Elsewhere it is one line.
func hang(w io.Writer, column int, text string) string {
	if !isTerminal(w) {
		return text
	}
	return strings.Join(report.Wrap(text, max(prompt.Width(w)-column, 20)), "\n"+strings.Repeat(" ", column))
}

// colour wraps text in an SGR sequence, only on a terminal and never with NO_COLOR.
func colour(w io.Writer, code, text string) string {
	if os.Getenv("NO_COLOR") != "" || !isTerminal(w) {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// plain shows as an escape what a terminal would obey, or hide: messages name
// files and values as a repository has them. Line ends and tabs stay: a message may
// list several problems.
func plain(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\n' || r == '\t' || unicode.IsPrint(r):
			b.WriteString(text[:n])
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		text = text[n:]
	}
	return b.String()
}
