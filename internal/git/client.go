// Package git is a typed client of the git program. It shells out, so that
// the user's hooks, filters, signing, worktrees and LFS stay in force, and
// asks for formats that the user's configuration cannot bend.
//
// It refuses to touch more than the paths it is given: there is no clean, no
// hard reset, no stash and no "add everything" in it.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Client works on one work tree.
type Client struct {
	Dir string // the top level, an absolute real path

	patience time.Duration // with another git's lock; 0: two seconds
	ceiling  string        // no repository is looked for in it or above, where set
	index    string        // another file than the work tree's own index, where set

	mu                sync.Mutex
	gitDir, commonDir string // "" until asked for
}

// Open finds the work tree that dir is in.
func Open(ctx context.Context, dir string) (*Client, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("open repository: %w", err)
	}
	if c := discover(dir); c != nil {
		return c, nil
	}
	at := &Client{Dir: dir}
	out, err := at.read(ctx, "rev-parse", "--is-inside-work-tree", "--show-toplevel", "--absolute-git-dir", "--git-common-dir")
	var fail *Error
	if errors.As(err, &fail) {
		switch {
		case strings.Contains(fail.Stderr, "not a git repository"):
			return nil, fmt.Errorf("open repository %q: %w", dir, ErrNoRepository)
		case strings.Contains(fail.Stderr, "must be run in a work tree"):
			return nil, fmt.Errorf("open repository %q: %w", dir, ErrBare)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open repository %q: %w", dir, err)
	}
	return opened(ctx, dir, strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"))
}

// opened reads what git says of a work tree: top level, own and common folder.
// A name with a line break in it makes more lines, and is asked for by itself.
func opened(ctx context.Context, dir string, said []string) (*Client, error) {
	where := []string{"", "", ""}
	if len(said) == 4 {
		copy(where, said[1:])
	} else {
		top, err := (&Client{Dir: dir}).line(ctx, "rev-parse", "--show-toplevel")
		if err != nil {
			return nil, fmt.Errorf("open repository %q: %w", dir, err)
		}
		where[0] = top
	}
	for i, name := range where {
		if name == "" {
			continue
		}
		if name = filepath.FromSlash(name); !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		real, err := filepath.EvalSymlinks(name)
		if err == nil {
			where[i], err = filepath.Abs(real)
		}
		if err != nil {
			return nil, fmt.Errorf("open repository %q: %w", dir, err)
		}
	}
	return &Client{Dir: where[0], gitDir: where[1], commonDir: where[2]}, nil
}

// Top is the top level of the work tree.
func (c *Client) Top() string { return c.Dir }

// GitDir is this work tree's own git directory.
func (c *Client) GitDir(ctx context.Context) (string, error) {
	return c.location(ctx, "--git-dir", &c.gitDir)
}

// CommonDir is the git directory that all worktrees of the repository share.
func (c *Client) CommonDir(ctx context.Context) (string, error) {
	return c.location(ctx, "--git-common-dir", &c.commonDir)
}

// location asks once: it doesn't change while a command runs.
func (c *Client) location(ctx context.Context, which string, known *string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *known != "" {
		return *known, nil
	}
	dir, err := c.line(ctx, "rev-parse", which)
	if err != nil {
		return "", err
	}
	if dir = filepath.FromSlash(dir); !filepath.IsAbs(dir) {
		dir = filepath.Join(c.Dir, dir)
	}
	*known, err = filepath.EvalSymlinks(dir)
	return *known, err
}

// bending lists configuration that changes output, has side effects on reads,
// or makes git look less closely at whether a file changed.
var bending = []string{
	"core.quotePath=false", "core.fsmonitor=false", "core.untrackedCache=false", "core.safecrlf=false",
	"core.trustctime=true", "core.checkStat=default",
	"color.ui=false", "advice.detachedHead=false", "log.showSignature=false",
	"status.renames=false", "status.submoduleSummary=false", "status.relativePaths=false",
	"diff.noprefix=false", "diff.mnemonicPrefix=false", "diff.suppressBlankEmpty=false", "diff.relative=false",
	"diff.orderFile=" + os.DevNull, "diff.interHunkContext=0", "diff.external=",
	"i18n.logOutputEncoding=UTF-8", "submodule.recurse=false", "gc.auto=0", "maintenance.auto=false",
}

// read runs a command that changes nothing and returns what it printed.
func (c *Client) read(ctx context.Context, args ...string) ([]byte, error) {
	return c.feed(ctx, nil, args...)
}

func (c *Client) line(ctx context.Context, args ...string) (string, error) {
	out, err := c.read(ctx, args...)
	return strings.TrimSuffix(strings.TrimSuffix(string(out), "\n"), "\r"), err
}

// feed is read with standard input.
func (c *Client) feed(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	full := []string{"--no-pager", "--no-optional-locks"}
	for _, setting := range bending {
		full = append(full, "-c", setting)
	}
	cmd := c.command(ctx, append(full, args...))
	cmd.Env = append(cmd.Env, "LC_ALL=C")
	if stdin != nil {
		cmd.Stdin = bytes.NewReader(stdin)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // git itself ended well; a background process held its output open
	}
	return out.Bytes(), failure(ctx, args, err, errs.String())
}

// change runs a command that writes, and waits a moment for a lock that
// another git (an editor's, a prompt's) holds on the index.
func (c *Client) change(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	give := c.deadline()
	for {
		out, err := c.feed(ctx, stdin, args...)
		locked := asLocked(err)
		if locked == nil {
			return out, err
		}
		if time.Now().After(give) {
			return out, locked
		}
		select {
		case <-ctx.Done():
			return out, locked
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (c *Client) deadline() time.Time {
	if c.patience > 0 {
		return time.Now().Add(c.patience)
	}
	return time.Now().Add(2 * time.Second)
}

// command prepares git with an environment that only the work tree decides:
// variables that a hook or an alias would have set point elsewhere.
func (c *Client) command(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", c.Dir}, args...)...)
	cmd.Env = append(environment(os.Environ()), "GIT_TERMINAL_PROMPT=0", "GIT_EDITOR=true", "GIT_PAGER=cat")
	if c.ceiling != "" {
		cmd.Env = append(cmd.Env, "GIT_CEILING_DIRECTORIES="+c.ceiling)
	}
	if c.index != "" {
		cmd.Env = append(cmd.Env, "GIT_INDEX_FILE="+c.index)
	}
	// Asked first: git then removes the lock files that it holds.
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = 3 * time.Second
	return cmd
}

var elsewhere = map[string]bool{
	"GIT_DIR": true, "GIT_WORK_TREE": true, "GIT_INDEX_FILE": true, "GIT_COMMON_DIR": true, "GIT_PREFIX": true,
	"GIT_OBJECT_DIRECTORY": true, "GIT_ALTERNATE_OBJECT_DIRECTORIES": true, "GIT_NAMESPACE": true,
	"GIT_EXTERNAL_DIFF": true, "GIT_DIFF_OPTS": true, "GIT_QUARANTINE_PATH": true, "GIT_CONFIG": true,
	"GIT_LITERAL_PATHSPECS": true, "GIT_GLOB_PATHSPECS": true, "GIT_NOGLOB_PATHSPECS": true, "GIT_ICASE_PATHSPECS": true,
	"GIT_TRACE2_EVENT": true, "GIT_TRACE": true, "GIT_REFLOG_ACTION": true, "GIT_EDITOR": true, "GIT_PAGER": true,
}

func environment(parent []string) []string {
	var env []string
	for _, kv := range parent {
		if name, _, _ := strings.Cut(kv, "="); !elsewhere[name] {
			env = append(env, kv)
		}
	}
	return env
}

// pathspec names exactly one path from the top level, whatever it is called.
func pathspec(paths []string) []string {
	specs := make([]string, len(paths))
	for i, p := range paths {
		specs[i] = ":(top,literal)" + filepath.ToSlash(p)
	}
	return specs
}

// relative refuses a path that leaves the work tree or enters git's own files.
func relative(path string) error {
	clean := filepath.ToSlash(filepath.Clean(path))
	if path == "" || filepath.IsAbs(path) || clean == "." || clean == ".." || strings.HasPrefix(clean, "../") {
		return fmt.Errorf("path %q: %w: want a path from the top level", path, fs.ErrInvalid)
	}
	if first, _, _ := strings.Cut(clean, "/"); strings.EqualFold(first, ".git") {
		return fmt.Errorf("path %q: %w: git's own", path, fs.ErrInvalid)
	}
	return nil
}

// revision refuses what git would read as an option.
func revision(rev string) error {
	if rev == "" || strings.HasPrefix(rev, "-") || strings.ContainsAny(rev, "\x00\n") {
		return fmt.Errorf("revision %q: %w", rev, fs.ErrInvalid)
	}
	return nil
}
