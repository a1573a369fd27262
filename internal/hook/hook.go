// Package hook answers one event of the client's hooks, from its payload to
// the JSON on standard output. It is what the small program of the hooks links
// and what the command `hook` calls, so that both answer alike.
//
// It refuses to import what a hook does not need: a hook comes with every call
// of a tool, and half of its time is the start of its program.
package hook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/loop"
)

// Events are those that are answered.
var Events = []string{"PreToolUse", "Stop", "SessionStart"}

// Call is one call of a hook.
type Call struct {
	Event string
	Dir   string // where the client called it
	In    io.Reader
	Out   io.Writer
}

// Known reports whether an event is answered.
func Known(event string) bool { return slices.Contains(Events, event) }

// Run says nothing unless a run is active here. Where one is and the hook
// cannot judge, a tool's call is denied rather than let through.
func (c Call) Run(ctx context.Context) error {
	answer, err := c.answer(ctx)
	if err != nil && c.Event == "PreToolUse" {
		answer, err = agent.Deny(fmt.Sprintf("the guard of a running experiment failed: %v. Try again; if it stays, tell the user to call `%s doctor`.", err, agent.Binary)), nil
	}
	if err != nil || answer.Output == nil {
		return err
	}
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(answer)
}

func (c Call) answer(ctx context.Context) (agent.Answer, error) {
	dirs := []string{c.Dir}
	if project := os.Getenv("CLAUDE_PROJECT_DIR"); filepath.IsAbs(project) {
		dirs = append([]string{project}, dirs...)
	}
	mark, dir, ok, err := agent.Gate(dirs...)
	if err != nil || !ok {
		return agent.Answer{}, err
	}
	payload, err := agent.ReadPayload(c.In)
	if err != nil {
		return agent.Answer{}, err
	}
	r, err := agent.Read(mark, dir)
	if err != nil {
		return agent.Answer{}, err
	}
	if c.Event == "PreToolUse" {
		return guard(r).Before(payload)
	}
	standing, err := find(ctx, r)
	if err != nil {
		return agent.Answer{}, err
	}
	if c.Event == "Stop" {
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
		g.Self = append(g.Self, filepath.Join(root, "bin", agent.Binary))
		g.Kept = append(g.Kept, filepath.Join(root, "harness"))
	}
	if self, err := os.Executable(); err == nil {
		g.Self = append(g.Self, strings.TrimSuffix(self, agent.HookSuffix))
	}
	return g
}

func find(ctx context.Context, r *agent.Run) (agent.Standing, error) {
	p, err := loop.Find(ctx, r.Top, r.Name)
	if err != nil {
		return agent.Standing{}, err
	}
	s, err := p.Status(ctx)
	if err != nil {
		return agent.Standing{}, err
	}
	return Standing(s), nil
}

// Standing is a run's status as hooks and launch tell it.
func Standing(s *loop.Status) agent.Standing {
	out := agent.Standing{
		Iterations: s.Iterations, Kept: s.Kept, Dry: s.Dry, Baseline: "–", Best: "–", Left: -1, Seconds: -1, Advice: s.Advice, Busy: s.Busy,
	}
	if s.Baseline != nil && s.Best != nil {
		out.Baseline, out.Best = loop.Number(*s.Baseline), loop.Number(*s.Best)
	}
	if b := s.BudgetLeft; b != nil {
		out.Left, out.Seconds = b.Iterations, b.Seconds
	}
	return out
}
