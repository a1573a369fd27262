package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// ErrHeld is the lock in another process's hands; *HeldError names it.
var ErrHeld = errors.New("the experiment is locked")

// Holder is who has a lock.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// HeldError is ErrHeld with its holder, which is zero for the instant in
// which a new holder has not yet signed.
type HeldError struct{ Holder Holder }

func (e *HeldError) Error() string {
	if e.Holder.PID == 0 {
		return ErrHeld.Error()
	}
	return fmt.Sprintf("%s by %q (process %d, since %s)", ErrHeld, e.Holder.Command, e.Holder.PID, e.Holder.Since.Local().Format("15:04:05"))
}

// Is makes errors.Is(err, ErrHeld) true.
func (e *HeldError) Is(target error) bool { return target == ErrHeld }

// Lock is held until Unlock, or until its process ends in whatever way: the
// kernel gives it back, so a dead holder needs no takeover.
type Lock struct {
	// Died says that the last holder did not give the lock back by itself: it
	// was killed, and what it started may still run.
	Died bool

	flock *flock.Flock
	sign  string
}

const poll = 25 * time.Millisecond

// Lock takes the experiment's lock. It waits for at most wait, and then
// returns *HeldError; info is what others are told about this holder.
func (d Dir) Lock(ctx context.Context, info string, wait time.Duration) (*Lock, error) {
	l := &Lock{flock: flock.New(d.File("lock"), flock.SetPermissions(0o600)), sign: d.File("lock.json")}
	give := time.Now().Add(wait)
	for {
		ok, err := l.flock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock %q: %w", d.Name(), err)
		}
		if ok {
			break
		}
		if !time.Now().Before(give) {
			return nil, &HeldError{d.Holder()}
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("lock %q: %w", d.Name(), context.Cause(ctx))
		case <-time.After(poll):
		}
	}
	_, unsigned := os.Lstat(l.sign)
	l.Died = unsigned == nil
	data, err := json.Marshal(Holder{os.Getpid(), info, time.Now().UTC()})
	if err == nil {
		err = WriteDerived(l.sign, data, 0o600)
	}
	if err != nil {
		_ = l.flock.Unlock() // the error that matters is the one above
		return nil, fmt.Errorf("lock %q: %w", d.Name(), err)
	}
	return l, nil
}

// Holder is who signed last; it may have let go since.
func (d Dir) Holder() Holder {
	var h Holder
	data, err := os.ReadFile(d.File("lock.json"))
	if err != nil || json.Unmarshal(data, &h) != nil {
		return Holder{}
	}
	return h
}

// Held reports whether another holder has the lock at this moment.
func (d Dir) Held() (Holder, bool, error) {
	l := flock.New(d.File("lock"), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return Holder{}, false, fmt.Errorf("look at the lock of %q: %w", d.Name(), err)
	}
	if ok {
		return Holder{}, false, l.Unlock()
	}
	return d.Holder(), true, nil
}

// Unlock gives the lock back.
func (l *Lock) Unlock() error {
	os.Remove(l.sign)
	return l.flock.Unlock()
}
