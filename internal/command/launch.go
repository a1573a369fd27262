package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/hook"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/runner"
	"autoresearch-skill/internal/state"
)

// patient is after how many rounds without a single attempt launch gives up;
// half-way it leaves the conversation and begins afresh.
const patientRounds = 6

func launchCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "launch",
		Usage:     "run a started experiment unattended: starts the agent again until nothing is left to try",
		ArgsUsage: "[NAME]",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "dry-run", Usage: "print the command and the settings file's path, run nothing"},
			&cli.StringFlag{Name: "agent", Value: "claude", Usage: "claude, " + strings.Join(agent.Others(), ", ") + ", or another agent's `COMMAND`; {prompt} in it is the prompt, else it comes on standard input"},
			&cli.IntFlag{Name: "max-turns", Value: 400, Usage: "turns of one session"},
			&cli.Float64Flag{Name: "max-budget-usd", Usage: "dollars, over all sessions of the run, of earlier launches too"},
			&cli.DurationFlag{Name: "backoff", Value: 15 * time.Second, Usage: "first pause after an error of the API; it doubles"},
			jsonFlag(), userFlag(),
		},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			l, err := newLauncher(c, env, p)
			if err != nil {
				return err
			}
			if c.Bool("dry-run") {
				return l.show()
			}
			return l.loop(c.Context)
		},
	}
}

// launchLog is what the sessions of an experiment print, run after run.
func launchLog(p *loop.Place) string { return p.State.File("launch.jsonl") }

// launcher starts sessions one after the other.
type launcher struct {
	env      *Env
	place    *loop.Place
	run      *agent.Run
	next     agent.Launch
	command  []string // of another agent; nil for claude
	prompt   string
	bin      string // folder with our binary, first on the agent's PATH
	limit    time.Duration
	dollars  float64 // the limit; 0 for none
	before   float64 // dollars that earlier launches of the run have spent
	ledger   agent.Ledger
	begun    bool // the client knows the session: it can be resumed
	backoff  time.Duration
	json     bool
	reported int // iterations told already
}

func newLauncher(c *cli.Context, env *Env, p *loop.Place) (*launcher, error) {
	s, err := p.Status(c.Context)
	if err != nil {
		return nil, err
	}
	if s.Phase != loop.Running {
		return nil, loop.WithHint(fmt.Errorf("experiment %q is %s, not running", p.Experiment.Name, s.Phase), Name+" start "+p.Experiment.Name)
	}
	mark, dir, ok, err := agent.Gate(p.Top)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("experiment %q is not active in %s", p.Experiment.Name, p.Top)
	}
	l := &launcher{
		env: env, place: p, bin: dir.File("bin"), dollars: c.Float64("max-budget-usd"), backoff: c.Duration("backoff"),
		json: c.Bool("json"), reported: s.Iterations, limit: p.Experiment.Budget.Iteration.Duration + 2*time.Minute,
	}
	if l.run, err = agent.Read(mark, dir); err != nil {
		return nil, err
	}
	used, err := agent.UsageOf(launchLog(p), l.run.Nonce())
	if err != nil {
		return nil, err
	}
	if used != nil {
		l.before = used.Dollars
	}
	text, err := os.ReadFile(p.Path("launch_prompt.md"))
	if err != nil {
		return nil, err
	}
	paste, _, _ := strings.Cut(string(text), "\n---\n")
	l.prompt = strings.TrimSpace(paste)
	l.next = agent.Launch{
		Client: "claude", Prompt: l.prompt, Settings: dir.File("settings.json"), Session: agent.NewSession(), Turns: c.Int("max-turns"),
	}
	if l.dollars > 0 {
		l.next.Dollars = max(l.dollars-l.spent(), 0.01) // for --dry-run: else nothing is started where nothing is left
	}
	switch words, err := experiment.Words(c.String("agent")); {
	case err != nil || len(words) == 0:
		return nil, usagef("--agent %q: want a command (%v)", c.String("agent"), err)
	case len(words) == 1 && filepath.Base(words[0]) == "claude":
		l.next.Client = words[0]
	default:
		l.command = agent.Command(words)
	}
	return l, nil
}

// spent are the dollars that the run's sessions have cost, as far as the
// client has told.
func (l *launcher) spent() float64 { return l.before + l.ledger.Sum.Dollars }

// args is the next session's command line, and its standard input.
func (l *launcher) args() ([]string, string) {
	if l.command == nil {
		return l.next.Args(), ""
	}
	return agent.Fill(l.command, l.prompt)
}

func (l *launcher) show() error {
	args, in := l.args()
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = agent.Quote(a)
	}
	if l.json {
		return printJSON(l.env.Out, map[string]any{"command": args, "input": in, "dir": l.place.Top})
	}
	fmt.Fprintf(l.env.Out, "cd %s &&\n%s\n", agent.Quote(l.place.Top), strings.Join(words, " "))
	return nil
}

// prepare writes what the sessions need into the state folder: the settings,
// and a folder for PATH in which the agent finds this very binary, with the
// hooks' program where that lies beside it.
func (l *launcher) prepare() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(l.bin, 0o700); err != nil {
		return err
	}
	ext := ""
	if runtime.GOOS == "windows" {
		ext = ".exe"
	}
	binary := filepath.Join(l.bin, Name)
	if err := relink(self, binary+ext); err != nil {
		return err
	}
	if err := relink(strings.TrimSuffix(self, ext)+agent.HookSuffix+ext, binary+agent.HookSuffix+ext); err != nil {
		return err
	}
	settings, err := agent.LaunchSettings(l.run, agent.Quote(binary), l.limit)
	if err != nil {
		return err
	}
	return state.WriteFile(l.next.Settings, settings, 0o600)
}

// relink makes a link to a program if there is one, in place of an older link.
func relink(program, link string) error {
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(program); err != nil {
		return nil //nolint:nilerr // a program that isn't there needs no link
	}
	return os.Symlink(program, link)
}

// loop starts sessions until nothing is left to try. A session that ends with
// exit 0 has ended, not finished: only the journal says what is left.
func (l *launcher) loop(ctx context.Context) error {
	if err := l.prepare(); err != nil {
		return err
	}
	if l.command != nil {
		l.tell("unguarded", agent.Unguarded(l.command))
	}
	idle, failures := 0, 0
	for {
		s, done, err := l.look(ctx)
		if err != nil || done != "" {
			return l.finished(done, err)
		}
		ended, err := l.session(ctx)
		if err != nil {
			return err
		}
		after, err := l.place.Status(ctx)
		if err != nil {
			return err
		}
		switch {
		case after.Iterations > s.Iterations:
			idle, failures = 0, 0
		case ended.Error == "" || !ended.Said: // what the API refused is no fault of the conversation
			idle++
		}
		if ended.Error != "" {
			failures++
			wait := ended.Backoff(l.backoff, failures, time.Now())
			l.tell("waiting", fmt.Sprintf("the agent ended with an error (%s); again in %s", firstWords(runner.Sanitize([]byte(ended.Error)), 120), round(wait)))
			if err := sleep(ctx, wait); err != nil {
				return err
			}
		}
		if idle >= patientRounds {
			return loop.WithHint(fmt.Errorf("%d sessions in a row made no attempt", idle), "look at "+launchLog(l.place))
		}
		if err := l.again(idle); err != nil {
			return err
		}
	}
}

// again chooses between going on in the same conversation and a fresh one.
func (l *launcher) again(idle int) error {
	l.next.Prompt = fmt.Sprintf("The experiment %s is not finished. Read `%s status %[1]s` and `%[2]s log %[1]s`, then go on: one idea, one small edit, one `%[2]s try`.", l.place.Experiment.Name, Name)
	l.next.Resume = true
	if !l.begun || idle > 0 && idle%(patientRounds/2) == 0 {
		l.next.Prompt, l.next.Resume, l.next.Session = l.prompt, false, agent.NewSession()
		l.begun = false
		l.tell("afresh", "a fresh conversation; the log is the memory")
	}
	if l.dollars > 0 {
		l.next.Dollars = l.dollars - l.spent()
	}
	return nil
}

// look says why nothing more is to be done, or "".
func (l *launcher) look(ctx context.Context) (*loop.Status, string, error) {
	s, err := l.place.Status(ctx)
	if err != nil {
		return nil, "", err
	}
	switch done := hook.Standing(s).Done(); {
	case s.Phase != loop.Running:
		return s, "the run is " + string(s.Phase), nil
	case done != "":
		return s, done, nil
	case l.dollars > 0 && l.spent() >= l.dollars:
		return s, fmt.Sprintf("%.2f of %.2f dollars are spent", l.spent(), l.dollars), nil
	}
	return s, "", nil
}

func (l *launcher) finished(why string, err error) error {
	if err != nil {
		return err
	}
	l.tell("end", fmt.Sprintf("%s; the honest figures: %s finish %s", why, Name, l.place.Experiment.Name))
	return nil
}

// session runs the agent once, and tells each attempt as the journal has it.
func (l *launcher) session(ctx context.Context) (agent.Ended, error) {
	if l.command == nil && l.run.Session != l.next.Session {
		if err := l.run.Bind(l.next.Session); err != nil {
			return agent.Ended{}, err
		}
	}
	log, err := os.OpenFile(launchLog(l.place), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return agent.Ended{}, err
	}
	defer log.Close()
	before := l.reported
	args, in := l.args()
	if _, err := log.Write(agent.BeginLine(l.run.Nonce(), args[0])); err != nil {
		return agent.Ended{}, err
	}
	stop := l.follow(ctx)
	stream := &agent.Stream{}
	out, err := runner.Run(ctx, runner.Command{
		Dir: l.place.Top, Args: args, Stdin: strings.NewReader(in), Stdout: io.MultiWriter(log, stream),
		Env: []string{"PATH=" + l.bin + string(os.PathListSeparator) + os.Getenv("PATH"), "CLAUDE_PROJECT_DIR=" + l.place.Top},
	})
	stop()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return agent.Ended{}, err
	}
	ended := stream.Ended
	l.begun = l.begun || stream.Begun
	l.ledger.Add(ended)
	if _, err := log.Write(agent.EndLine(l.run.Nonce(), l.reported-before)); err != nil {
		return agent.Ended{}, err
	}
	if out.Exit != 0 && !ended.Said {
		ended.Error = fmt.Sprintf("exit %d: %s", out.Exit, strings.TrimSpace(string(out.Log)))
	}
	return ended, nil
}

// follow tells new attempts until it is stopped.
func (l *launcher) follow(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for sleep(ctx, time.Second) == nil {
			l.attempts(ctx)
		}
	}()
	return func() {
		cancel()
		<-ended
		l.attempts(context.WithoutCancel(ctx))
	}
}

func (l *launcher) attempts(ctx context.Context) {
	log, err := l.place.Log(ctx)
	if err != nil {
		return // half a line of the journal: the next look has it whole
	}
	s, err := l.place.Status(ctx)
	if err != nil {
		return
	}
	now := hook.Standing(s)
	for _, a := range log[min(l.reported, len(log)):] {
		text := fmt.Sprintf("iteration %d: %s, best %s, %d left", a.Iteration, a.Verdict, now.Best, now.Left)
		if spent := l.spent(); spent > 0 {
			text += fmt.Sprintf(", $%.2f so far", spent)
		}
		l.tell("attempt", text+": "+firstWords(a.Message, 80))
	}
	l.reported = len(log)
}

// tell prints one line of progress: prose for a person, JSON on request.
func (l *launcher) tell(event, text string) {
	if l.json {
		// One line each, so that a log can be followed.
		enc := json.NewEncoder(l.env.Out)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(told{time.Now().UTC(), event, text}) // who reads it is gone or sees that it is short
		return
	}
	fmt.Fprintf(l.env.Out, "%s  %s\n", time.Now().Format("15:04:05"), text)
}

// told is a line of progress as JSON.
type told struct {
	Time  time.Time `json:"time"`
	Event string    `json:"event"`
	Text  string    `json:"text"`
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
