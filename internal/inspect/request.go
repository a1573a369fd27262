package inspect

import (
	"autoresearch-skill/internal/lex"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// asked lists what a handler reads of a request between two tokens.
func (b *book) asked(r route, framework string, from, end int) []lex.Param {
	var all []lex.Param
	add := func(p lex.Param) {
		if p.Name != "" && !slices.ContainsFunc(all, func(o lex.Param) bool { return o.Name == p.Name }) {
			all = append(all, p)
		}
	}
	for _, m := range pathParam().FindAllStringSubmatch(r.path, -1) {
		add(lex.Param{Name: m[1] + m[2]})
	}
	if framework == "fastapi" {
		for _, p := range b.handler(r) {
			if fields := b.fields(p.Annotation); len(fields) > 0 { // a model: its fields are the body
				for _, f := range fields {
					add(f)
				}
			} else if !strings.Contains(p.Default, "Depends") && p.Annotation != "Request" && p.Annotation != "Response" {
				add(p)
			}
		}
		return all
	}
	for i := from; i < end; i++ {
		switch b.at(i) {
		case "get", "FormValue", "PostFormValue", "Get": // args.get("q"), json.get("q"), FormValue("q")
			if b.at(i+1) == "(" && b.file.Tokens[i+2].Kind == lex.String && !strings.HasPrefix(unquoted(b.at(i+2)), "/") && i > from {
				add(lex.Param{Name: unquoted(b.at(i + 2)), HasDefault: b.at(i+3) == ","})
			}
		case "query", "body", "params": // req.query.q, req.body.text, { text } = req.body
			if b.at(i+1) == "." && i+2 < end && b.file.Tokens[i+2].Kind == lex.Ident {
				add(lex.Param{Name: b.at(i + 2)})
			}
			b.unpacked(i-3, from, add)
		case "json", "form", "args", "parse", "get_json", "data", "payload": // request.json["text"]
			j := i + 1
			if b.at(j) == "(" && b.at(j+1) == ")" {
				j += 2
			}
			if b.at(j) == "[" && j+1 < end && b.file.Tokens[j+1].Kind == lex.String {
				add(lex.Param{Name: unquoted(b.at(j + 1))})
			}
			if b.at(i) == "parse" && b.at(i+1) == "(" { // JSON.parse(body).text
				b.unpacked(i-3, from, add)
				for k := i + 2; k < i+6 && k < end; k++ {
					if b.at(k) == ")" && b.at(k+1) == "." && b.file.Tokens[k+2].Kind == lex.Ident {
						add(lex.Param{Name: b.at(k + 2)})
					}
				}
			}
		}
	}
	return all
}

// unpacked adds the names of { text, lang = "en" } = … whose equals sign is token i.
func (b *book) unpacked(i, from int, add func(lex.Param)) {
	if b.at(i) != "=" || b.at(i-1) != "}" {
		return
	}
	var all []lex.Param
	for j := i - 2; j > from && b.at(j) != "{"; j-- {
		if b.file.Tokens[j].Kind == lex.Ident && (b.at(j-1) == "{" || b.at(j-1) == ",") {
			all = append(all, lex.Param{Name: b.at(j), HasDefault: b.at(j+1) == "="})
		}
	}
	for _, p := range slices.Backward(all) {
		add(p)
	}
}

// handles tells whether a function is a route's handler: what it reads is a
// request, not its parameters.
func (b *book) handles(fn *lex.Function) bool {
	for _, r := range b.served {
		if h := b.handlerOf(r); h == fn {
			return true
		}
	}
	return false
}

var pathParam = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[{<](?:\w+:)?([A-Za-z_]\w*)(?::\w+)?[}>]|:([A-Za-z_]\w*)`)
})

// handler are the parameters of the function that a decorator stands above.
func (b *book) handler(r route) []lex.Param {
	if fn := b.handlerOf(r); fn != nil {
		return fn.Params
	}
	return nil
}

func (b *book) handlerOf(r route) *lex.Function {
	if b.at(r.body-1) != "." || b.at(r.body-3) != "@" {
		return nil
	}
	for i := range b.file.Functions {
		if fn := &b.file.Functions[i]; fn.Line > r.line && fn.Line <= r.line+6 {
			return fn
		}
	}
	return nil
}

// fields are those of a model class in the same file: "name: type" lines
// directly below its header.
func (b *book) fields(class string) []lex.Param {
	if class == "" {
		return nil
	}
	var all []lex.Param
	for i := range b.file.Tokens {
		if b.at(i) != "class" || b.at(i+1) != class || b.at(i+2) != "(" {
			continue
		}
		for j := i + 3; j+1 < len(b.file.Tokens); j++ {
			t := b.file.Tokens[j]
			if t.First && j > i+5 && t.Kind == lex.Ident && b.at(j+1) == ":" {
				all = append(all, lex.Param{Name: b.at(j), HasDefault: b.at(j+3) == "="})
			}
			if t.First && (b.at(j) == "class" || b.at(j) == "def" || b.at(j) == "@") {
				return all
			}
		}
	}
	return all
}
