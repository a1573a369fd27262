package command

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/experiment"
)

// TestDocumentedCommands parses every command line of the documents, skills
// and templates against the real tree: command, flags and their values.
func TestDocumentedCommands(t *testing.T) {
	count := 0
	for _, pattern := range []string{"README.md", "CONTRIBUTING.md", "lessons.md", "references/*.md", "skills/*/SKILL.md", "templates/harness/*.tmpl", "templates/plugin/*.tmpl"} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range commandLines(string(data)) {
				count++
				if err := parses(line); err != nil {
					t.Errorf("%s: %s %s: %v", strings.TrimPrefix(file, "../../"), Name, line, err)
				}
			}
		}
	}
	if count < 20 {
		t.Errorf("found %d command lines in the documents: the test looks in the wrong place", count)
	}
}

// commandLines finds calls in blocks ("$ autoresearch-skill …" or the command
// at a line's start) and between back quotes.
func commandLines(text string) []string {
	var out []string
	inline := regexp.MustCompile("`" + Name + "( [^`\n]+)?`")
	block := regexp.MustCompile(`(?m)^(?:\$ |  *)?(?:exec )?` + Name + ` ([^\n]+)$`)
	for _, m := range inline.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.TrimSpace(m[1]))
	}
	for _, m := range block.FindAllStringSubmatch(text, -1) {
		if first, _, _ := strings.Cut(m[1], " "); !regexp.MustCompile(`^[a-z-]+$`).MatchString(first) {
			continue // the name in prose or a message, not a call
		}
		out = append(out, strings.TrimSpace(m[1]))
	}
	return out
}

var template = regexp.MustCompile(`\{\{[^}]*\}\}`)

// parses runs a command line against a tree whose actions do nothing.
func parses(line string) error {
	line, _, _ = strings.Cut(line, " #")
	line, _, _ = strings.Cut(line, " && ")
	line = template.ReplaceAllString(line, "x")
	line = strings.NewReplacer("…", "x", "[NAME]", "NAME", "[", "", "]", "").Replace(line)
	words, err := experiment.Words(line)
	if err != nil {
		return err
	}
	env := &Env{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Dir: "."}
	app := newApp(env)
	silence(app.Commands)
	args, _, err := takeDir(words)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return nil
	}
	if find(app.Commands, args[0]) == nil && !strings.HasPrefix(args[0], "-") {
		return usagef("there is no command %q", args[0])
	}
	if args, err = permute(app, args); err != nil {
		return err
	}
	return app.Run(append([]string{Name}, args...))
}

func silence(commands []*cli.Command) {
	for _, c := range commands {
		c.Action = func(*cli.Context) error { return nil }
		silence(c.Subcommands)
	}
}

// TestPermute: flags may stand after arguments.
func TestPermute(t *testing.T) {
	for line, want := range map[string]string{
		"try NAME -m 'a b'":          "try|-m|a b|NAME",
		"try -m x NAME --json":       "try|-m|x|--json|NAME",
		"new DIR --target a --yes":   "new|--target|a|--yes|DIR",
		"show NAME 3":                "show|NAME|3",
		"show -- -3":                 "show|--|-3",
		"discover --top=3 DIR":       "discover|--top=3|DIR",
		"nosuch --flag x":            "nosuch|--flag|x",
		"new --guard 'MRR >= 1' DIR": "new|--guard|MRR >= 1|DIR",
	} {
		words, err := experiment.Words(line)
		if err != nil {
			t.Fatal(err)
		}
		got, err := permute(newApp(&Env{Out: io.Discard, Err: io.Discard}), words)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: got %q, want %q", line, strings.Join(got, "|"), want)
		}
	}
}

// TestTakeDir: -C works everywhere.
func TestTakeDir(t *testing.T) {
	for _, args := range [][]string{{"-C", "d", "try"}, {"try", "-C", "d"}, {"try", "-C=d"}} {
		rest, dir, err := takeDir(args)
		if err != nil || dir != "d" || len(rest) != 1 {
			t.Errorf("%q: got %q, %q, %v", args, rest, dir, err)
		}
	}
	if _, _, err := takeDir([]string{"try", "-C"}); err == nil {
		t.Error("-C without a folder: want an error")
	}
}
