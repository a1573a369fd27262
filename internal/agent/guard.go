package agent

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// role is what a session is to the run.
type role int

const (
	bound   role = iota // it makes the attempts
	unbound             // nobody has tried yet: it may become the one
	other               // another session makes the attempts
	paused              // nobody may try; the user works
)

// Guard answers PreToolUse for one run.
type Guard struct {
	Run  *Run
	Self []string          // absolute paths by which our own program may be called
	Vars map[string]string // of the environment, for words such as $HOME
	Kept []string          // folders besides the state's that hold hidden cases, absolute: a plugin's copy of the harness
	seen links
}

// vault is the folder with hidden cases that a path lies in, or, where a
// whole tree is read, that lies in it; "" for none.
func (g *Guard) vault(path string, tree bool) string {
	for _, v := range append([]string{g.Run.State}, g.Kept...) {
		rel := relate(path, v)
		if rel == inside || tree && rel == above || !strings.ContainsAny(path, "*?[\n") && within(g.real(path), g.real(v)) {
			return v
		}
	}
	return ""
}

// real is where a path leads, for a judgement that is over before links change.
func (g *Guard) real(path string) string {
	if g.seen == nil {
		g.seen = links{}
	}
	return g.seen.real(filepath.Clean(path))
}

func (g *Guard) role(session string) role {
	switch {
	case g.Run.Paused:
		return paused
	case g.Run.Session == "":
		return unbound
	case g.Run.Session == session:
		return bound
	}
	return other
}

// Before answers a call of a tool before it is made. The first session that
// calls try is bound to the run.
func (g *Guard) Before(p *Payload) (Answer, error) {
	as := g.role(p.Session)
	switch p.Tool {
	case "Edit", "Write", "MultiEdit":
		return g.edit(as, p.Dir, p.Input.File), nil
	case "NotebookEdit":
		return g.edit(as, p.Dir, p.Input.Notebook), nil
	case "Read":
		return g.look(p.Dir, p.Input.File, false), nil
	case "Grep":
		return g.look(p.Dir, p.Input.Path, true), nil
	case "Glob":
		return g.look(p.Dir, absolute(p.Input.Pattern, p.Input.Path), true), nil
	case "Bash":
		return g.shell(as, p)
	}
	return Answer{}, nil
}

// edit answers a tool that writes one file.
func (g *Guard) edit(as role, dir, file string) Answer {
	if file == "" {
		return Answer{}
	}
	path := g.real(absolute(file, dir))
	if as == bound {
		if slices.ContainsFunc(g.Run.Targets, func(t string) bool { return path == g.real(t) }) {
			return Answer{}
		}
		return Deny(fmt.Sprintf("%s is frozen while experiment %q runs: edit only %s, then call `%s try`. If the idea needs another file, take another idea.",
			g.Run.rel(absolute(file, dir)), g.Run.Name, g.targets(), Binary))
	}
	if g.protects(as, path) {
		return g.hands(as, g.Run.rel(absolute(file, dir)))
	}
	return Answer{}
}

// look answers a tool that reads a file, or names below a folder.
func (g *Guard) look(dir, file string, tree bool) Answer {
	if v := g.vault(absolute(file, dir), tree); v != "" {
		return g.secret(file)
	}
	return Answer{}
}

func (g *Guard) secret(what string) Answer {
	return Deny(fmt.Sprintf("%s holds the referee's state, or cases that experiment %q hides until it is finished. What may be known is in `%s log` and `%[3]s status`.",
		what, g.Run.Name, Binary))
}

// protects says whether a session that doesn't make the attempts must leave a
// path alone.
func (g *Guard) protects(as role, path string) bool {
	paths := []string{g.Run.State}
	if as != paused {
		paths = append(paths, g.Run.Pins...)
	}
	if as == other {
		paths = append(paths, g.Run.Targets...)
	}
	return slices.ContainsFunc(paths, func(base string) bool { return within(path, g.real(base)) || within(path, base) })
}

// hands tells a session to keep its hands off, and how its user gets on.
func (g *Guard) hands(as role, what string) Answer {
	if as == other {
		return Deny(fmt.Sprintf("%s belongs to experiment %q, which another session is running in this work tree. Leave it alone, or ask the user: `%s pause %[2]s` lets them work here, `%[3]s resume %[2]s` goes on and lets any session take the run over.",
			what, g.Run.Name, Binary))
	}
	return Deny(fmt.Sprintf("%s is pinned while experiment %q runs: a change would make every attempt invalid. Edit only %s; to change it, the user ends the run with `%s finish %[2]s` or `%[4]s abort %[2]s`.",
		what, g.Run.Name, g.targets(), Binary))
}

func (g *Guard) targets() string { return strings.Join(g.relTargets(), ", ") }

func (g *Guard) relTargets() []string {
	out := make([]string, len(g.Run.Targets))
	for i, t := range g.Run.Targets {
		out[i] = g.Run.rel(t)
	}
	return out
}

// shell answers the Bash tool.
func (g *Guard) shell(as role, p *Payload) (Answer, error) {
	sc, err := parse(p.Input.Command, p.Dir, g.Vars)
	if err != nil {
		if as != bound {
			return Answer{}, nil // the user's own session: bash will say what is wrong
		}
		return Deny(fmt.Sprintf("this command cannot be read as bash (%v). Write it as simple commands.", err)), nil
	}
	tries := false
	for _, c := range sc.Calls {
		if a := g.call(as, c); a.Denied() {
			return a, nil
		}
		for _, words := range unwrapped(c.Words) {
			tries = tries || isOurs(words) && verb(words) == "try"
		}
	}
	for _, r := range sc.Redirects {
		if a := g.redirect(as, r); a.Denied() {
			return a, nil
		}
	}
	for _, body := range sc.Bodies {
		if g.hints(body) {
			return g.secret("what this reads"), nil
		}
	}
	if tries && as == unbound {
		if err := g.Run.Bind(p.Session); err != nil {
			return Answer{}, err
		}
	}
	if sc.Alone && (as == bound || as == unbound) && g.own(sc.Calls[0].Words) {
		return permit(fmt.Sprintf("experiment %q is running: its agent may call this", g.Run.Name)), nil
	}
	return Answer{}, nil
}

// own says whether a command calls our own program, and not one in the
// repository that has its name, with one of the agent's verbs.
func (g *Guard) own(words []word) bool {
	if len(words) == 0 || !isOurs(words) || !slices.Contains(Verbs, verb(words)) {
		return false
	}
	name := words[0].Text
	return words[0].Plain && (name == Binary || slices.Contains(g.Self, name))
}

// isOurs holds for the hooks' program, too, and for a binary whose name ends
// in its version.
func isOurs(words []word) bool { return strings.HasPrefix(filepath.Base(words[0].Text), Binary) }

// verb is the command of a call of our own: its first argument but -C DIR.
func verb(words []word) string {
	for i := 1; i < len(words); i++ {
		switch a := words[i].Text; {
		case a == "-C":
			i++
		case strings.HasPrefix(a, "-C="):
		default:
			return a
		}
	}
	return ""
}

func (g *Guard) redirect(as role, r redirect) Answer {
	if a := g.reads(r.Dir, []word{r.To}, false); a.Denied() {
		return a
	}
	if !r.Write {
		return Answer{}
	}
	if as == bound {
		if slices.Contains([]string{"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"}, r.To.Text) {
			return Answer{}
		}
		return Deny(fmt.Sprintf("writing to %s by redirection is off while experiment %q runs. Edit %s with the Edit tool; read output as it is printed.",
			r.To.Text, g.Run.Name, g.targets()))
	}
	if path := absolute(r.To.Text, r.Dir); g.protects(as, g.real(path)) {
		return g.hands(as, g.Run.rel(path))
	}
	return Answer{}
}
