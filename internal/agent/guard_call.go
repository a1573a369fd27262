package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// call answers one simple command and those that it wraps.
func (g *Guard) call(as role, c call) Answer {
	if as == bound {
		for _, name := range c.Assigns {
			if reroutes(name) {
				return Deny(fmt.Sprintf("setting %s is off while experiment %q runs: it would send the referee elsewhere. Call `%s` as it is.", name, g.Run.Name, Binary))
			}
		}
	}
	for _, words := range unwrapped(c.Words) {
		if a := g.command(as, c.Dir, words); a.Denied() {
			return a
		}
	}
	return Answer{}
}

// reroutes says whether a variable decides which program, repository or state
// folder is used.
func reroutes(name string) bool {
	return slices.Contains([]string{"HOME", "PATH", "BASH_ENV", "ENV", "XDG_STATE_HOME", "LocalAppData", "CLAUDE_PROJECT_DIR"}, name) ||
		strings.HasPrefix(name, "AUTORESEARCH_") || strings.HasPrefix(name, "GIT_") || strings.HasPrefix(name, "LD_") || strings.HasPrefix(name, "DYLD_")
}

func (g *Guard) command(as role, dir string, words []word) Answer {
	if isOurs(words) {
		return g.ours(as, words)
	}
	if as == bound && !words[0].Plain {
		return Deny(fmt.Sprintf("which program this runs cannot be told before it runs (%s). While experiment %q runs, name programs plainly.", words[0].Text, g.Run.Name))
	}
	if a := g.reads(dir, words, recursive(words)); a.Denied() {
		return a
	}
	if gitName(words) {
		return g.git(as, words)
	}
	if as == bound && slices.Contains(shells, filepath.Base(words[0].Text)) && len(words) == 1 {
		return Deny("a shell that reads its commands from a pipe is off while an experiment runs. Call the commands themselves.")
	}
	how := writes(words)
	switch {
	case how == "":
		return Answer{}
	case as == bound:
		return Deny(fmt.Sprintf("`%s` is off while experiment %q runs: it changes files. Edit %s with the Edit tool; `%s try` restores it after a failure, and `%[4]s apply N` brings an earlier diff back.",
			how, g.Run.Name, g.targets(), Binary))
	}
	for _, path := range written(words, dir) {
		if g.protects(as, g.real(path)) || !copies(words) && g.holds(as, path) {
			return g.hands(as, g.Run.rel(path))
		}
	}
	return Answer{}
}

// written lists the paths that a command may write: of those that copy, the
// last only.
func written(words []word, dir string) []string {
	var out []string
	for _, w := range words[1:] {
		if w.Text != "" && !strings.HasPrefix(w.Text, "-") {
			out = append(out, absolute(strings.TrimPrefix(w.Text, "of="), dir))
		}
	}
	if n := len(out); n > 0 && copies(words) {
		return out[n-1:]
	}
	return out
}

func copies(words []word) bool {
	return slices.Contains([]string{"cp", "ln", "install", "rsync", "scp"}, filepath.Base(words[0].Text))
}

// holds says whether something protected lies below a path.
func (g *Guard) holds(as role, path string) bool {
	paths := append([]string{g.Run.State}, g.Run.Pins...)
	if as == other {
		paths = append(paths, g.Run.Targets...)
	}
	if as == paused {
		paths = paths[:1]
	}
	return slices.ContainsFunc(paths, func(p string) bool { return relate(path, p) == inside || within(p, path) })
}

// ours answers a call of our own program.
func (g *Guard) ours(as role, words []word) Answer {
	v := verb(words)
	switch as {
	case bound:
		if !slices.Contains(Verbs, v) || slices.ContainsFunc(words, func(w word) bool { return strings.HasPrefix(w.Text, "--i-am-the-user") }) {
			return Deny(fmt.Sprintf("`%s %s` is the user's to call while experiment %q runs. Yours are: %s.", Binary, v, g.Run.Name, strings.Join(Verbs, ", ")))
		}
	case other:
		if slices.Contains(Verbs, v) && !slices.Contains(watching, v) {
			return g.hands(as, "`"+Binary+" "+v+"`")
		}
	}
	return Answer{}
}

func (g *Guard) git(as role, words []word) Answer {
	use := gitCommand(words, g.relTargets())
	switch {
	case as == bound && use.Moves:
		return Deny(fmt.Sprintf("`git %s` is off while experiment %q runs: `%s try` commits a keep and restores the rest. To undo an edit of yours, edit %s back.",
			use.Verb, g.Run.Name, Binary, g.targets()))
	case as == bound && use.Peeks:
		return Deny(fmt.Sprintf("`git %s` here may print older versions, with the cases that experiment %q hides. Use `%s log` and `%[3]s show N`, or name the target: `git %[1]s -- %s`.",
			use.Verb, g.Run.Name, Binary, g.targets()))
	case (as == other || as == unbound) && use.Moves && slices.Contains(touchesTree, use.Verb):
		return g.branch(as, use.Verb)
	}
	return Answer{}
}

func (g *Guard) branch(as role, verb string) Answer {
	if as == other {
		return g.hands(as, "the branch, which `git "+verb+"` would move or rewrite,")
	}
	return Deny(fmt.Sprintf("`git %s` would move or rewrite the branch on which experiment %q runs. The user pauses it (`%s pause %[2]s`) or ends it (`%[3]s finish %[2]s`) first.",
		verb, g.Run.Name, Binary))
}

// reads answers words that name the state folder, however they are spelt.
func (g *Guard) reads(dir string, words []word, tree bool) Answer {
	for _, w := range words {
		forms := []string{w.Text}
		if _, value, ok := strings.Cut(w.Text, "="); ok {
			forms = append(forms, value)
		}
		for _, f := range forms {
			if f == "" || dir == "" && !filepath.IsAbs(f) {
				continue
			}
			if g.hints(f) || g.vault(absolute(f, dir), tree) != "" {
				return g.secret(firstOf(f))
			}
		}
	}
	if tree && g.vault(dir, true) != "" && !namesPath(words[1:], dir) {
		return g.secret(dir) // what searches a tree and is given none searches this one
	}
	return Answer{}
}

func namesPath(words []word, dir string) bool {
	return slices.ContainsFunc(words, func(w word) bool {
		_, err := os.Lstat(absolute(w.Text, dir))
		return err == nil && w.Text != ""
	})
}

// hints says whether text, a program's for example, names the state folder or
// the file of hidden cases.
func (g *Guard) hints(text string) bool {
	return strings.Contains(text, g.Run.State) || slices.ContainsFunc(g.Kept, func(v string) bool { return strings.Contains(text, v) }) || strings.Contains(text, "state/"+Binary) || strings.Contains(text, "hidden.csv")
}

func firstOf(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return text
}
