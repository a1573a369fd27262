package agent

import (
	"path/filepath"
	"slices"
	"strings"
)

// gitReads change nothing and print no content of other versions.
var gitReads = []string{
	"status", "ls-files", "ls-tree", "rev-parse", "describe", "rev-list", "merge-base", "check-ignore", "name-rev",
	"count-objects", "shortlog", "version", "help", "--version", "--help",
}

// gitContents print what files held, older versions among them: the user's
// own branch has the rows that a run hides.
var gitContents = []string{"log", "diff", "show", "blame", "grep", "cat-file", "whatchanged", "reflog", "annotate"}

// gitLists are safe with these first arguments only.
var gitLists = map[string][]string{
	"branch":   {"", "--list", "-l", "-v", "-vv", "-a", "-r", "--show-current", "--contains"},
	"tag":      {"", "--list", "-l"},
	"remote":   {"", "-v", "show", "get-url"},
	"stash":    {"list"},
	"worktree": {"list"},
	"config":   {"--get", "--get-all", "--list", "-l", "get", "list"},
	"notes":    {"list"},
}

// gitUse is what a git command line would do.
type gitUse struct {
	Verb  string
	Moves bool // changes the work tree, the index, refs or the configuration
	Peeks bool // may print versions of files other than the target's
}

// gitCommand reads a git command line. Verbs that are not known, aliases among
// them, count as changing.
func gitCommand(words []word, targets []string) gitUse {
	args := texts(words[1:])
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "--version" && args[0] != "--help" {
		switch a := args[0]; {
		case a == "-C" && len(args) > 1:
			args = args[2:]
		case a == "--no-pager" || a == "-P" || a == "--no-optional-locks" || a == "--literal-pathspecs":
			args = args[1:]
		default: // -c can name a program to run; --git-dir and --work-tree another repository
			return gitUse{Verb: a, Moves: true}
		}
	}
	if len(args) == 0 {
		return gitUse{}
	}
	verb, args := args[0], args[1:]
	use := gitUse{Verb: verb}
	first := ""
	if len(args) > 0 {
		first = args[0]
	}
	switch safe, listed := gitLists[verb]; {
	case slices.ContainsFunc(args, func(a string) bool {
		return strings.HasPrefix(a, "--output") || strings.HasPrefix(a, "--open-files-in-pager")
	}):
		use.Moves = true
	case slices.Contains(gitReads, verb):
	case slices.Contains(gitContents, verb):
		use.Peeks = peeks(verb, args, targets)
	case !listed || !slices.Contains(safe, first):
		use.Moves = true
	case verb == "branch" && first != "" && first != "--show-current":
		use.Moves = slices.ContainsFunc(args[1:], func(a string) bool { return !strings.HasPrefix(a, "-") }) && first != "--list" && first != "-l" && first != "--contains"
	}
	return use
}

// peeks says whether a command may print contents of anything but targets.
func peeks(verb string, args []string, targets []string) bool {
	flags, plain := []string{}, []string{}
	paths := []string(nil)
	for i, a := range args {
		if a == "--" {
			paths = args[i+1:]
			break
		}
		if strings.HasPrefix(a, "-") {
			flags = append(flags, a)
		} else {
			plain = append(plain, a)
		}
	}
	only := func(paths []string) bool {
		for _, p := range paths {
			if !slices.Contains(targets, p) {
				return false
			}
		}
		return len(paths) > 0
	}
	if only(paths) {
		return false
	}
	names := func(flags []string) bool {
		return slices.ContainsFunc(flags, func(f string) bool {
			return f == "--stat" || f == "--name-only" || f == "--name-status" || f == "--shortstat" || f == "--numstat" || f == "-s" || f == "--no-patch"
		}) && !shows(flags)
	}
	switch verb {
	case "log", "reflog":
		return shows(flags)
	case "diff":
		// Without a revision it compares the work tree, where only visible rows are.
		return !names(flags) && (len(plain) > 0 && !only(plain) || slices.Contains(flags, "-R"))
	case "show":
		spec := func(p string) bool {
			_, file, ok := strings.Cut(p, ":")
			return ok && slices.Contains(targets, file)
		}
		return !names(flags) && (len(plain) == 0 || slices.ContainsFunc(plain, func(p string) bool { return !spec(p) }))
	case "blame", "annotate":
		return len(plain) == 0 || !only(plain[len(plain)-1:])
	case "grep":
		return len(plain) > 1
	}
	return true
}

// shows says whether log's flags make it print differences.
func shows(flags []string) bool {
	return slices.ContainsFunc(flags, func(f string) bool {
		if strings.HasPrefix(f, "--") {
			return f == "--patch" || strings.HasPrefix(f, "--patch-with") || strings.HasPrefix(f, "--unified") || f == "--cc" ||
				f == "--full-diff" || strings.HasPrefix(f, "--word-diff") || f == "--binary" || f == "--remerge-diff"
		}
		return strings.HasPrefix(f, "-p") || strings.HasPrefix(f, "-u") || strings.HasPrefix(f, "-U") || strings.HasPrefix(f, "-L") ||
			f == "-c" || f == "-m"
	})
}

// touchesTree lists git's verbs that change files, the index or the branch on
// which a run is measured: what another session may not do meanwhile.
var touchesTree = []string{
	"checkout", "switch", "restore", "reset", "stash", "clean", "commit", "merge", "rebase", "pull", "cherry-pick", "revert",
	"am", "apply", "bisect", "read-tree", "checkout-index", "update-ref", "update-index", "symbolic-ref", "mv", "rm", "filter-branch", "gc",
}

func gitName(words []word) bool { return filepath.Base(words[0].Text) == "git" }
