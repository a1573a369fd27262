package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"autoresearch-skill/internal/journal"
)

// clean makes one line of text of somebody else's: no control characters, no
// invisible ones that turn the direction of writing.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Join(strings.Fields(strings.Map(visibleOnly, s)), " ")
}

func visibleOnly(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
		return -1
	}
	return r
}

// blockLines is how many lines of a diff a report shows.
const blockLines = 120

// block is clean for text of several lines.
func block(s string) string {
	lines := strings.Split(strings.TrimRight(strings.ToValidUTF8(s, "\uFFFD"), "\n"), "\n")
	if n := len(lines); n > blockLines {
		lines = append(lines[:blockLines], fmt.Sprintf("… %d more lines", n-blockLines))
	}
	for i, l := range lines {
		l = strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return visibleOnly(r)
		}, l)
		lines[i] = strings.TrimRight(clip(l, 300), " ")
	}
	return strings.Join(lines, "\n")
}

func cleanAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, clean(s))
	}
	return out
}

func cleanChanges(list []journal.Change) []journal.Change {
	var out []journal.Change
	for _, c := range list {
		out = append(out, journal.Change{
			Path: clean(c.Path), Lever: clean(c.Lever), Role: clean(c.Role), From: clip(clean(c.From), 40), To: clip(clean(c.To), 40),
		})
	}
	return out
}

// clip shortens a text to n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }

// figure prints a score as people compare them.
func figure(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case a == 0:
		return "0"
	case a < 1e-4:
		return minus(fmt.Sprintf("%.2g", v))
	case a < 10:
		return minus(trimmed(fmt.Sprintf("%.4f", v)))
	case a < 1000:
		return minus(trimmed(fmt.Sprintf("%.2f", v)))
	case a < 1e12:
		return minus(grouped(v))
	}
	return minus(fmt.Sprintf("%.4g", v))
}

// signed is figure with its sign.
func signed(v float64) string {
	switch {
	case math.Abs(v) < 1e-12: // the dust of floating point is no change
		return "0"
	case v < 0:
		return figure(v)
	}
	return "+" + figure(v)
}

// minus puts the true minus sign.
func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// trimmed keeps two decimals at least: 0.50, 0.6933, 12.00 → 12.
func trimmed(s string) string {
	whole, decimals, ok := strings.Cut(s, ".")
	if !ok {
		return s
	}
	decimals = strings.TrimRight(decimals, "0")
	if decimals == "" && len(strings.TrimPrefix(whole, "-")) > 0 && strings.TrimPrefix(whole, "-") != "0" {
		return whole
	}
	for len(decimals) < 2 {
		decimals += "0"
	}
	return whole + "." + decimals
}

func grouped(v float64) string {
	digits := strconv.FormatFloat(math.Abs(v), 'f', 0, 64)
	var out strings.Builder
	if v < 0 {
		out.WriteByte('-')
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return out.String()
}

// interval is a delta with its 90 % interval, where one is known.
func interval(v, low, high float64) string {
	if math.IsInf(low, 0) || math.IsInf(high, 0) || math.IsNaN(low) || math.IsNaN(high) {
		return signed(v)
	}
	return fmt.Sprintf("%s (%s … %s)", signed(v), signed(low), signed(high))
}

// span is a duration for people.
func span(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// count is "1 try", "3 tries".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}

// contains reports whether a sorted list holds all of another.
func contains(all, some []int) bool {
	for _, n := range some {
		if _, ok := slices.BinarySearch(all, n); !ok {
			return false
		}
	}
	return true
}

// list names at most n of the items.
func list(items []string, n int) string {
	if len(items) <= n {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(items[:n], ", "), len(items)-n)
}
