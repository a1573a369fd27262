package agent

import (
	"fmt"
	"slices"
	"strings"
)

// Prompt stands for the prompt in another agent's command line.
const Prompt = "{prompt}"

// others are the command lines of other agents, headless and without
// questions, as codex 0.169.0, gemini 0.61.0 and opencode 1.18.33 take them.
// None has our hooks: the referee's pins alone guard a run. Codex runs without
// its sandbox, which would keep git's folder and the referee's state from
// being written, by `try` as well. In a folder that was never trusted Gemini
// asks again whatever its approval mode, unless trust is skipped.
var others = map[string][]string{
	"codex":    {"codex", "exec", "--sandbox", "danger-full-access", Prompt},
	"gemini":   {"gemini", "--skip-trust", "--approval-mode=yolo", "-p", Prompt},
	"opencode": {"opencode", "run", "--auto", Prompt},
}

// Others names the agents besides Claude Code whose command lines are known.
func Others() []string {
	names := make([]string, 0, len(others))
	for name := range others {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Command is the command line of an agent that was named by its words: one of
// ours to know, or a command of the user's.
func Command(words []string) []string {
	if known, ok := others[words[0]]; ok && len(words) == 1 {
		return slices.Clone(known)
	}
	return words
}

// Fill puts the prompt into a command line; what names no place for it gets
// it on standard input.
func Fill(command []string, prompt string) (args []string, stdin string) {
	args, stdin = slices.Clone(command), prompt
	for i, w := range args {
		if strings.Contains(w, Prompt) {
			args[i], stdin = strings.ReplaceAll(w, Prompt, prompt), ""
		}
	}
	return args, stdin
}

// Unguarded is what a user should know before another agent is launched.
func Unguarded(command []string) string {
	text := command[0] + " has no hooks of ours: the referee's pins alone guard this run"
	if known, ok := others[command[0]]; ok && slices.Equal(command, known) {
		text += fmt.Sprintf("; it is started without questions (%s)", strings.Join(command[1:len(command)-1], " "))
	}
	return text
}
