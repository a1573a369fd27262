package scaffold

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	autoresearch "autoresearch-skill"

	"autoresearch-skill/internal/metric"
)

func templates(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(autoresearch.Templates, "templates", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !strings.HasSuffix(p, ".tmpl") {
			t.Errorf("%s does not end in .tmpl", p)
		}
		data, err := fs.ReadFile(autoresearch.Templates, p)
		all[p] = string(data)
		return err
	})
	if err != nil || len(all) < 5 {
		t.Fatalf("%d templates: %v", len(all), err)
	}
	return all
}

func TestTemplates(t *testing.T) {
	used := map[string]bool{}
	for name, src := range templates(t) {
		if _, err := template.New(name).Funcs(functions()).Parse(src); err != nil {
			t.Error(err)
		}
		for _, action := range regexp.MustCompile(`\{\{-?([^}]*)`).FindAllStringSubmatch(src, -1) {
			for _, word := range regexp.MustCompile(`[A-Za-z]+`).FindAllString(action[1], -1) {
				used[word] = true
			}
		}
	}
	for name := range functions() {
		if !used[name] {
			t.Errorf("no template uses the function %s", name)
		}
	}
	for _, bad := range []string{"quote", "squote", "default", "env", "now", "randInt", "toDate", "genCA", "shuffle"} {
		if _, ok := functions()[bad]; ok {
			t.Errorf("templates can call %s", bad)
		}
	}
}

func TestMissingKeyIsAnError(t *testing.T) {
	if out, err := execute("harness/lessons.md", map[string]any{"Name": "x"}); err == nil {
		t.Errorf("a template without its data gives %q, want an error", out)
	}
}

// TestEveryMetricHasPython holds the table against the referee's catalogue.
func TestEveryMetricHasPython(t *testing.T) {
	known := map[string]bool{}
	for _, m := range metric.Catalogue() {
		base := strings.TrimSuffix(m.Name, "@k")
		known[base] = true
		_, ok := pythonMetrics[base]
		if ok == m.Supplied {
			t.Errorf("%s: Python %v, though it is measured outside: %v", m.Name, ok, m.Supplied)
		}
	}
	snippets := map[string]bool{"seconds_all": true}
	for name, src := range templates(t) {
		if strings.Contains(name, "/metrics/") {
			for _, match := range defined().FindAllStringSubmatch(src, -1) {
				snippets[match[1]] = true
			}
		}
	}
	called := map[string]bool{"seconds_all": true, "basics": true, "own": true} // JavaScript's own; the user's own function
	for base, p := range pythonMetrics {
		if !known[base] {
			t.Errorf("%s is not in the catalogue", base)
		}
		want(p.snippet, called)
	}
	want("seconds_all", called)
	for name, others := range needs {
		for _, other := range append(others, name) {
			if !snippets[other] {
				t.Errorf("%s needs %s, which no template defines", name, other)
			}
		}
	}
	for name := range snippets {
		if !called[name] {
			t.Errorf("no metric calls the snippet %s", name)
		}
	}
}

func TestLessonsAreSelected(t *testing.T) {
	source := "# Lessons\n\nIntro.\n\n## One\nTags: always\n\nText one.\n\n## Two\n\nTags: cache, prompt\nText two\nof two lines.\n\n## Three\nno tags\n\n## Four\nTags: timing, always\n\nText four.\n"
	lessons := parseLessons(source)
	titles := func(ls []lesson) (out []string) {
		for _, l := range ls {
			out = append(out, l.Title)
		}
		return out
	}
	for _, c := range []struct{ tags, want []string }{
		{nil, []string{"One", "Four"}},
		{[]string{"cache"}, []string{"Two", "One", "Four"}},
		{[]string{"timing"}, []string{"Four", "One"}},
	} {
		if got := titles(relevant(lessons, c.tags)); !slices.Equal(got, c.want) {
			t.Errorf("tags %v select %v, want %v", c.tags, got, c.want)
		}
	}
	if got, want := lessons[1].Body, "Text two\nof two lines."; got != want {
		t.Errorf("body %q, want %q", got, want)
	}
}

// TestLessonsFileIsUsable holds lessons.md to the form that selection needs.
func TestLessonsFileIsUsable(t *testing.T) {
	lessons := parseLessons(autoresearch.Lessons)
	if n := strings.Count(autoresearch.Lessons, "\n## "); len(lessons) != n || n < 5 {
		t.Errorf("%d of %d sections have tags", len(lessons), n)
	}
	for _, l := range lessons {
		if l.Body == "" || slices.Contains(l.Tags, "") {
			t.Errorf("lesson %q: tags %q, %d bytes", l.Title, l.Tags, len(l.Body))
		}
	}
}
