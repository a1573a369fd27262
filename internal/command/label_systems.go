package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/label"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/runner"
	"autoresearch-skill/internal/scaffold"
)

// systems are today's, and the variants that were asked for.
func (l *labelling) systems(c *cli.Context) ([]label.System, error) {
	list := []label.System{{Name: "today's system", Answer: explained(l.desk.Answers)}}
	for _, rev := range c.StringSlice("revision") {
		if _, err := l.place.Git.ShowFile(c.Context, rev, l.place.Targets()[0]); err != nil {
			return nil, fmt.Errorf("--revision %s: %w", rev, err)
		}
		list = append(list, label.System{Name: rev, Answer: explained(func(ctx context.Context, t *cases.Table) ([]protocol.Output, error) {
			return l.desk.AnswersAt(ctx, t, rev)
		})})
	}
	for _, set := range c.StringSlice("arguments") {
		content, err := l.calledWith(set)
		if err != nil {
			return nil, err
		}
		list = append(list, label.System{Name: set, Answer: explained(func(ctx context.Context, t *cases.Table) ([]protocol.Output, error) {
			return l.desk.AnswersWith(ctx, t, content)
		})})
	}
	for _, line := range c.StringSlice("also") {
		list = append(list, label.System{Name: line, Answer: func(ctx context.Context, t *cases.Table) ([]protocol.Output, error) {
			return l.also(ctx, line, t)
		}})
	}
	return list, nil
}

// explained adds to a failure what the system printed last.
func explained(answer func(context.Context, *cases.Table) ([]protocol.Output, error)) func(context.Context, *cases.Table) ([]protocol.Output, error) {
	return func(ctx context.Context, t *cases.Table) ([]protocol.Output, error) {
		outs, err := answer(ctx, t)
		var failure *loop.Failure
		if errors.As(err, &failure) {
			lines := strings.Split(strings.TrimSpace(failure.Log), "\n")
			err = fmt.Errorf("%w\n%s", err, strings.Join(lines[max(0, len(lines)-6):], "\n"))
		}
		return outs, err
	}
}

// also asks a command about each case; one that fails is that case's error.
func (l *labelling) also(ctx context.Context, line string, t *cases.Table) ([]protocol.Output, error) {
	var outs []protocol.Output
	for _, c := range t.Cases {
		o := protocol.Output{ID: c.ID}
		answer, err := l.call(ctx, line, c.Inputs)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			o.Error = err.Error()
		}
		o.Output = answer
		outs = append(outs, o)
	}
	return outs, nil
}

// call runs a command line where the evaluation runs, with a JSON object on
// its standard input, and reads the list that it prints.
func (l *labelling) call(ctx context.Context, line string, input any) (json.RawMessage, error) {
	in, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	ended, err := runner.Run(ctx, runner.Command{
		Dir: l.place.Root(), Args: runner.Shell(line), Stdin: bytes.NewReader(in), Stdout: &out, Deadline: l.place.Experiment.Budget.Iteration.Duration,
	})
	switch {
	case err != nil:
		return nil, err
	case ended.TimedOut:
		return nil, fmt.Errorf("%s: no answer within %s", line, l.place.Experiment.Budget.Iteration)
	case ended.Exit != 0:
		return nil, fmt.Errorf("%s: exit %d: %s", line, ended.Exit, strings.TrimSpace(string(ended.Log)))
	}
	text := bytes.TrimSpace(out.Bytes())
	if json.Valid(text) && len(text) > 0 && text[0] == '[' {
		return text, nil
	}
	ids := []string{}
	for id := range strings.Lines(string(text)) {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	return json.Marshal(ids)
}

// calledWith are the files of the evaluation that call today's system with
// other arguments: those which the contract would render with them.
func (l *labelling) calledWith(set string) (map[string][]byte, error) {
	e := l.place.Experiment
	if e.System == nil || len(e.System.Arguments) == 0 {
		return nil, usagef("--arguments: this system has its arguments in its call: --also CMD names another")
	}
	system, other := *e.System, *e
	var err error
	if system.Arguments, err = system.Arguments.With(set); err != nil {
		return nil, usagef("--arguments: %v", err)
	}
	other.System = &system
	if err := other.Validate(); err != nil {
		return nil, fmt.Errorf("--arguments %s: %w", set, err)
	}
	ours, err := l.evaluationOf(e)
	if err != nil {
		return nil, err
	}
	theirs, err := l.evaluationOf(&other)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for file, data := range theirs {
		if bytes.Equal(data, ours[file]) {
			continue
		}
		now, err := os.ReadFile(filepath.Join(l.place.Top, filepath.FromSlash(file)))
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(now, ours[file]) {
			return nil, loop.WithHint(fmt.Errorf("--arguments: %s is not what the contract renders: its call can't be changed from here", file), Name+" render "+e.Name)
		}
		out[file] = data
	}
	if len(out) == 0 {
		return nil, usagef("--arguments %s: that is today's call", set)
	}
	return out, nil
}

// evaluationOf renders the files of a contract that call the system.
func (l *labelling) evaluationOf(e *experiment.Experiment) (map[string][]byte, error) {
	labelled, err := os.ReadFile(filepath.Join(l.place.Top, filepath.FromSlash(l.place.CasesPath())))
	if err != nil {
		return nil, err
	}
	plan, err := scaffold.Render(e, l.place.Harness, labelled, scaffold.Facts{Version: Version})
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, f := range plan.Files {
		if f.Path == path.Join(l.place.Harness, e.EvalFile()) || !strings.HasPrefix(f.Path, l.place.Harness+"/") {
			out[f.Path] = f.Data
		}
	}
	return out, nil
}
