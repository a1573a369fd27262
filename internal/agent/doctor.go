package agent

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"autoresearch-skill/internal/state"
)

// Level says how a finding stands: what is missing hinders something, what is
// wrong hinders everything.
type Level string

// The levels.
const (
	Fine    Level = "ok"
	Missing Level = "missing"
	Wrong   Level = "wrong"
)

// Finding is one line of doctor.
type Finding struct {
	Level Level  `json:"level"`
	What  string `json:"what"`
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

// oldestClient is the first whose hooks can block when they fail.
var oldestClient = [3]int{2, 1, 295}

// Patient is what doctor looks at.
type Patient struct {
	Hooks  Hooks
	Tools  []string // programs that evaluations here begin with
	Client string   // the client's command
}

// Examine looks at everything outside the repository that a run needs. It
// changes nothing but the state folder, which it makes where it is missing.
func Examine(ctx context.Context, p Patient) []Finding {
	out := []Finding{gitFinding(ctx), binaryFinding(), clientFinding(ctx, p.Client), p.Hooks.finding()}
	for _, tool := range p.Tools {
		f := Finding{Fine, "evaluation", tool, ""}
		if path, err := exec.LookPath(tool); err == nil {
			f.Found = path
		} else {
			f.Level, f.Found, f.Do = Wrong, tool+" is not on PATH", "install "+tool+", or name another interpreter in experiment.yaml"
		}
		out = append(out, f)
	}
	return append(out, stateFindings()...)
}

// ask runs a program that prints its version.
func ask(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).Output()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line, err
}

func gitFinding(ctx context.Context) Finding {
	line, err := ask(ctx, "git", "--version")
	if err != nil {
		return Finding{Wrong, "git", err.Error(), "install git"}
	}
	return Finding{Fine, "git", line, ""}
}

func binaryFinding() Finding {
	path, err := exec.LookPath(Binary)
	if err != nil {
		return Finding{Missing, "command", Binary + " is not on PATH", "go install ./cmd/... in a clone; with the plugin it is not needed"}
	}
	return Finding{Fine, "command", path, ""}
}

func clientFinding(ctx context.Context, client string) Finding {
	if _, err := exec.LookPath(client); err != nil {
		return Finding{Missing, "client", client + " is not on PATH", "install Claude Code, or give another agent the launch prompt"}
	}
	line, err := ask(ctx, client, "--version")
	if err != nil {
		return Finding{Wrong, "client", fmt.Sprintf("%s --version: %v", client, err), "reinstall Claude Code"}
	}
	if v, ok := version(line); ok && older(v, oldestClient) {
		return Finding{Wrong, "client", line, "update Claude Code: before 2.1.295 a hook that fails lets edits through"}
	}
	return Finding{Fine, "client", line, ""}
}

// version reads the three numbers that a line begins with.
func version(line string) (v [3]int, ok bool) {
	first, _, _ := strings.Cut(line, " ")
	parts := strings.Split(first, ".")
	if len(parts) != 3 {
		return v, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return v, false
		}
		v[i] = n
	}
	return v, true
}

func older(v, than [3]int) bool {
	for i := range v {
		if v[i] != than[i] {
			return v[i] < than[i]
		}
	}
	return false
}

const gibibyte = 1 << 30

func stateFindings() []Finding {
	base, err := state.Base()
	if err == nil {
		err = os.MkdirAll(base, 0o700)
	}
	if err != nil {
		return []Finding{{Wrong, "state", err.Error(), "set XDG_STATE_HOME to a folder that you can write"}}
	}
	probe, err := os.CreateTemp(base, ".doctor-*")
	if err != nil {
		return []Finding{{Wrong, "state", err.Error(), "make " + base + " writable"}}
	}
	probe.Close()
	os.Remove(probe.Name())
	out := []Finding{{Fine, "state", base, ""}}
	n, err := free(base)
	switch {
	case err != nil:
		return append(out, Finding{Missing, "disk", err.Error(), "see that a gigabyte is free"})
	case n < gibibyte:
		return append(out, Finding{Wrong, "disk", fmt.Sprintf("%d MiB free for %s", n>>20, base), "make room: a run that cannot write its journal stops"})
	}
	return append(out, Finding{Fine, "disk", fmt.Sprintf("%d GiB free", n/gibibyte), ""})
}
