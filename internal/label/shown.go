package label

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// titles and texts are names that fields have where a person wrote the data.
var (
	titles = []string{"title", "name", "headline", "question", "subject", "label"}
	texts  = []string{"text", "body", "snippet", "summary", "description", "content", "answer", "abstract", "excerpt"}
)

const mostShown = 4

// shown chooses the fields that a person needs: what is named as a title, what
// is named as a text, then whatever else is words. A number says nothing about
// a result but its rank, so it is left out until it is asked for.
func shown(list []Item) []string {
	type field struct {
		name  string
		place int
		words int // mean length of its texts
	}
	var all []*field
	for _, it := range list {
		for _, f := range it.Fields {
			i := slices.IndexFunc(all, func(g *field) bool { return g.name == f.Name })
			if i < 0 {
				i = len(all)
				all = append(all, &field{name: f.Name, place: place(f.Name)})
			}
			if _, err := strconv.ParseFloat(f.Text, 64); err != nil {
				all[i].words += utf8.RuneCountInString(f.Text)
			}
		}
	}
	all = slices.DeleteFunc(all, func(f *field) bool { return f.words == 0 || f.name == "id" || strings.HasSuffix(f.name, "_id") })
	slices.SortStableFunc(all, func(a, b *field) int {
		if a.place != b.place {
			return a.place - b.place
		}
		return b.words - a.words
	})
	names := []string{}
	for _, f := range all[:min(mostShown, len(all))] {
		names = append(names, f.name)
	}
	return names
}

func place(name string) int {
	last := strings.ToLower(name[strings.LastIndex(name, ".")+1:])
	if i := slices.Index(titles, last); i >= 0 {
		return i
	}
	if i := slices.Index(texts, last); i >= 0 {
		return len(titles) + i
	}
	return len(titles) + len(texts)
}
