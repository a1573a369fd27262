package command

import (
	"fmt"

	"autoresearch-skill/internal/formula"
)

// usageError is a command line that cannot be understood: exit 2.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

func nearestHint(got string, known []string) string {
	if near := formula.Nearest(got, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Sprintf("%s --help lists the commands", Name)
}

// exitStatus ends the process with a code after everything was said already.
type exitStatus struct{ code int }

func (e *exitStatus) Error() string { return fmt.Sprintf("exit status %d", e.code) }

func exit(code int) error {
	if code == 0 {
		return nil
	}
	return &exitStatus{code}
}
