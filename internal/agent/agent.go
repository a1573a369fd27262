// Package agent is everything that knows the coding agent's client: what its
// hooks answer, what is installed for it, how it is launched unattended.
//
// It refuses to judge an attempt: hooks only keep an honest agent on its path,
// and the referee's pins hold where a hook is passed by. Without a run that the
// state folder knows, every hook says nothing.
package agent

// Binary is the name of our program on a command line.
const Binary = "autoresearch-skill"

// HookSuffix makes the name of the hooks' program from that of ours. It
// answers as ours does and starts in half the time, so it is called where it
// lies beside ours.
const HookSuffix = "-hook"

// Verbs are what the agent of a running experiment may call; all else is the
// user's.
var Verbs = []string{"try", "status", "log", "show", "apply", "eval"}

// Watching verbs change nothing: any session may call them.
var watching = []string{"status", "log", "show", "report", "version"}
