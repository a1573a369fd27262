package interview

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
)

// evaluation settles a whole evaluation: its command, how its number is read,
// and what the number is called.
func (t *talk) evaluation() error {
	line, err := t.evaluationCommand()
	if err != nil {
		return err
	}
	words, err := commandWords(line)
	if err != nil {
		return wrong("evaluation", "%v", err)
	}
	t.e.Evaluation = &experiment.Evaluation{Command: words}
	if err := t.reader(line); err != nil {
		return err
	}
	t.e.Evaluation.Read.File = t.given.One("read-file")
	if !t.given.Given("read-file") {
		t.e.Evaluation.Read.File = writtenBy(line, t.e.Evaluation.Read.Format)
	}
	return t.number()
}

func (t *talk) evaluationCommand() (string, error) {
	q := Question{Key: "evaluation", Flag: "--evaluation", Text: "Which command prints the number?",
		Help: "It runs in the root, without arguments of ours."}
	free := q
	free.Key = "evaluation-command"
	var options []Option
	for _, c := range t.r.Commands {
		if c.Kind == "eval" || c.Kind == "bench" {
			options = append(options, Option{Value: c.Line, Label: c.Line, Why: c.Why})
		}
	}
	if len(options) == 0 {
		return t.input(free)
	}
	options = options[:min(len(options), mostOptions)]
	q.Proposal = options[0].Value
	options = append(options, Option{Value: other, Label: "another command"})
	return t.choose(q, options, free)
}

// outputs are the formats that are offered, the sign in a command that tells
// them, and what they call their main number, and what kind of number that is.
var outputs = []struct{ format, sign, number, word string }{
	{"go-bench", `\bgo test\b.*-bench`, "ns_op", "time"},
	{"pytest-benchmark", `--benchmark|pytest.*bench`, "median", "time"},
	{"hyperfine", `\bhyperfine\b`, "seconds", "time"},
	{"criterion", `\bcargo bench\b|criterion`, "ns", "time"},
	{"lighthouse", `\blighthouse\b|\blhci\b`, "performance", "score"},
	{"coverage", `\bcoverage (run|json|xml|lcov)\b|--cov\b|-coverprofile|\bc8\b|\bnyc\b|\blcov\b`, "coverage", "share"},
	{"junit", `junit`, "pass_rate", "share"},
}

var writes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:--junit-?xml|--test-reporter-destination|--output-path|--export-json|--benchmark-json|-coverprofile|--output-file|\s-o)[= ]+([^\s;&|"']+)`)
})

// writtenBy is the file to which a command says that it writes a report of the
// format; "" for standard output.
func writtenBy(line, format string) string {
	m := writes().FindStringSubmatch(line)
	switch {
	case format == "" || format == "metric" || format == "json" || format == "go-bench" || format == "criterion":
		return ""
	case m != nil && (m[1] == "stdout" || strings.HasPrefix(m[1], "-") || strings.HasPrefix(m[1], "/") || strings.ContainsAny(m[1], "$\\:") || strings.Contains(m[1], "..")):
		return ""
	case m != nil:
		return strings.TrimPrefix(m[1], "./")
	case m == nil && regexp.MustCompile(`\bcoverage json\b`).MatchString(line):
		return "coverage.json"
	case m == nil && regexp.MustCompile(`\bcoverage xml\b|--cov-report[= ]xml`).MatchString(line):
		return "coverage.xml"
	case m == nil && regexp.MustCompile(`\bcoverage lcov\b`).MatchString(line):
		return "coverage.lcov"
	}
	return ""
}

// reader settles how the number is found.
func (t *talk) reader(line string) error {
	read := &t.e.Evaluation.Read
	if t.given.Given("format") {
		read.Format = t.given.One("format")
		if !slices.Contains(experiment.Formats(), read.Format) {
			return wrong("format", "want one of %s, got %q", strings.Join(experiment.Formats(), ", "), read.Format)
		}
		return nil
	}
	if t.given.Given("read") {
		if err := setRead(read, t.given.One("read")); err != nil {
			return wrong("read", "%v", err)
		}
		return nil
	}
	q := Question{Key: "read", Flag: "--read", Text: "How is its number read?"}
	options := []Option{
		{Value: "metric", Label: "lines METRIC name=value"},
		{Value: "line:", Label: "a line: a regular expression", Why: `val_loss: (.*)`},
		{Value: "pointer:", Label: "JSON: a pointer", Why: "/summary/score"},
	}
	for _, o := range outputs {
		options = append(options, Option{Value: o.format, Label: "output of " + o.format})
		if q.Proposal == "" && regexp.MustCompile(o.sign).MatchString(line) {
			q.Proposal = o.format
		}
	}
	answer, err := t.a.Select(q, options)
	if err != nil {
		return t.failed(q, err)
	}
	if slices.Contains(experiment.Formats(), answer) {
		read.Format = answer
		return nil
	}
	q.Key, q.Proposal = "read-spec", ""
	q.Text = map[string]string{"line:": "Which regular expression, its first group the number?", "pointer:": "Which JSON pointer?"}[answer]
	q.Validate = func(s string) error { return setRead(&experiment.Read{}, answer+s) }
	spec, err := t.a.Input(q)
	if err != nil {
		return t.failed(q, err)
	}
	return setRead(read, answer+spec)
}

// setRead reads line:REGEX, pointer:/a/b, /a/b, a format's name, or a regular
// expression with a group.
func setRead(read *experiment.Read, spec string) error {
	kind, rest, _ := strings.Cut(spec, ":")
	switch {
	case slices.Contains(experiment.Formats(), spec):
		read.Format = spec
	case kind == "pointer":
		read.Pointer = rest
	case strings.HasPrefix(spec, "/"):
		read.Pointer = spec
	case kind == "line":
		read.Line = strings.TrimPrefix(rest, " ")
	default:
		read.Line = spec
	}
	if read.Pointer != "" || kind == "pointer" {
		if !strings.HasPrefix(read.Pointer, "/") {
			return fmt.Errorf("want a JSON pointer such as /summary/score, got %q", read.Pointer)
		}
		return nil
	}
	if read.Format != "" {
		return nil
	}
	re, err := regexp.Compile(read.Line)
	if err != nil {
		return fmt.Errorf("want a regular expression, got %q: %w", read.Line, err)
	}
	if re.NumSubexp() == 0 {
		return fmt.Errorf("want a group for the number, as in \"val_loss: (.*)\", got %q", read.Line)
	}
	return nil
}

// number names what is read, in a formula, and says which way is better.
func (t *talk) number() error {
	q := Question{Key: "number", Flag: "--score", Text: "What is the number called?", Proposal: t.guessNumber(),
		Help: "A name that the output uses, or a formula over several.", Validate: wholeProblem}
	answer, err := t.input(q)
	if err != nil {
		return err
	}
	if t.score, err = formula.Parse(answer); err != nil {
		return wrong("score", "%v", err)
	}
	t.e.Score.Formula = answer
	return t.direction()
}

func wholeProblem(src string) error {
	f, err := formula.Parse(src)
	switch {
	case err != nil:
		return err
	case f.Bool():
		return fmt.Errorf("%s is a comparison: a guard's; want a number", src)
	case len(f.Refs()) == 0:
		return fmt.Errorf("want a name in the formula, got %s", src)
	}
	return nil
}

var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`) })

// guessNumber takes a name out of the reader: the last key of a pointer, the
// last word before a group.
func (t *talk) guessNumber() string {
	read := t.e.Evaluation.Read
	text := ""
	switch {
	case read.Pointer != "":
		text = read.Pointer[strings.LastIndex(read.Pointer, "/")+1:]
	case read.Line != "":
		text, _, _ = strings.Cut(read.Line, "(")
		text = regexp.MustCompile(`\\.`).ReplaceAllString(text, " ")
	}
	for _, o := range outputs {
		if read.Format == o.format {
			return o.number
		}
	}
	words := word().FindAllString(text, -1)
	if len(words) == 0 {
		if text != "" {
			return "value"
		}
		return ""
	}
	return words[len(words)-1]
}

// wholeWords are the words around the number.
func (t *talk) wholeWords() []string {
	if t.e.Evaluation == nil {
		return nil
	}
	read := t.e.Evaluation.Read
	for _, o := range outputs {
		if read.Format == o.format {
			return []string{o.word}
		}
	}
	return []string{read.Line, read.Pointer}
}
