package lex

import "strings"

// maxSections bounds the sections of one prompt.
const maxSections = 200

// prose cuts a text into its sections: each is a lever, as long as it speaks
// like a prompt or stands in a file that is one. A section reaches from its
// heading to the next heading of any level; fenced code belongs to it.
func prose(src string, f *File) {
	named := false
	start, line, name := 0, 1, ""
	fenced := false
	emit := func(end int) {
		body := strings.TrimRight(src[start:end], " \t\r\n")
		if strings.Count(body, " ") < 3 || len(f.Levers) >= maxSections {
			return
		}
		f.Levers = append(f.Levers, Lever{
			Name: name, Role: RolePrompt, Kind: KindPrompt, Value: body,
			Line: line, Column: 1, Offset: start, End: start + len(body),
		})
	}
	at, number := 0, 0
	for text := range strings.Lines(src) {
		number++
		trimmed := strings.TrimSpace(text)
		if strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") {
			fenced = !fenced
		}
		if title, ok := heading(trimmed); ok && !fenced {
			emit(at)
			start, line, name = at, number, title
			named = true
		}
		if !named && trimmed != "" && name == "" {
			start, line, named = at, number, true
		}
		at += len(text)
	}
	emit(len(src))
}

// heading reads "## Title", "<title>" on its own line, and "TITLE:".
func heading(line string) (string, bool) {
	if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") && len(line)-len(title) <= 6 {
		return strings.Trim(title, " #"), true
	}
	if len(line) > 2 && line[0] == '<' && line[len(line)-1] == '>' && line[1] != '/' && line[1] != '!' && !strings.ContainsAny(line, " =") {
		return line[1 : len(line)-1], true
	}
	if len(line) > 3 && len(line) < 60 && strings.HasSuffix(line, ":") && line == strings.ToUpper(line) && strings.ContainsAny(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return strings.TrimSuffix(line, ":"), true
	}
	return "", false
}
