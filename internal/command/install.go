package command

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/urfave/cli/v2"

	autoresearch "autoresearch-skill"
	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/git"
)

func scopeFlag() cli.Flag {
	return &cli.StringFlag{Name: "scope", Value: "project", Usage: "project: .claude at the repository's top; user: ~/.claude"}
}

func agentsFlag() cli.Flag {
	return &cli.BoolFlag{Name: "agents", Usage: "for other agents: the skills alone, in .agents/skills instead of .claude"}
}

func installCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:  "install",
		Usage: "without the plugin: copy the skills and merge the hooks into Claude Code's settings",
		Flags: []cli.Flag{scopeFlag(), agentsFlag(), jsonFlag()},
		Action: func(c *cli.Context) error {
			dir, err := clientDir(c, env)
			if err != nil {
				return err
			}
			kit := agent.Kit{Documents: autoresearch.Documents, Lessons: autoresearch.Lessons, Version: Version, Binary: Name, NoHooks: c.Bool("agents")}
			done, err := kit.Install(dir)
			if err != nil {
				return err
			}
			if _, err := exec.LookPath(Name); err != nil {
				fmt.Fprintf(env.Err, "%s: warning: %[1]s is not on PATH, where skills and hooks look for it\n", Name)
			}
			return showInstalled(c, env, done)
		},
	}
}

func uninstallCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:  "uninstall",
		Usage: "take back exactly what install did",
		Flags: []cli.Flag{scopeFlag(), agentsFlag(), jsonFlag()},
		Action: func(c *cli.Context) error {
			dir, err := clientDir(c, env)
			if err != nil {
				return err
			}
			done, err := agent.Uninstall(dir)
			if err != nil {
				return err
			}
			return showInstalled(c, env, done)
		},
	}
}

func showInstalled(c *cli.Context, env *Env, done agent.Done) error {
	if c.Bool("json") {
		return printJSON(env.Out, done)
	}
	for _, group := range []struct {
		what  string
		files []string
	}{{"wrote", done.Wrote}, {"removed", done.Removed}, {"kept, because it was changed since:", done.Kept}} {
		for _, f := range group.files {
			fmt.Fprintf(env.Out, "%s %s\n", group.what, f)
		}
	}
	return nil
}

// clientDir is the folder of Claude Code's that a scope stands for.
func clientDir(c *cli.Context, env *Env) (string, error) {
	if c.NArg() > 0 {
		return "", usagef("%s takes no argument, got %q", c.Command.Name, c.Args().First())
	}
	folder := ".claude"
	if c.Bool("agents") {
		folder = ".agents" // of the Agent Skills standard, which several agents read
	}
	switch scope := c.String("scope"); scope {
	case "user":
		if c.Bool("agents") {
			return homeFolder(folder)
		}
		return userClientDir()
	case "project":
		dir, err := projectClientDir(c.Context, env.Dir)
		return filepath.Join(filepath.Dir(dir), folder), err
	default:
		return "", usagef("--scope is project or user, got %q", scope)
	}
}

func projectClientDir(ctx context.Context, dir string) (string, error) {
	client, err := git.Open(ctx, dir)
	if err != nil {
		return "", err
	}
	return filepath.Join(client.Top(), ".claude"), nil
}

func userClientDir() (string, error) {
	if dir := os.Getenv("CLAUDE_CONFIG_DIR"); filepath.IsAbs(dir) {
		return dir, nil
	}
	return homeFolder(".claude")
}

func homeFolder(name string) (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the folder %s: %w", name, err)
	}
	return filepath.Join(home, name), nil
}
