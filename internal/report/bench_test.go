package report

import "testing"

// BenchmarkLarge: a thousand attempts on two hundred cases, from records to
// Markdown and page. It should stay well below 2 s: 0.3–0.4 s on two loaded
// cores, a page of 1.3 MB and 16,200 elements.
func BenchmarkLarge(b *testing.B) {
	records := world{attempts: 1000, cases: 200, direction: "maximize", finish: true, seed: 1}.records()
	for b.Loop() {
		m, err := Build(records, Options{})
		if err != nil {
			b.Fatal(err)
		}
		page, err := m.HTML()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(page)), "bytes/page")
		b.ReportMetric(float64(len(m.Markdown())), "bytes/md")
	}
}
