package loop

// hinted is an error that knows what to do next; the hint is a command to
// paste wherever there is one.
type hinted struct {
	error
	hint string
}

// Hint says what to do about it.
func (h *hinted) Hint() string  { return h.hint }
func (h *hinted) Unwrap() error { return h.error }

// WithHint adds what to do next to an error. No error has no hint, and an
// empty hint adds nothing.
func WithHint(err error, hint string) error {
	if err == nil || hint == "" {
		return err
	}
	return &hinted{err, hint}
}
