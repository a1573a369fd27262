package command

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/loop"
)

var hookEvents = []string{"PreToolUse", "Stop", "SessionStart"}

func hookCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "hook",
		Usage:     "answer a hook of the coding agent's client (reads its JSON on standard input)",
		ArgsUsage: "PreToolUse|Stop|SessionStart",
		Action: func(c *cli.Context) error {
			event := c.Args().First()
			if c.NArg() != 1 || !slices.Contains(hookEvents, event) {
				return usagef("hook takes one of %s", strings.Join(hookEvents, ", "))
			}
			return runHook(c.Context, env, event)
		},
	}
}

// hooked is the event of a command line that is a hook and nothing else. A
// hook comes with every call of a tool, so it does not wait for the tree of
// commands to be built.
func hooked(args []string) (event string, ok bool) {
	if len(args) != 2 || args[0] != "hook" || !slices.Contains(hookEvents, args[1]) {
		return "", false
	}
	return args[1], true
}

// runHook says nothing unless a run is active here. Where one is and the hook
// cannot judge, a tool's call is denied rather than let through.
func runHook(ctx context.Context, env *Env, event string) error {
	answer, err := hook(ctx, env, event)
	if err != nil && event == "PreToolUse" {
		answer, err = agent.Deny(fmt.Sprintf("the guard of a running experiment failed: %v. Try again; if it stays, tell the user to call `%s doctor`.", err, Name)), nil
	}
	if err != nil || answer.Output == nil {
		return err
	}
	enc := json.NewEncoder(env.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(answer)
}

func hook(ctx context.Context, env *Env, event string) (agent.Answer, error) {
	dirs := []string{env.Dir}
	if project := os.Getenv("CLAUDE_PROJECT_DIR"); filepath.IsAbs(project) {
		dirs = append([]string{project}, dirs...)
	}
	mark, dir, ok, err := agent.Gate(dirs...)
	if err != nil || !ok {
		return agent.Answer{}, err
	}
	payload, err := agent.ReadPayload(env.In)
	if err != nil {
		return agent.Answer{}, err
	}
	r, err := agent.Read(mark, dir)
	if err != nil {
		return agent.Answer{}, err
	}
	if event == "PreToolUse" {
		return guard(r).Before(payload)
	}
	standing, err := standingOf(ctx, r)
	if err != nil {
		return agent.Answer{}, err
	}
	if event == "Stop" {
		return agent.Stop(r, payload.Session, standing), nil
	}
	return agent.Greet(r, payload.Session, standing), nil
}

func guard(r *agent.Run) *agent.Guard {
	g := &agent.Guard{Run: r, Vars: map[string]string{}}
	for _, name := range []string{"HOME", "XDG_STATE_HOME", "CLAUDE_PROJECT_DIR", "CLAUDE_PLUGIN_ROOT"} {
		if value, ok := os.LookupEnv(name); ok {
			g.Vars[name] = value
		}
	}
	if root := os.Getenv("CLAUDE_PLUGIN_ROOT"); filepath.IsAbs(root) {
		g.Self = append(g.Self, filepath.Join(root, "bin", Name))
		g.Kept = append(g.Kept, filepath.Join(root, "harness"))
	}
	if self, err := os.Executable(); err == nil {
		g.Self = append(g.Self, self)
	}
	return g
}

func standingOf(ctx context.Context, r *agent.Run) (agent.Standing, error) {
	p, err := loop.Find(ctx, r.Top, r.Name)
	if err != nil {
		return agent.Standing{}, err
	}
	s, err := p.Status(ctx)
	if err != nil {
		return agent.Standing{}, err
	}
	return standing(s), nil
}

func standing(s *loop.Status) agent.Standing {
	out := agent.Standing{
		Iterations: s.Iterations, Kept: s.Kept, Dry: s.Dry, Baseline: "–", Best: "–", Left: -1, Seconds: -1, Advice: s.Advice, Busy: s.Busy,
	}
	if s.Baseline != nil && s.Best != nil {
		out.Baseline, out.Best = number(*s.Baseline), number(*s.Best)
	}
	if b := s.BudgetLeft; b != nil {
		out.Left, out.Seconds = b.Iterations, b.Seconds
	}
	return out
}
