package lex

import "strings"

// prompt takes a long string that speaks to a language model.
func (w *walker) prompt(i, at int, text string) {
	name := w.name(at, i, i)
	named := false
	for word := range words(name) {
		switch word {
		case "prompt", "prompts", "system", "instruction", "instructions", "persona", "template":
			named = true
		case "sql", "query", "help", "description", "error", "url", "usage", "html", "css", "svg", "doc", "license", "regex", "pattern":
			return
		}
	}
	if !speaks(text, named) {
		return
	}
	l := w.lever(i, i, name)
	l.Kind, l.Role = KindPrompt, RolePrompt
	w.found = append(w.found, literal{lever: l})
}

// speaks tells whether a text is written to be followed: an address or an
// order, in several words. A name that says prompt needs less proof.
func speaks(text string, named bool) bool {
	spaces := strings.Count(text[:min(len(text), 4000)], " ")
	if spaces < 8 {
		return false
	}
	if named {
		return true
	}
	head := strings.ToLower(text[:min(len(text), 3000)])
	marks := 0
	for _, m := range []string{"you are ", "your task", "your job", "respond ", "return only", "return a json", "you will ", "you must", "do not ",
		"given the ", "extract ", "classify ", "summarize", "json object", "the user", "step by step", "output format", "instructions:", "for example"} {
		if strings.Contains(head, m) {
			marks++
		}
	}
	return marks >= 2 && len(text) >= 120 || strings.Contains(head, "you are a") && spaces >= 12
}
