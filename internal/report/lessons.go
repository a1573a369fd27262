package report

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// LessonsFile lies beside the harness folders of a repository.
const LessonsFile = "lessons.md"

const lessonsHead = `# What the experiments here have taught

One section for each, added when it was finished and never changed afterwards: edit as you like.
Harnesses that are rendered later quote what bears on their target.
`

// Remember appends the lessons of a finished run to what the file holds. A
// section that is there, edited or not, stays as it is.
func (m *Map) Remember(file []byte) []byte {
	if m.Finish == nil || m.Run == "" || bytes.Contains(file, []byte(m.mark())) {
		return file
	}
	out := slices.Clone(file)
	switch {
	case len(bytes.TrimSpace(out)) == 0:
		out = []byte(lessonsHead)
	case !bytes.HasSuffix(out, []byte("\n")):
		out = append(out, '\n')
	}
	return append(append(out, '\n'), m.Lessons()...)
}

// mark tells a run's section from that of another run of the same name.
func (m *Map) mark() string { return "<!-- autoresearch run " + m.Run + " -->" }

// Lessons is the run's section: what its numbers allow to say, without the
// name of any case, which a later round may hide.
func (m *Map) Lessons() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## %s\n\n%s\n", md(m.Experiment), m.mark())
	var targets []string
	for _, t := range m.Target {
		targets = append(targets, "`"+strings.ReplaceAll(t, "`", "'")+"`")
	}
	fmt.Fprintf(&b, "Target: %s\n\n", strings.Join(targets, ", "))
	lines := m.Headline()
	fmt.Fprintf(&b, "Score %s (%s)%s: %s. %s. %s.\n\n", md(m.Formula), m.Direction, m.over(), md(lines[0]), md(capital(lines[1])), md(capital(lines[2])))
	for _, l := range m.lessons() {
		fmt.Fprintf(&b, "- %s\n", md(l))
	}
	return b.Bytes()
}

func (m *Map) over() string {
	if m.Cases == 0 {
		return ""
	}
	return " on " + count(m.Cases, "case", "cases")
}

// lessonLines bounds each kind of lesson: a section is to be read.
const lessonLines = 12

func (m *Map) lessons() []string {
	var out []string
	add := func(list []string) {
		if n := len(list); n > lessonLines {
			list = append(list[:lessonLines:lessonLines], fmt.Sprintf("… %d more of this kind in report.md", n-lessonLines))
		}
		out = append(out, list...)
	}
	var survived []string
	for _, a := range m.Survived {
		s := "Survived: " + a.what()
		if a.Known {
			s += ": " + interval(a.Delta, a.Low, a.High)
		}
		if lost := a.Lost(); lost != "" {
			s += "; lost without it: " + lost
		}
		survived = append(survived, s)
	}
	add(survived)
	for _, v := range []struct {
		is   Finding
		word string
	}{{Hurts, "Hurts"}, {Exhausted, "Dead"}, {UnderPowered, "Not decided"}} {
		var list []string
		for _, p := range m.Approaches {
			if p.Verdict == v.is {
				list = append(list, fmt.Sprintf("%s: %s: %s", v.word, p.Name, strings.Join(append([]string{p.Words}, p.Ways...), "; ")))
			}
		}
		add(list)
	}
	add(m.tradeoffs())
	add(m.lessonCeilings())
	add(m.traps())
	return out
}

// mixed is how many cases an attempt must move either way to be a trade-off.
const mixed = 2

// tradeoffs are attempts that won cases and lost others, while the sum can't
// be told from nothing: those that moved the most first.
func (m *Map) tradeoffs() []string {
	var found []Attempt
	for _, a := range m.Points {
		if a.Known && !a.Kept && a.Better >= mixed && a.Worse >= mixed && a.Low < 0 && a.High > 0 && !math.IsInf(a.Low, 0) && !math.IsInf(a.High, 0) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b Attempt) int { return b.Better + b.Worse - a.Better - a.Worse })
	var out []string
	for _, a := range found[:min(len(found), 4)] {
		out = append(out, fmt.Sprintf("Trade-off: %s: %s better, %d worse, %s in all", clip(a.Message, 120), count(a.Better, "case", "cases"), a.Worse, signed(a.Delta)))
	}
	return out
}

func (m *Map) lessonCeilings() []string {
	var out []string
	c := m.Ceiling
	if c.Metric != nil {
		out = append(out, fmt.Sprintf("Ceiling: perfect outputs would score %s, the final version scores %s", figure(*c.Metric), figure(c.Current)))
	}
	if c.Pool != nil {
		out = append(out, fmt.Sprintf("Ceiling: the best order of what is returned would score %s", figure(*c.Pool)))
	}
	if c.Recall != nil {
		out = append(out, fmt.Sprintf("Ceiling: %.0f %% of what is missing cannot be won by ranking", 100**c.Recall))
	}
	if c.Router != nil && m.sign*(*c.Router-c.Current) > m.size {
		out = append(out, fmt.Sprintf("Ceiling: choosing the best tried version for each case would score at most %s", figure(*c.Router)))
	}
	if n := len(c.Never); n > 0 {
		out = append(out, fmt.Sprintf("Ceiling: %s no attempt ever helped", count(n, "case that", "cases that")))
	}
	if c.Weakest != "" {
		out = append(out, fmt.Sprintf("Ceiling: most of what is missing is in %q", c.Weakest))
	}
	return out
}

// traps are what got in the way, not what was found.
func (m *Map) traps() []string {
	var out []string
	trap := func(format string, args ...any) { out = append(out, "Trap: "+fmt.Sprintf(format, args...)) }
	if m.Noise > 0 && !m.perCase() {
		trap("the score differs by %s between two runs of equal code", figure(m.Noise))
	} else if m.Noise > m.size {
		trap("the standard error of a difference is %s: a gain of %s can't be seen in one try", figure(m.Noise), figure(m.size))
	}
	if p := m.Outlook.Power; p < lowPower {
		trap("a true gain of %s is kept in about %.0f %% of tries only: what is not decided above is no dead end", figure(m.Outlook.Size), 100*p)
	}
	if f := m.Finish; f.FalseKeeps >= 0.5 && f.Kept > 0 {
		trap("%s", m.luck())
	}
	if n := m.fates(Invalid); n > 0 {
		trap("%s something else than the target", count(n, "attempt changed", "attempts changed"))
	}
	if n := m.fates(Broke); n > 0 {
		trap("%s or ran out of time", count(n, "attempt crashed", "attempts crashed"))
	}
	if n := len(m.Pending); n > 0 {
		trap("%s on the visible cases while no hidden one moved: more labels would decide", count(n, "attempt gained", "attempts gained"))
	}
	for _, s := range m.Said {
		trap("%s", s)
	}
	return out
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Learned is a section of a lessons file.
type Learned struct {
	Title   string
	Run     string   // "" of a section that a user wrote
	Targets []string // that its "Target:" line names
	Lines   []string // the rest
}

var (
	runMark    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^<!-- autoresearch run (\S+) -->$`) })
	targetName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("`([^`]+)`") })
)

// ReadLessons reads a lessons file that a user may have edited.
func ReadLessons(file []byte) []Learned {
	var out []Learned
	for line := range strings.SplitSeq(strings.ToValidUTF8(string(file), "\uFFFD"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		if title, ok := strings.CutPrefix(line, "## "); ok {
			out = append(out, Learned{Title: plain(title)})
			continue
		}
		if len(out) == 0 {
			continue
		}
		s := &out[len(out)-1]
		list, target := strings.CutPrefix(line, "Target:")
		switch mark := runMark().FindStringSubmatch(line); {
		case mark != nil:
			s.Run = mark[1]
		case target:
			for _, t := range targetName().FindAllStringSubmatch(list, -1) {
				s.Targets = append(s.Targets, t[1])
			}
		case line != "":
			s.Lines = append(s.Lines, plain(line))
		}
	}
	return out
}

// unescape is md backwards, for a reader that shows text as it is.
var unescape = strings.NewReplacer(`\\`, `\`, `\|`, "|", "&amp;", "&", "&lt;", "<", "&gt;", ">", "\\`", "`", `\[`, "[", `\]`, "]",
	`\*`, "*", `\_`, "_", `\~`, "~", `\#`, "#", "&#64;", "@", "&#58;//", "://", "www&#46;", "www.", `\$`, "$")

func plain(s string) string { return clean(unescape.Replace(s)) }
