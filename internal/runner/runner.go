// Package runner runs one command: with a deadline, in a process group of its
// own that dies as a whole, with a capped log and the resources it used.
//
// It refuses to interpret what the command prints, and to start anything
// without a context.
package runner

import (
	"io"
	"time"
)

// Command is what to run.
type Command struct {
	Dir      string
	Args     []string // argv; never through a shell (see Shell)
	Env      []string // "NAME=value" added to the parent's environment; later wins
	Unset    []string // names removed from the parent's environment
	Stdin    io.Reader
	Deadline time.Duration // 0: none but the context's
	LogCap   int           // bytes of combined output kept (head and tail); 0: 1 MiB
	Stdout   io.Writer     // where set, receives standard output uncapped and only standard error goes to the log
}

// Outcome says how a command ended.
type Outcome struct {
	Exit     int // −1 when ended by a signal
	TimedOut bool
	Signal   string
	Wall     time.Duration
	User     time.Duration
	System   time.Duration
	MaxRSS   int64  // bytes, of the largest process in the tree that was waited for; 0 where unknown
	Log      []byte // capped output
	Cut      bool   // Log lacks a middle part
}
