package git

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Sentinels that callers branch on.
var (
	ErrNoRepository = errors.New("not in a git repository")
	ErrBare         = errors.New("a repository without a work tree")
	ErrNoGit        = errors.New("git is not installed")
	ErrUnborn       = errors.New("no commit yet")
	ErrNoIdentity   = errors.New("git doesn't know who commits")
	ErrUnsigned     = errors.New("git cannot sign a commit, which commit.gpgSign asks for")
	ErrNoChange     = errors.New("nothing to commit in these paths")
	ErrDetached     = errors.New("HEAD is not on a branch")
)

// Error is a git command that failed.
type Error struct {
	Args   []string // without the options that every command gets
	Exit   int
	Stderr string
}

func (e *Error) Error() string {
	said := strings.TrimSpace(Clean(e.Stderr))
	var reasons []string
	for line := range strings.Lines(said) {
		for _, prefix := range []string{"error: ", "fatal: "} {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(line), prefix); ok {
				reasons = append(reasons, rest)
			}
		}
	}
	if reasons != nil {
		said = strings.Join(reasons, "; ")
	}
	if said == "" {
		said = fmt.Sprintf("exit status %d", e.Exit)
	}
	return fmt.Sprintf("git %s: %s", strings.Join(e.Args[:min(2, len(e.Args))], " "), said)
}

// LockedError is a lock file in the way: another git is at work, or one died.
type LockedError struct {
	Path string
}

func (e *LockedError) Error() string { return fmt.Sprintf("git's lock %q is taken", e.Path) }

// Hint says what to do about it.
func (e *LockedError) Hint() string {
	return fmt.Sprintf("another git command is running in this repository; if none is, one died: rm %q", e.Path)
}

// HookError is a commit that one of the user's hooks refused.
type HookError struct {
	Hook   string // pre-commit, commit-msg …
	Exit   int
	Output string // sanitized, cut to its last lines
}

func (e *HookError) Error() string {
	return fmt.Sprintf("the %s hook refused the commit (exit %d): %s", e.Hook, e.Exit, lastLine(e.Output))
}

// InProgressError is an operation of the user's that has to end first.
type InProgressError struct{ Operation string }

func (e *InProgressError) Error() string { return "a " + e.Operation + " is in progress" }

// Hint says how to end it.
func (e *InProgressError) Hint() string {
	if e.Operation == "bisect" {
		return "end it first: git bisect reset"
	}
	return fmt.Sprintf("end it first: git %s --continue, or git %s --abort", e.Operation, e.Operation)
}

// MovedError is a commit that did not land on the commit it was made for.
type MovedError struct{ Want, Got, Head string }

func (e *MovedError) Error() string {
	return fmt.Sprintf("the branch moved: the new commit %s has parent %s, want %s", short(e.Head), short(e.Got), short(e.Want))
}

func failure(ctx context.Context, args []string, err error, stderr string) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("git %s: %w", args[0], context.Cause(ctx))
	}
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return ErrNoGit
	case errors.As(err, &exit):
		return &Error{Args: args, Exit: exit.ExitCode(), Stderr: stderr}
	}
	return fmt.Errorf("git %s: %w", args[0], err)
}

// asLocked recognises git's "Unable to create '…/index.lock': File exists".
func asLocked(err error) *LockedError {
	var fail *Error
	if !errors.As(err, &fail) {
		return nil
	}
	_, rest, ok := strings.Cut(fail.Stderr, "nable to create '")
	if !ok {
		return nil
	}
	path, rest, ok := strings.Cut(rest, ".lock'")
	if !ok || !strings.Contains(rest, "exists") {
		return nil
	}
	return &LockedError{Path: path + ".lock"}
}

func exitOf(err error) int {
	var fail *Error
	if errors.As(err, &fail) {
		return fail.Exit
	}
	return -1
}

func short(hash string) string { return hash[:min(10, len(hash))] }

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
