package journal

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// layout is how a table's lines are cut.
type layout struct {
	format string
	cells  func(line string) []string
	quoted bool // a cell in quotes may go on over several lines
}

var (
	gap          = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s{2,}`) })
	opening      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|[,;])\s*"`) })
	decimalComma = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[-+−]?\d+,\d+$`) })
)

// layoutOf guesses from the first line that has fields; ok is false where it
// has none.
func layoutOf(line string) (l layout, ok bool) {
	aligned := gap().Split(line, -1)
	switch {
	case strings.Contains(line, "\t"):
		return layout{format: "tsv", cells: func(s string) []string { return strings.Split(s, "\t") }}, true
	case strings.HasPrefix(line, "|"):
		return layout{format: "table", cells: func(s string) []string {
			return bars(strings.TrimSuffix(strings.TrimPrefix(s, "|"), "|"))
		}}, true
	case len(aligned) >= 3 && isHeader(aligned):
		return layout{format: "table", cells: func(s string) []string { return gap().Split(s, -1) }}, true
	case strings.Count(line, ";") >= 2 && !strings.Contains(line, ","):
		return layout{format: "csv", quoted: true, cells: func(s string) []string {
			cells := fields(s, ';')
			for i, c := range cells {
				if decimalComma().MatchString(c) { // who separates by semicolons has commas in numbers
					cells[i] = strings.Replace(c, ",", ".", 1)
				}
			}
			return cells
		}}, true
	case strings.Contains(line, ","):
		return layout{format: "csv", quoted: true, cells: func(s string) []string { return fields(s, ',') }}, true
	}
	return layout{}, false
}

func fields(record string, separator rune) []string {
	in := csv.NewReader(strings.NewReader(record))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.TrimLeadingSpace = separator, -1, true, true
	cells, err := in.Read()
	if err != nil { // a lazy reader takes nearly anything
		return strings.Split(record, string(separator))
	}
	return cells
}

// bars splits at the bars that are not escaped.
func bars(s string) []string {
	cells := strings.Split(strings.ReplaceAll(s, `\|`, "\x00"), "|")
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "\x00", "|")
	}
	return cells
}

// boxes turns the lines of a drawn table into those of Markdown.
var boxes = strings.NewReplacer("│", "|", "┃", "|", "║", "|")

const drawn = "|-: +=─━═┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝┡╇┩╞╪╡"

// cut splits lines into rows; comments are searched for settings.
func (m *importer) cut(lines []string) []row {
	var rows []row
	var how layout
	known := false
	for i := 0; i < len(lines); i++ {
		line := boxes.Replace(lines[i])
		trimmed := strings.TrimSpace(line)
		if strings.Trim(trimmed, drawn) == "" {
			if how.format == "table" && len(rows) > 0 && strings.ContainsAny(trimmed, "-─━═") && strings.HasPrefix(trimmed, "|") {
				rows[len(rows)-1].header = true
			}
			continue
		}
		comment, isComment := strings.CutPrefix(trimmed, "#")
		if isComment && !strings.HasPrefix(line, "#\t") {
			m.comment(strings.TrimSpace(strings.TrimLeft(comment, "#")))
			continue
		}
		if !known {
			if how, known = layoutOf(trimmedUnlessTab(line)); !known {
				m.unread(i+1, "one field: neither a header nor an attempt")
				continue
			}
		}
		n := i + 1
		if how.quoted {
			more := m.continued(lines, i, how, rows)
			line, i = strings.Join(lines[i:i+1+more], "\n"), i+more
		}
		cells := how.cells(trimmedUnlessTab(line))
		for k, c := range cells {
			cells[k] = unquote(strings.TrimSpace(c))
		}
		rows = append(rows, row{line: n, cells: cells})
	}
	m.log.Format = how.format
	return rows
}

// trimmedUnlessTab keeps the empty first cell of a line that begins with a tab.
func trimmedUnlessTab(line string) string {
	if strings.Contains(line, "\t") {
		return line
	}
	return strings.TrimSpace(line)
}

func unquote(cell string) string {
	if n := len(cell); n >= 2 && cell[0] == '"' && cell[n-1] == '"' {
		return strings.ReplaceAll(cell[1:n-1], `""`, `"`)
	}
	return cell
}

// continued is how many of the next lines a quoted cell of lines[at] goes on
// over. A quote that is never closed, or only beyond what is an attempt again,
// ends with its line: it must not swallow the attempts below it.
func (m *importer) continued(lines []string, at int, how layout, rows []row) int {
	quotes := strings.Count(lines[at], `"`)
	if quotes%2 == 0 || !opening().MatchString(lines[at]) {
		return 0
	}
	for more := 1; at+more < len(lines); more++ {
		next := lines[at+more]
		if len(rows) > 0 {
			if cells := how.cells(next); len(cells) == len(rows[0].cells) && slices.ContainsFunc(cells, plainStatus) {
				break
			}
		}
		if quotes += strings.Count(next, `"`); quotes%2 == 0 {
			return more
		}
	}
	m.inferred("line %d: a quote is not closed; its text ends with the line", at+1)
	return 0
}
