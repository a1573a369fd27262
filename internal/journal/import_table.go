package journal

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// columns says which column of a table is what; −1 where there is none.
type columns struct {
	header                                       []string
	n, commit, status, value, description, stamp int
}

// row is one line, cut into cells.
type row struct {
	line   int
	cells  []string
	header bool // a Markdown table says so
}

// headings are column names that say what a column is; all others hold
// metrics, parameters or notes.
var headings = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for role, names := range map[string]string{
		"n":           "iteration iter run n # no id exp exp_id experiment experiment_id step trial attempt round idx index",
		"commit":      "commit hash sha git_commit commit_hash rev revision",
		"status":      "status state decision verdict outcome action kept keep accepted accept result_status keep_discard",
		"value":       "metric score value primary primary_metric metric_value objective metric_after new_score score_after after result",
		"description": "description desc change hypothesis idea summary what message title experiment_description approach note notes comment details",
		"time":        "timestamp date datetime when created_at ts",
		"other":       "delta guard guard_metric guard_result guard_status memory memory_gb mem_gb peak_gb vram_gb duration elapsed seconds wall_time time_s runtime tokens cost cost_usd prior confidence baseline best improvement direction train_loss params n_params parent branch category tag tags lever",
	} {
		for _, name := range strings.Fields(names) {
			m[name] = role
		}
	}
	return m
})

var nonWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\p{L}\p{N}#]+`) })

func heading(cell string) string {
	return strings.Trim(nonWord().ReplaceAllString(strings.ToLower(strings.TrimSpace(cell)), "_"), "_")
}

// isHeader: two cells name a known role, and none is a number.
func isHeader(cells []string) bool {
	known := map[string]bool{}
	for _, c := range cells {
		if _, _, ok := parseNumber(c); ok {
			return false
		}
		if role := headings()[heading(c)]; role != "" && len(c) < 40 {
			known[role] = true
		}
	}
	return len(known) >= 2
}

// opensTable: a first line names one known role, and what else stands in it
// are names too: "commit, val_bpb". A word that may be a status is none, unless
// it heads a column.
func opensTable(cells []string) bool {
	known := false
	for _, c := range cells {
		if _, _, ok := parseNumber(c); ok || c == "" || strings.ContainsAny(c, " \t") {
			return false
		}
		switch headings()[heading(c)] {
		case "n", "commit", "value", "time":
			known = true
		default:
			if fateOf(c) != FateUnknown {
				return false
			}
		}
	}
	return known && len(cells) >= 2
}

// table reads TSV, CSV, Markdown and printed tables.
func (m *importer) table(rows []row) {
	if len(rows) > 0 && opensTable(rows[0].cells) {
		rows[0].header = true
	}
	proper := slices.ContainsFunc(rows, func(r row) bool { return isHeader(r.cells) })
	var head []string
	var block []row
	flush := func() {
		if len(block) > 0 && proper && !isHeader(head) {
			for _, r := range block {
				m.unread(r.line, "it stands under no header of attempts")
			}
		} else if len(block) > 0 {
			m.block(head, block)
		}
		block = nil
	}
	for _, r := range rows {
		if r.header || isHeader(r.cells) {
			if m.header == 0 {
				m.header = r.line
			}
			if isHeader(head) && isHeader(r.cells) {
				m.inferred("line %d: another header; what follows is read by it", r.line)
			}
			flush()
			head = r.cells
			continue
		}
		block = append(block, r)
	}
	flush()
}

// comment reads "metric_direction: higher_is_better" and its like.
func (m *importer) comment(text string) {
	key, value, ok := strings.Cut(text, ":")
	if !ok {
		key, value, ok = strings.Cut(text, "=")
	}
	if !ok {
		return
	}
	value = strings.TrimSpace(value)
	switch heading(key) {
	case "metric_direction", "direction", "optimize", "best_direction":
		if d := directionOf(value); d != "" {
			m.current().direction = d
		}
	case "metric", "metric_name":
		m.current().metric = value
		if d := directionOf(value); d != "" && m.current().direction == "" {
			m.current().direction = d
		}
	case "unit", "metric_unit":
		m.current().unit = value
	case "name", "goal", "experiment":
		m.log.Name = value
	}
}

// block reads the rows under one header.
func (m *importer) block(head []string, rows []row) {
	if head == nil {
		m.inferred("no header: columns are taken by what stands in them")
	}
	m.points(rows)
	cols := m.assign(head, rows)
	if cols.value < 0 {
		m.inferred("line %d: no column of numbers that could be the metric", rows[0].line)
	}
	for _, r := range rows {
		m.attempt(cols, r)
	}
	m.nameFormat(head)
}

func (m *importer) nameFormat(head []string) {
	var names []string
	for _, h := range head {
		names = append(names, heading(h))
	}
	switch {
	case m.log.Format != "tsv":
	case slices.Contains(names, "guard") && slices.Contains(names, "delta"):
		m.log.Format = "uditgoenka-tsv"
	case slices.Contains(names, "commit") && slices.Contains(names, "status") && slices.Contains(names, "description"):
		m.log.Format = "karpathy-tsv"
	}
}

// assign finds the role of each column, by name and then by content.
func (m *importer) assign(head []string, rows []row) columns {
	c := columns{header: head, n: -1, commit: -1, status: -1, value: -1, description: -1, stamp: -1}
	roles := map[string]*int{"n": &c.n, "commit": &c.commit, "status": &c.status, "description": &c.description, "time": &c.stamp}
	for i, h := range head {
		if at := roles[headings()[heading(h)]]; at != nil && *at < 0 {
			*at = i
		}
	}
	if head == nil {
		c.commit = 0
	}
	if c.status < 0 {
		c.status = mostly(rows, func(cell string) bool { return plainStatus(cell) })
	}
	c.value = m.valueColumn(head, rows, c)
	if head != nil && c.value >= 0 {
		m.current().metric = cmpOr(m.current().metric, head[c.value])
		if named := slices.IndexFunc(head, func(h string) bool { return heading(h) == "metric" }); named >= 0 && named != c.value {
			if text := constant(rows, named); text != "" {
				m.current().metric = text
			}
		}
	}
	if dir := slices.IndexFunc(head, func(h string) bool { return heading(h) == "direction" }); dir >= 0 && m.current().direction == "" {
		m.current().direction = directionOf(constant(rows, dir))
	}
	return c
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// valueColumn prefers a column that is named for it, if it holds numbers, and
// else takes the one of numbers, named for nothing else, that fits what was
// kept best.
func (m *importer) valueColumn(head []string, rows []row, c columns) int {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	if head != nil {
		width = len(head)
	}
	for _, want := range []string{"value", ""} {
		var at []int
		var all []series
		for i := range width {
			role := ""
			if i < len(head) {
				role = headings()[heading(head[i])]
			}
			if role != want || i == c.commit || i == c.n || i == c.status || want == "" && i == c.description {
				continue
			}
			if numeric(rows, i) && (want == "value" || head == nil) {
				return i
			}
			if numeric(rows, i) {
				at, all = append(at, i), append(all, seriesOf(head[i], rows, i))
			}
		}
		if told := slices.IndexFunc(all, func(s series) bool { return s.name != "" && s.name == m.current().metric }); told >= 0 {
			return at[told]
		}
		if len(at) > 0 {
			fates := make([]Fate, len(rows))
			for k, r := range rows {
				fates[k] = fateOf(r.cell(c.status))
			}
			return at[m.metricOf(all, fates)]
		}
	}
	return -1
}

// numeric: most of the cells that hold anything hold a number. A column of
// remarks with a number here and there is none.
func numeric(rows []row, i int) bool {
	numbers, filled := 0, 0
	for _, r := range rows {
		if i >= len(r.cells) || strings.Trim(r.cells[i], "-–— ") == "" || strings.EqualFold(r.cells[i], "n/a") {
			continue
		}
		filled++
		if _, _, ok := parseNumber(r.cells[i]); ok {
			numbers++
		}
	}
	return numbers > 0 && 2*numbers > filled
}

// mostly is the column in which most rows satisfy is; −1 if none does.
func mostly(rows []row, is func(string) bool) int {
	hits := map[int]int{}
	for _, r := range rows {
		for i, cell := range r.cells {
			if is(cell) {
				hits[i]++
			}
		}
	}
	best := -1
	for _, i := range slices.Sorted(maps.Keys(hits)) {
		if 2*hits[i] > len(rows) && (best < 0 || hits[i] > hits[best]) {
			best = i
		}
	}
	return best
}

// constant is the text that a column has in every row that fills it.
func constant(rows []row, i int) string {
	text := ""
	for _, r := range rows {
		if i >= len(r.cells) || r.cells[i] == "" || r.cells[i] == "-" || r.cells[i] == text {
			continue
		}
		if text != "" {
			return ""
		}
		text = r.cells[i]
	}
	if _, _, ok := parseNumber(text); ok {
		return ""
	}
	return text
}

// attempt reads one row. A row of another width than the header keeps its
// first columns; its status is looked for, and what follows describes it.
func (m *importer) attempt(c columns, r row) {
	if len(r.cells) < 2 {
		m.unread(r.line, "one field, want %d: a note, no attempt", max(len(c.header), 2))
		return
	}
	a := Attempt{Line: r.line, N: r.cell(c.n), Commit: r.cell(c.commit), Status: r.cell(c.status), Time: r.cell(c.stamp), Description: r.cell(c.description)}
	a.Fate = fateOf(a.Status)
	ragged := c.header != nil && len(r.cells) != len(c.header)
	if (ragged || c.status < 0) && a.Fate == FateUnknown {
		if at := slices.IndexFunc(r.cells, plainStatus); at >= 0 {
			a.Status, a.Fate = r.cells[at], fateOf(r.cells[at])
			a.Description = strings.Join(r.cells[at+1:], " ")
		} else if len(r.cells) > c.status {
			a.Description = r.cells[len(r.cells)-1]
		}
		if c.header == nil {
			m.inferred("line %d: the status was looked for, and the description taken after it", r.line)
		} else {
			m.inferred("line %d: %d fields, want %d: the status was looked for, and the description taken after it", r.line, len(r.cells), len(c.header))
		}
	}
	m.measure(&a, c, r)
	a.Delta = c.givenDelta(r)
	if a.Fate == FateUnknown && a.Value == nil {
		if filled := slices.ContainsFunc(r.cells[1:], func(s string) bool { _, _, ok := parseNumber(s); return ok || strings.Contains(s, ":") }); !filled {
			m.unread(r.line, "neither a status nor a number in it")
			return
		}
	}
	m.add(a)
}

func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// measure reads the metric and every other number that has a name.
func (m *importer) measure(a *Attempt, c columns, r row) {
	a.Value = m.metricValue(r.line, r.cell(c.value))
	if len(r.cells) != len(c.header) {
		return
	}
	for i, h := range c.header {
		if role := headings()[heading(h)]; i == c.value || role != "" && role != "other" && role != "value" {
			continue
		}
		if v, _, ok := parseNumber(r.cells[i]); ok {
			if a.Metrics == nil {
				a.Metrics = map[string]float64{}
			}
			a.Metrics[h] = v
		}
	}
}
