package runner

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	grace      = 2 * time.Second        // between SIGTERM and SIGKILL
	drain      = 500 * time.Millisecond // for the pipes, once everything that can be killed is dead
	defaultCap = 1 << 20
	marker     = "AUTORESEARCH_RUN" // in the environment of every descendant, so that one that left the group is found
)

// Run runs one command and returns when it, its process group and every
// descendant that can be found are gone. How the command ended is in the
// Outcome, not in the error: a crash is a result. The error is for a command
// that could not be started, for output that could not be handed on, and for
// a context that ended (the Outcome then says what was measured until then).
func Run(ctx context.Context, c Command) (Outcome, error) {
	if len(c.Args) == 0 {
		return Outcome{}, errors.New("run command: no arguments")
	}
	if err := ctx.Err(); err != nil {
		return Outcome{}, fmt.Errorf("run %s: %w", c.Args[0], err)
	}
	p, err := start(c)
	if err != nil {
		return Outcome{}, fmt.Errorf("run %s: %w", c.Args[0], err)
	}
	swept := false
	defer func() { // a panic of ours must not leave it running: the lock is then given back
		if !swept {
			p.group.kill(p.nonce)
		}
	}()
	timedOut := p.await(ctx, c.Deadline)
	p.sweep(grace)
	swept = true
	waitErr := p.group.reap(p.cmd)
	copyErr := p.finish()

	out := outcome(p.cmd.ProcessState)
	out.TimedOut = timedOut
	out.Wall = p.wall
	out.Log, out.Cut = p.log.bytes()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil && p.cancelled:
		return out, fmt.Errorf("run %s: %w", c.Args[0], context.Cause(ctx))
	case waitErr != nil && !errors.As(waitErr, &exit):
		return out, fmt.Errorf("run %s: %w", c.Args[0], waitErr)
	case copyErr != nil:
		return out, fmt.Errorf("run %s: hand on its output: %w", c.Args[0], copyErr)
	}
	return out, nil
}

// process is one started command with the ends of its pipes that are ours.
type process struct {
	cmd       *exec.Cmd
	group     group
	nonce     string
	began     time.Time
	wall      time.Duration
	cancelled bool
	exited    chan struct{}
	log       *capped
	readers   []*os.File
	stdin     *os.File
	copies    sync.WaitGroup
	mu        sync.Mutex
	copyErr   error
}

func start(c Command) (*process, error) {
	limit := c.LogCap
	if limit <= 0 {
		limit = defaultCap
	}
	p := &process{nonce: nonce(), log: newCapped(limit), exited: make(chan struct{})}
	p.cmd = exec.Command(c.Args[0], c.Args[1:]...)
	p.cmd.Dir = c.Dir
	p.cmd.Env = environment(os.Environ(), c, p.nonce)
	p.group.prepare(p.cmd)

	theirs, err := p.connect(c)
	defer closeAll(theirs)
	if err != nil {
		closeAll(p.readers)
		return nil, err
	}
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		closeAll(p.readers)
		if p.stdin != nil {
			p.stdin.Close()
		}
		return nil, err
	}
	if err := p.group.adopt(p.cmd); err != nil {
		p.cmd.Process.Kill()
		_ = p.cmd.Wait() // it was killed; its end tells nothing new
		closeAll(p.readers)
		return nil, fmt.Errorf("hold its process group: %w", err)
	}
	p.pump(c)
	return p, nil
}

// connect makes the pipes and returns the child's ends. They are files, so
// exec.Cmd copies nothing itself and its Wait returns with the child, whoever
// else still holds the pipe.
func (p *process) connect(c Command) (theirs []*os.File, err error) {
	pipe := func() (*os.File, error) {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		p.readers = append(p.readers, r)
		theirs = append(theirs, w)
		return w, nil
	}
	w, err := pipe()
	if err != nil {
		return theirs, err
	}
	p.cmd.Stderr, p.cmd.Stdout = w, w
	if c.Stdout != nil {
		if w, err = pipe(); err != nil {
			return theirs, err
		}
		p.cmd.Stdout = w
	}
	switch in := c.Stdin.(type) {
	case nil:
	case *os.File:
		p.cmd.Stdin = in
	default:
		r, w, err := os.Pipe()
		if err != nil {
			return theirs, err
		}
		p.cmd.Stdin, p.stdin = r, w
		theirs = append(theirs, r)
	}
	return theirs, nil
}

// pump copies until the pipes end or finish closes them.
func (p *process) pump(c Command) {
	p.copy(p.log, p.readers[0])
	if c.Stdout != nil {
		p.copy(c.Stdout, p.readers[1])
	}
	if p.stdin != nil {
		// Not waited for: a reader that blocks for ever must not hold Run back.
		go func() {
			_, _ = io.Copy(p.stdin, c.Stdin) // a child that reads no further is no error of ours
			p.stdin.Close()
		}()
	}
}

func (p *process) copy(to io.Writer, from *os.File) {
	p.copies.Go(func() {
		if _, err := io.Copy(to, from); err != nil && !errors.Is(err, os.ErrClosed) && !errors.Is(err, os.ErrDeadlineExceeded) {
			p.mu.Lock()
			p.copyErr = err
			p.mu.Unlock()
			_, _ = io.Copy(io.Discard, from) // the child must not block or die on a full pipe
		}
	})
}

// await returns when the child has ended, by itself or because its time was
// up. The child is not reaped yet, so its process group's id is still ours.
func (p *process) await(ctx context.Context, deadline time.Duration) (timedOut bool) {
	go func() {
		p.group.exited(p.cmd)
		p.wall = time.Since(p.began)
		close(p.exited)
	}()
	var timer <-chan time.Time
	if deadline > 0 {
		t := time.NewTimer(deadline)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-p.exited:
		return false
	case <-timer:
		timedOut = true
	case <-ctx.Done():
		p.cancelled = true
	}
	p.group.terminate(p.nonce)
	select {
	case <-p.exited:
	case <-time.After(grace):
		p.group.kill(p.nonce)
		<-p.exited
	}
	return timedOut
}

// sweep ends what the child left behind: first asked, then killed.
func (p *process) sweep(patience time.Duration) {
	if !p.group.alive(p.nonce) {
		return
	}
	p.group.terminate(p.nonce)
	give := time.Now().Add(patience)
	for pause := time.Millisecond; p.group.alive(p.nonce); pause = min(2*pause, 50*time.Millisecond) {
		if time.Now().After(give) {
			p.group.kill(p.nonce)
		}
		if time.Now().After(give.Add(patience)) {
			return // unkillable (in the kernel): the pipes are closed under it
		}
		time.Sleep(pause)
	}
}

func (p *process) finish() error {
	p.group.release()
	for _, r := range p.readers {
		_ = r.SetReadDeadline(time.Now().Add(drain)) // a pipe that knows no deadline is closed below
	}
	if p.stdin != nil {
		p.stdin.Close()
	}
	p.copies.Wait()
	closeAll(p.readers)
	return p.copyErr
}

// environment is the parent's without c.Unset, then c.Env, then the marker.
// An outer run's marker is kept in front, so that nested runs are both found.
func environment(parent []string, c Command, nonce string) []string {
	unset := map[string]bool{}
	for _, name := range c.Unset {
		unset[name] = true
	}
	var env []string
	outer := ""
	for _, kv := range parent {
		name, value, _ := strings.Cut(kv, "=")
		if name == marker {
			outer = value + ":"
			continue
		}
		if !unset[name] {
			env = append(env, kv)
		}
	}
	env = append(env, c.Env...)
	return append(env, marker+"="+outer+nonce)
}

func nonce() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
