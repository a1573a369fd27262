package interview

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/metric"
)

// call settles how one case reaches the target.
func (t *talk) call() error {
	q := Question{Key: "call", Flag: "--call", Text: "How is one case run?",
		Help: "package.module:function, path/module.mjs:function, ./package:Function, a command with {column} in it, or a URL."}
	free := q
	free.Key = "call-other"
	free.Validate = func(s string) error {
		if err := callProblem(t.kindOf(s), s); err != nil || t.proposed(s) {
			return err
		}
		_, err := t.callee(s)
		return err
	}
	if kind := t.given.One("system"); kind != "" {
		probe := experiment.Experiment{System: &experiment.System{Kind: experiment.SystemKind(kind)}}
		for _, err := range problemsOf(probe.Validate(), "system.kind") {
			return wrong("system", "%v", err)
		}
	}
	found := t.proposals()
	var answer string
	var err error
	if len(found) == 0 {
		answer, err = t.input(free)
	} else {
		var options []Option
		for _, s := range found[:min(len(found), mostOptions)] {
			options = append(options, Option{Value: s.Call, Label: s.Kind + " " + signature(s), Why: s.Why})
		}
		q.Proposal = options[0].Value
		options = append(options, Option{Value: other, Label: "another way: a function, a command or a URL"})
		answer, err = t.choose(q, options, free)
	}
	if err != nil {
		return err
	}
	t.system = t.known(answer)
	t.e.System = &experiment.System{Kind: t.kindOf(answer), Call: answer}
	return nil
}

// proposed tells whether inspection found a call itself.
func (t *talk) proposed(call string) bool {
	return slices.ContainsFunc(t.r.Systems, func(s inspect.System) bool { return s.Call == call })
}

// known is the system of a call among those that inspection found, or the only
// one whose function has that name: a package often exports again what a file
// in it defines.
func (t *talk) known(call string) *inspect.System {
	found := t.proposals()
	if i := slices.IndexFunc(found, func(s inspect.System) bool { return s.Call == call }); i >= 0 {
		return &found[i]
	}
	return t.meant(call)
}

// meant is what known is, without what the data says.
func (t *talk) meant(call string) *inspect.System {
	function := func(s string) string { return s[strings.LastIndex(s, ":")+1:] }
	var named []*inspect.System
	for i := range t.r.Systems {
		s := &t.r.Systems[i]
		if s.Call == call {
			return s
		}
		if strings.Contains(call, ":") && function(s.Call) == function(call) && s.Server == nil && s.Passes == nil {
			named = append(named, s)
		}
	}
	if len(named) == 1 {
		return named[0]
	}
	return nil
}

// signature is a call with its parameters.
func signature(s inspect.System) string {
	if s.Kind == string(experiment.Program) {
		return s.Call
	}
	names := make([]string, len(s.Params))
	for i, p := range s.Params {
		names[i] = p.Name
		if p.HasDefault && len(p.Default) <= 12 {
			names[i] += "=" + p.Default
		}
	}
	return s.Call + "(" + strings.Join(names, ", ") + ")"
}

// kindOf is the kind of a call: what --system says, what inspection knows,
// else by its form.
func (t *talk) kindOf(call string) experiment.SystemKind {
	if kind := t.given.One("system"); kind != "" {
		return experiment.SystemKind(kind)
	}
	for _, s := range slices.Concat(t.proposals(), t.r.Systems) {
		if s.Call == call {
			return experiment.SystemKind(s.Kind)
		}
	}
	file, _, ref := strings.Cut(call, ":")
	switch {
	case strings.HasPrefix(strings.TrimPrefix(call, "POST "), "http://"), strings.HasPrefix(strings.TrimPrefix(call, "POST "), "https://"):
		return experiment.HTTP
	case !ref && dotted().MatchString(call): // a function is missing, or so it looks
		return experiment.Python
	case !ref, strings.ContainsAny(call, " {"):
		return experiment.Program
	case scriptFile().MatchString(file):
		return experiment.Node
	case file == ".", strings.HasPrefix(file, "./"):
		return experiment.Go
	}
	for _, s := range t.r.Systems {
		if s.Kind == string(experiment.Django) {
			return experiment.Django
		}
	}
	return experiment.Python
}

var dotted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$`) })

var scriptFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\.[cm]?[jt]sx?$`) })

// callProblem is what the contract finds wrong with a call.
func callProblem(kind experiment.SystemKind, call string) error {
	probe := experiment.Experiment{System: &experiment.System{Kind: kind, Call: call}}
	for _, err := range problemsOf(probe.Validate(), "system.kind", "system.call") {
		return err
	}
	return nil
}

// problemsOf picks the problems of some keys.
func problemsOf(err error, keys ...string) []error {
	var problems experiment.Problems
	var out []error
	if errors.As(err, &problems) {
		for _, p := range problems {
			if slices.Contains(keys, p.Key) {
				out = append(out, errors.New(p.Message))
			}
		}
	}
	return out
}

// resultID settles what of an answer is its id.
func (t *talk) resultID() error {
	if t.kind != metric.Ranking && !t.given.Given("result") {
		if t.system != nil {
			t.e.System.Result = t.system.Result
		}
		return nil
	}
	q := Question{Key: "result", Flag: "--result", Text: "Which part of a result is its id?", Optional: true, Proposal: t.idKey(),
		Help: "An attribute, a key or a JSON pointer such as /doc/id; none if the results are ids themselves."}
	answer, err := t.input(q)
	if err != nil {
		return err
	}
	t.e.System.Result = answer
	return nil
}

// idKey proposes the key under which the entry's own code puts an id.
func (t *talk) idKey() string {
	if t.system == nil {
		return ""
	}
	src, err := os.ReadFile(filepath.Join(t.r.Root, filepath.FromSlash(t.system.File)))
	if err != nil {
		return ""
	}
	lines := strings.Split(string(src), "\n")
	from := min(max(t.system.Line-1, 0), len(lines))
	body := lines[from:min(from+80, len(lines))]
	for i, line := range body { // up to the next thing that begins at the margin
		if i > 0 && nextTop().MatchString(line) {
			body = body[:i]
			break
		}
	}
	text := strings.Join(body, "\n")
	if m := idKeys().FindStringSubmatch(text); m != nil {
		return m[1]
	}
	if m := shorthand().FindStringSubmatch(text); m != nil && t.e.System.Kind == experiment.Node {
		return m[1]
	}
	return ""
}

var (
	nextTop = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(def|class|async|function|export|func|@)\b`) })
	// { id, name } is { id: id, name: name }.
	shorthand = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\{\s*(id|doc_id|docid|_id|document_id|item_id|slug|sku|uuid|pk)\s*[,}]`)
	})
	idKeys = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`["']?\b(id|doc_id|docid|_id|document_id|item_id|slug|sku|uuid|pk)["']?\s*:`)
	})
)

// interpreter takes what the project itself uses, unless that is the default.
func (t *talk) interpreter() error {
	s := t.e.System
	if t.given.Given("interpreter") {
		s.Interpreter = t.given.One("interpreter")
		return nil
	}
	switch s.Kind {
	case experiment.Python, experiment.Django:
		if t.r.Tooling.Python != "python3" {
			s.Interpreter = t.r.Tooling.Python
		}
	case experiment.Node:
		if t.r.Tooling.Node != "node" {
			s.Interpreter = t.r.Tooling.Node
		}
	}
	return nil
}

// server takes the process behind a URL.
func (t *talk) server() error {
	line, ready := t.given.One("server"), t.given.One("ready")
	if line == "" && ready == "" {
		if t.system != nil && len(t.system.Server) > 0 {
			t.e.System.Server = &experiment.Server{Command: t.system.Server, Ready: or(t.system.Ready, t.plainURL()), Restart: "each"}
		}
		return nil
	}
	if line == "" {
		return wrong("server", "want the command behind --ready %s", ready)
	}
	words, err := commandWords(line)
	if err != nil {
		return wrong("server", "%v", err)
	}
	if ready == "" {
		ready = t.health(words)
	}
	if ready == "" {
		ready = t.plainURL() // the call itself says when it answers
	}
	t.e.System.Server = &experiment.Server{Command: words, Ready: ready, Restart: "each"}
	return nil
}

// plainURL is the call's address without what a case fills in.
func (t *talk) plainURL() string {
	plain, _, _ := strings.Cut(strings.TrimPrefix(t.e.System.Call, "POST "), "{")
	plain, _, _ = strings.Cut(plain, "?")
	return plain
}

// health is the URL that says whether the server may be asked: a path that its
// files name and that is usual for it, at the call's address.
func (t *talk) health(command []string) string {
	u, err := url.Parse(placeholder().ReplaceAllString(strings.TrimPrefix(t.e.System.Call, "POST "), "x"))
	if err != nil {
		return ""
	}
	for _, file := range slices.Concat(command, t.e.Target) {
		p, err := t.file(file)
		if err != nil {
			continue
		}
		src, err := os.ReadFile(filepath.Join(t.r.Root, filepath.FromSlash(p)))
		if err != nil {
			continue
		}
		if m := healthPath().FindSubmatch(src); m != nil {
			return u.Scheme + "://" + u.Host + string(m[1])
		}
	}
	return ""
}

var healthPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("[\"'`](/(?:api/)?(?:healthz?|ready|readyz|livez|ping|status|_health))/?[\"'`]")
})

// commandWords are a command's words; one that only a shell understands is
// given to it.
func commandWords(line string) ([]string, error) {
	if strings.TrimSpace(line) == "" {
		return nil, fmt.Errorf("want a command")
	}
	if words, err := experiment.Words(line); err == nil {
		return words, nil
	}
	return []string{"sh", "-c", line}, nil
}
