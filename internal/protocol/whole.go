package protocol

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"autoresearch-skill/internal/metric"
)

// Read says how a whole evaluation's numbers are found; exactly one field is
// set, or none for METRIC lines.
type Read struct {
	Format  string // metric, json, go-bench, pytest-benchmark, hyperfine, criterion, lighthouse, coverage, junit
	Line    string // regular expression
	Pointer string // JSON pointer
}

// Reading is what a whole evaluation printed.
type Reading struct {
	// Values are its metrics by name; the key metric.Unnamed holds a number
	// that has no name.
	Values map[string]float64
	// Samples are the single measurements behind a value, in order, where the
	// format has them.
	Samples map[string][]float64
}

var formats = map[string]func(name string, data []byte) (*Reading, error){
	"metric":           readMetricLines,
	"json":             readPlainJSON,
	"go-bench":         readGoBench,
	"pytest-benchmark": readPytestBenchmark,
	"hyperfine":        readHyperfine,
	"criterion":        readCriterion,
	"lighthouse":       readLighthouse,
	"coverage":         readCoverage,
	"junit":            readJUnit,
}

// Formats lists what Read.Format may say.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// Check reports what is wrong with a Read before anything is run.
func (r Read) Check() error {
	set := 0
	for _, s := range []string{r.Format, r.Line, r.Pointer} {
		if s != "" {
			set++
		}
	}
	if set > 1 {
		return fmt.Errorf("read: want one of format, line and pointer, got %d", set)
	}
	switch {
	case r.Format != "" && formats[r.Format] == nil:
		return fmt.Errorf("read: want a format of %s, got %q", strings.Join(Formats(), ", "), r.Format)
	case r.Line != "":
		_, err := compileLine(r.Line)
		return err
	case r.Pointer != "":
		_, err := pointerTokens(r.Pointer)
		return err
	}
	return nil
}

// ReadWhole reads a whole evaluation's numbers from what it printed, or from
// the file that it wrote; name is what messages call it.
func ReadWhole(name string, read Read, data []byte) (*Reading, error) {
	if err := read.Check(); err != nil {
		return nil, err
	}
	switch {
	case read.Line != "":
		return readLineMatch(name, read.Line, data)
	case read.Pointer != "":
		return readPointer(name, read.Pointer, data)
	case read.Format != "":
		return formats[read.Format](name, data)
	}
	return readMetricLines(name, data)
}

var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)`)
})

// textLines splits at line ends and at the lone carriage returns of progress
// bars, colours and other escape sequences taken out.
func textLines(data []byte) []string {
	text := strings.ToValidUTF8(string(data), "\uFFFD")
	if strings.Contains(text, "\x1b") {
		text = escapes().ReplaceAllString(text, "")
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

// readMetricLines reads lines "METRIC name=value", several on a line allowed;
// the last of a name counts.
func readMetricLines(name string, data []byte) (*Reading, error) {
	r, err := metricLines(name, data)
	if err != nil {
		return nil, err
	}
	if len(r.Values) == 0 {
		return nil, &Error{File: name, Want: "a line METRIC name=value", Got: fmt.Sprintf("none in %d lines", len(textLines(data)))}
	}
	return r, nil
}

// blank may stand before and after the word METRIC.
const blank = " \t\f"

func metricLines(file string, data []byte) (*Reading, error) {
	values := map[string]string{}
	for _, line := range textLines(data) {
		rest, is := strings.CutPrefix(strings.TrimLeft(line, blank), "METRIC")
		pairs := strings.TrimLeft(rest, blank)
		if !is || len(pairs) == len(rest) || !strings.Contains(pairs, "=") {
			continue
		}
		for _, field := range strings.Fields(pairs) {
			name, value, found := strings.Cut(field, "=")
			if !found || !metric.IsName(name) {
				return nil, &Error{File: file, Want: "METRIC name=value without spaces around =", Got: short(strings.TrimSpace(line))}
			}
			values[name] = value
		}
	}
	r := &Reading{Values: map[string]float64{}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v, err := plainNumber(values[name])
		if err != nil {
			return nil, &Error{File: file, Want: "a finite number in METRIC " + name + "=…", Got: short(values[name])}
		}
		r.Values[name] = v
	}
	return r, nil
}

// plainNumber reads a decimal number, nothing else around it.
func plainNumber(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s, "_xXpP") || strings.ContainsAny(s, "nN") {
		return 0, fmt.Errorf("want a finite number, got %s", short(s))
	}
	return f, nil
}

// compileLine makes ^ and $ match at lines.
func compileLine(pattern string) (*regexp.Regexp, error) {
	re, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return nil, fmt.Errorf("read line %q: %w", pattern, err)
	}
	if re.NumSubexp() == 0 {
		return nil, fmt.Errorf("read line %q: want a group in parentheses around the number", pattern)
	}
	for _, name := range re.SubexpNames() {
		if name != "" && !metric.IsName(name) {
			return nil, fmt.Errorf("read line %q: group %q is no metric's name", pattern, name)
		}
	}
	return re, nil
}

// readLineMatch takes the last match of the regular expression: its first
// group is the number, without a name unless the group has one, (?P<loss>…);
// further named groups are further metrics. METRIC lines are read too.
func readLineMatch(file, pattern string, data []byte) (*Reading, error) {
	re, err := compileLine(pattern)
	if err != nil {
		return nil, err
	}
	r, err := metricLines(file, data)
	if err != nil {
		return nil, err
	}
	lines := textLines(data)
	matches := re.FindAllStringSubmatch(strings.Join(lines, "\n"), -1)
	if len(matches) == 0 {
		return nil, &Error{File: file, Want: fmt.Sprintf("a line that matches %q", pattern), Got: fmt.Sprintf("none in %d lines", len(lines))}
	}
	last := matches[len(matches)-1]
	for n, name := range re.SubexpNames() {
		if n == 0 || n > 1 && name == "" {
			continue
		}
		text := strings.TrimFunc(last[n], unicode.IsSpace)
		v, err := plainNumber(text)
		if err != nil {
			return nil, &Error{File: file, Want: fmt.Sprintf("a finite number where %q has its group", pattern), Got: short(text)}
		}
		r.Values[name] = v
	}
	return r, nil
}
