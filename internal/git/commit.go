package git

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Message is a commit message.
type Message struct {
	Subject  string
	Body     string
	Trailers []string // "Key: value", in order
}

func (m Message) String() string {
	parts := []string{strings.Join(strings.Fields(m.Subject), " ")}
	if body := strings.TrimSpace(m.Body); body != "" {
		parts = append(parts, body)
	}
	if len(m.Trailers) > 0 {
		parts = append(parts, strings.Join(m.Trailers, "\n"))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// CommitPaths commits these paths as they are in the work tree, and nothing
// else: what the user has staged elsewhere stays staged and uncommitted. The
// user's hooks and signing run. It returns the new commit.
//
// Errors to branch on: *HookError, *LockedError, *InProgressError,
// ErrNoIdentity, ErrNoChange, and *MovedError, with which the commit exists.
func (c *Client) CommitPaths(ctx context.Context, m Message, paths ...string) (string, error) {
	parent, err := c.Head(ctx)
	if err != nil && !errors.Is(err, ErrUnborn) {
		return "", err
	}
	made, err := c.CommitOn(ctx, parent, m, paths...)
	return made.Hash, err
}

// CommitOn is CommitPaths for a caller that knows which commit HEAD is at; if
// it has moved since, that is a *MovedError, and the commit exists.
func (c *Client) CommitOn(ctx context.Context, parent string, m Message, paths ...string) (Made, error) {
	if len(paths) == 0 {
		return Made{}, errors.New("commit: no paths")
	}
	for _, p := range paths {
		if err := relative(p); err != nil {
			return Made{}, fmt.Errorf("commit: %w", err)
		}
	}
	if operation, err := c.InProgress(ctx); err != nil {
		return Made{}, err
	} else if operation != "" && operation != "bisect" {
		return Made{}, &InProgressError{operation}
	}
	err := c.commitOnly(ctx, m, paths)
	var added []string
	var fail *Error
	if errors.As(err, &fail) && strings.Contains(fail.Stderr, "did not match any file") {
		if added, err = c.addIntent(ctx, paths); err != nil {
			return Made{}, err
		}
		err = c.commitOnly(ctx, m, paths)
	}
	if errors.Is(err, ErrNoChange) && parent != "" {
		// A git that was killed may have moved the branch and not yet the index.
		return Made{}, errors.Join(err, c.SetIndex(ctx, "HEAD", paths...))
	}
	if err != nil {
		if undo := c.forget(ctx, added); undo != nil {
			err = errors.Join(err, undo)
		}
		return Made{}, err
	}
	return c.landed(ctx, parent)
}

// addIntent makes untracked paths known, for commit --only knows no others.
func (c *Client) addIntent(ctx context.Context, paths []string) (added []string, err error) {
	out, err := c.read(ctx, append([]string{"ls-files", "-z", "--"}, pathspec(paths)...)...)
	if err != nil {
		return nil, err
	}
	tracked := "\x00" + string(out)
	for _, p := range paths {
		p = filepath.ToSlash(p)
		if !strings.Contains(tracked, "\x00"+p+"\x00") && !strings.Contains(tracked, "\x00"+p+"/") {
			added = append(added, p)
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	_, err = c.change(ctx, nil, append([]string{"add", "--intent-to-add", "--force", "--"}, pathspec(added)...)...)
	return added, err
}

func (c *Client) forget(ctx context.Context, added []string) error {
	var info strings.Builder
	for _, p := range added {
		fmt.Fprintf(&info, "0 %s\t%s\x00", zero(""), filepath.ToSlash(p))
	}
	if info.Len() == 0 {
		return nil
	}
	_, err := c.change(context.WithoutCancel(ctx), []byte(info.String()), "update-index", "-z", "--index-info")
	return err
}

func (c *Client) commitOnly(ctx context.Context, m Message, paths []string) error {
	dir, err := os.MkdirTemp("", "autoresearch-commit-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	message := filepath.Join(dir, "message")
	if err := os.WriteFile(message, []byte(m.String()), 0o600); err != nil {
		return err
	}
	// Only what a hook of the user's may see as well: settings given with -c
	// reach every git that a hook calls. A monitor is not asked what changed:
	// one that lags makes git find nothing to commit.
	args := []string{"-c", "i18n.commitEncoding=UTF-8", "-c", "core.fsmonitor=false", "commit", "--quiet", "--no-edit", "--cleanup=whitespace",
		"--file=" + message, "--only", "--"}
	args = append(args, pathspec(paths)...)
	give := c.deadline()
	for {
		err := c.commitOnce(ctx, args, dir)
		locked := asLocked(err)
		if locked == nil {
			return err
		}
		if time.Now().After(give) || ctx.Err() != nil {
			return locked
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// commitOnce lets git and the hooks print into a file: a background process
// that a hook leaves behind can hold a file open without holding us up.
func (c *Client) commitOnce(ctx context.Context, args []string, dir string) error {
	said, err := os.Create(filepath.Join(dir, "output"))
	if err != nil {
		return err
	}
	defer said.Close()
	trace := filepath.Join(dir, "trace")
	os.Remove(trace)
	cmd := c.command(ctx, args)
	// LANGUAGE and not LC_ALL: hooks keep the user's character set.
	cmd.Env = append(cmd.Env, "LANGUAGE=C", "GIT_TRACE2_EVENT="+trace)
	cmd.Stdout, cmd.Stderr = said, said
	err = cmd.Run()
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	output, _ := os.ReadFile(said.Name())
	err = failure(ctx, []string{"commit"}, err, string(output))
	var fail *Error
	if !errors.As(err, &fail) {
		return err
	}
	if hook, exit := failedHook(trace); hook != "" {
		return &HookError{Hook: hook, Exit: exit, Output: tail(Clean(string(output)), 4096)}
	}
	if strings.Contains(fail.Stderr, "nothing to commit") || strings.Contains(fail.Stderr, "no changes added") ||
		strings.Contains(fail.Stderr, "nothing added to commit") || strings.TrimSpace(fail.Stderr) == "" && fail.Exit == 1 {
		return ErrNoChange
	}
	if who := c.Identity(ctx); who != nil {
		return who
	}
	return err
}

// failedHook finds in git's own trace which hook ended the commit, so that
// no message of git's has to be understood for it.
func failedHook(trace string) (hook string, exit int) {
	f, err := os.Open(trace)
	if err != nil {
		return "", 0
	}
	defer f.Close()
	hooks := map[int]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e struct {
			Event string `json:"event"`
			SID   string `json:"sid"`
			Class string `json:"child_class"`
			Hook  string `json:"hook_name"`
			ID    int    `json:"child_id"`
			Code  int    `json:"code"`
		}
		// A git that the hook runs has its parent's session before a slash.
		if json.Unmarshal(lines.Bytes(), &e) != nil || strings.Contains(e.SID, "/") {
			continue
		}
		switch {
		case e.Event == "child_start" && e.Class == "hook":
			hooks[e.ID] = e.Hook
		case e.Event == "child_exit" && e.Code != 0 && hooks[e.ID] != "":
			hook, exit = hooks[e.ID], e.Code
		}
	}
	return hook, exit
}

// SetIndex makes the index entries of these paths what they are in rev, and
// no other: for taking a commit back with UpdateRef.
func (c *Client) SetIndex(ctx context.Context, rev string, paths ...string) error {
	var info strings.Builder
	for _, p := range paths {
		e, err := c.Tree(ctx, rev, p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			fmt.Fprintf(&info, "0 %s\t%s\x00", zero(rev), filepath.ToSlash(p))
		case err != nil:
			return err
		default:
			fmt.Fprintf(&info, "%s %s\t%s\x00", e.Mode, e.Hash, filepath.ToSlash(p))
		}
	}
	_, err := c.change(ctx, []byte(info.String()), "update-index", "-z", "--index-info")
	return err
}

func tail(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	s = s[len(s)-limit:]
	if _, rest, ok := strings.Cut(s, "\n"); ok {
		s = rest
	}
	return "…\n" + s
}
