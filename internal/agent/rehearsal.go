package agent

import (
	"fmt"
	"strings"
	"time"
)

// Rehearsal is a conversation that every hook of ours must take part in, in a
// work tree where the experiment of that name runs and its target is unedited.
func Rehearsal(name string) []Turn {
	return []Turn{
		{Want: "No session runs it yet", Command: fmt.Sprintf("%s try %s -m self-test", Binary, name)}, // binds the session; nothing is measured
		{Command: "touch self-test.txt"},
		{Want: "is off while experiment", Text: "I stop here."},
		{Want: "goes on:", Text: "I stop again."},
	}
}

// rehearsed are the events whose hooks a turn of the rehearsal shows.
var rehearsed = map[int]string{0: "SessionStart", 2: "PreToolUse", 3: "Stop"}

// Judge says what a rehearsal showed.
func Judge(m *Model, took time.Duration) Finding {
	met, played := m.Met()
	if played == 0 {
		return Finding{Missing, "self-test", "the client asked its model nothing", "call the client once by hand, then doctor again"}
	}
	var silent []string
	for i := range met {
		if event := rehearsed[i]; event != "" && !met[i] {
			silent = append(silent, event)
		}
	}
	if len(silent) > 0 {
		return Finding{Wrong, "self-test", "in a scratch repository the client did not act on " + strings.Join(silent, ", ") + ": a run is not guarded by them", "update Claude Code and the plugin (or " + Binary + " install again), then doctor again"}
	}
	return Finding{Fine, "self-test", fmt.Sprintf("in a scratch repository the client asked PreToolUse, Stop and SessionStart, and acted on each (%.0f s, offline)", took.Seconds()), ""}
}
