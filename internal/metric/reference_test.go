package metric

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the catalogue in references/metrics.md")

const (
	catalogueBegins = "<!-- catalogue -->\n"
	catalogueEnds   = "<!-- /catalogue -->"
)

// TestReferencePage holds the page's catalogue against the code's.
func TestReferencePage(t *testing.T) {
	file := filepath.Join("..", "..", "references", "metrics.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), catalogueBegins)
	got, after, ok2 := strings.Cut(rest, catalogueEnds)
	if !ok || !ok2 {
		t.Fatalf("%s has no catalogue between %s and %s", file, catalogueBegins, catalogueEnds)
	}
	want := catalogueTables()
	if *update {
		page := before + catalogueBegins + want + catalogueEnds + after
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s: its catalogue is not the code's; go test ./internal/metric -run ReferencePage -update", file)
	}
	for _, m := range Catalogue() {
		if !strings.Contains(got, "| `"+m.Name+"`") {
			t.Errorf("%s does not name %s", file, m.Name)
		}
	}
}

func catalogueTables() string {
	var b strings.Builder
	titles := map[Kind]string{Ranking: "Ranking", Classification: "Classification", Regression: "Regression", Text: "Text", Cost: "Cost", Check: "Checks"}
	last := Kind("")
	for _, m := range Catalogue() {
		if m.Kind != last {
			fmt.Fprintf(&b, "\n### %s\n\n| metric | definition and convention | range | better | source | also |\n|---|---|---|---|---|---|\n", titles[m.Kind])
			last = m.Kind
		}
		fmt.Fprintln(&b, catalogueRow(m))
	}
	return b.String() + "\n"
}

func catalogueRow(m Metric) string {
	name := "`" + m.Name + "`"
	for _, f := range families() {
		if f.Name == m.Name && f.cut == cutOptional {
			name += ", `" + m.Name + "@k`"
		}
	}
	about := m.About
	if m.Mean {
		about += " *Mean.*"
	}
	if m.Selectors != "" {
		about += " In brackets: " + m.Selectors + "."
	}
	if m.Supplied {
		about += " Not computed from files."
	}
	better := "higher"
	if m.Direction == Minimize {
		better = "lower"
	}
	var also []string
	for _, a := range m.Aliases {
		name, note, _ := strings.Cut(strings.ReplaceAll(a, "#", "k"), " ")
		also = append(also, strings.TrimSpace("`"+name+"` "+note))
	}
	cells := []string{name, about, rangeOf(m), better, m.Source, strings.Join(also, ", ")}
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

func rangeOf(m Metric) string {
	bound := func(v float64) string {
		if math.IsInf(v, 0) {
			return strings.TrimPrefix(strings.ReplaceAll(fmt.Sprint(v), "Inf", "∞"), "+")
		}
		return fmt.Sprint(v)
	}
	s := bound(m.Low) + " to " + bound(m.High)
	if m.Unit != "" && m.Unit != "share" {
		s += " " + m.Unit
	}
	return s
}

// TestCatalogueIsComplete: no entry lacks what the page promises.
func TestCatalogueIsComplete(t *testing.T) {
	for _, m := range Catalogue() {
		if m.Name == "" || m.Kind == "" || m.Unit == "" || m.Direction == 0 || m.About == "" || m.Source == "" || m.Low >= m.High {
			t.Errorf("%s: an entry is incomplete: %+v", m.Name, m)
		}
		if !strings.HasSuffix(m.About, ".") {
			t.Errorf("%s: the definition is no sentence: %q", m.Name, m.About)
		}
	}
	for _, f := range families() {
		if set := isTrue(f.one != nil || f.all != nil) + isTrue(f.Supplied); set != 1 || f.one != nil != f.Mean {
			t.Errorf("%s: computed %v, supplied %v, mean %v", f.Name, set, f.Supplied, f.Mean)
		}
	}
}
