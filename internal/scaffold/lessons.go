package scaffold

import (
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/metric"
)

// lesson is a section of lessons.md.
type lesson struct {
	Title, Body string
	Tags        []string
}

// parseLessons reads sections "## Title", each followed by a line
// "Tags: a, b". A section without tags is for no experiment.
func parseLessons(source string) []lesson {
	var out []lesson
	for _, section := range strings.Split("\n"+source, "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		line, rest, _ := strings.Cut(strings.TrimLeft(body, "\n"), "\n")
		list, tagged := strings.CutPrefix(line, "Tags:")
		if !tagged {
			continue
		}
		l := lesson{Title: strings.TrimSpace(title), Body: strings.TrimSpace(rest)}
		for tag := range strings.SplitSeq(list, ",") {
			l.Tags = append(l.Tags, strings.TrimSpace(tag))
		}
		out = append(out, l)
	}
	return out
}

// relevant picks the lessons of which a tag other than "always" bears on the
// experiment, then those for every experiment.
func relevant(lessons []lesson, tags []string) []lesson {
	var own, always []lesson
	for _, l := range lessons {
		switch {
		case slices.ContainsFunc(l.Tags, func(t string) bool { return slices.Contains(tags, t) }):
			own = append(own, l)
		case slices.Contains(l.Tags, "always"):
			always = append(always, l)
		}
	}
	return append(own, always...)
}

// tagsOf says what the experiment is about, in the words of lessons.md.
func tagsOf(e *experiment.Experiment, kinds []metric.Kind, f Facts) []string {
	var tags []string
	for _, k := range kinds {
		switch k {
		case metric.Cost:
			tags = append(tags, "cost", "timing")
		default:
			tags = append(tags, string(k))
		}
	}
	if e.Cases != nil {
		tags = append(tags, "labels", "holdout")
	}
	if len(e.Target) > 1 {
		tags = append(tags, "coupling")
	}
	if len(e.Cache.Calls) > 0 || e.Cache.HTTP != "" && e.Cache.HTTP != "off" {
		tags = append(tags, "cache")
	}
	switch e.Class {
	case experiment.ClassTime:
		tags = append(tags, "timing")
	case experiment.ClassSeeded:
		tags = append(tags, "seeded", "noise")
	case experiment.ClassCasesNoisy, experiment.ClassScalarNoisy:
		tags = append(tags, "noise")
	}
	for _, c := range f.Cautions {
		switch c.Kind {
		case "cache":
			tags = append(tags, "cache")
		case "outside", "random", "clock":
			tags = append(tags, "noise")
		}
	}
	if slices.ContainsFunc(allLevers(f), func(l lex.Lever) bool { return l.Kind == lex.KindPrompt }) {
		tags = append(tags, "prompt", "noise")
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func allLevers(f Facts) []lex.Lever {
	all := slices.Clone(f.Levers)
	for _, o := range f.Others {
		all = append(all, o.Levers...)
	}
	return all
}
