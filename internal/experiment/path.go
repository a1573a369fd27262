package experiment

import (
	"path"
	"slices"
	"strings"
	"unicode"
)

// pathProblem is what is wrong with a path of the contract: slash-separated,
// relative, in its shortest form, inside the folder it is relative to.
func pathProblem(p string) string {
	clean := path.Clean(p)
	switch {
	case p == "":
		return "want a path, got nothing"
	case strings.ContainsFunc(p, unicode.IsControl):
		return "want a path without control characters, got " + got(p)
	case strings.Contains(p, `\`):
		return "want a path with slashes (/), got " + got(p)
	case strings.HasPrefix(p, "/"), strings.HasPrefix(p, "~"), len(p) > 1 && p[1] == ':':
		return "want a relative path, got " + got(p)
	case strings.HasPrefix(p, "-"):
		return "want a path that does not begin with -, which commands take for an option, got " + got(p)
	case clean == "..", strings.HasPrefix(clean, "../"):
		return "want a path that stays inside, got " + got(p)
	case clean != p:
		return "want " + got(clean) + ", got " + got(p)
	case strings.EqualFold(p, ".git"), len(p) > 4 && strings.EqualFold(p[:5], ".git/"):
		return "want a path outside .git, got " + got(p)
	}
	return ""
}

// fileProblem is what is wrong with the path of a file.
func fileProblem(p string) string {
	if p == "." {
		return `want a file, got "."`
	}
	return pathProblem(p)
}

// entryProblem is what is wrong with the path of a file or folder; a folder's
// may end with a slash.
func entryProblem(p string) string {
	if len(p) > 1 {
		p = strings.TrimSuffix(p, "/")
	}
	return fileProblem(p)
}

// within says whether a file is the entry or below it.
func within(file, entry string) bool {
	entry = strings.TrimSuffix(entry, "/")
	return file == entry || strings.HasPrefix(file, entry+"/")
}

// globProblem is what is wrong with a pattern of scratch.
func globProblem(p string) string {
	if m := entryProblem(p); m != "" {
		return m
	}
	if strings.Count(p, "**") > 3 {
		return "want at most three ** in a pattern, got " + got(p) // each one multiplies the work
	}
	for _, part := range strings.Split(p, "/") {
		if _, err := path.Match(part, ""); err != nil {
			return "want a pattern such as *.log or var/, got " + got(p) + ": a bracket is not closed"
		}
	}
	if strings.HasPrefix(p, "!") {
		return "want a pattern without !, got " + got(p)
	}
	return ""
}

// InScratch says whether an evaluation may write the file, which is relative
// to Root. The patterns are those of .gitignore without negation: "*.log"
// matches at any depth, "var/" a folder and what is below it, "out/*.json" and
// "a/**/b" from Root.
func (e *Experiment) InScratch(file string) bool {
	for _, p := range e.Scratch {
		if globMatches(p, file) {
			return true
		}
	}
	return false
}

func globMatches(pattern, file string) bool {
	folder := strings.HasSuffix(pattern, "/")
	want := strings.Split(strings.TrimSuffix(pattern, "/"), "/")
	if len(want) == 1 {
		want = []string{"**", want[0]}
	}
	have := strings.Split(file, "/")
	for n := 1; n <= len(have); n++ {
		// What matches only as the last part is a file, unless it is above one.
		if (n < len(have) || !folder) && partsMatch(want, have[:n]) {
			return true
		}
	}
	return false
}

func partsMatch(want, have []string) bool {
	for len(want) > 0 {
		if want[0] == "**" {
			for skip := 0; skip <= len(have); skip++ {
				if partsMatch(want[1:], have[skip:]) {
					return true
				}
			}
			return false
		}
		if len(have) == 0 {
			return false
		}
		if ok, err := path.Match(want[0], have[0]); err != nil || !ok {
			return false
		}
		want, have = want[1:], have[1:]
	}
	return len(have) == 0
}

// FromTop is a path relative to Root as it is relative to git's top level.
func (e *Experiment) FromTop(rel string) string { return path.Join(e.Root, rel) }

// TargetPaths are the targets relative to git's top level.
func (e *Experiment) TargetPaths() []string { return e.allFromTop(e.Target) }

// FrozenPaths are the frozen files and folders relative to git's top level, and
// the files of the user's own metrics.
func (e *Experiment) FrozenPaths() []string {
	var paths []string
	for _, f := range e.Frozen {
		paths = append(paths, f.Path)
	}
	for _, c := range e.Score.Custom {
		if !slices.Contains(paths, c.File()) {
			paths = append(paths, c.File())
		}
	}
	return e.allFromTop(paths)
}

func (e *Experiment) allFromTop(rel []string) []string {
	var paths []string
	for _, p := range rel {
		paths = append(paths, e.FromTop(p))
	}
	return paths
}
