package loop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/runner"
	"autoresearch-skill/internal/state"
)

// settle carries a verdict out: the intent is journalled, then the target is
// committed or restored, then the outcome is journalled.
func (t *trial) settle(ctx context.Context) error {
	// From here a Ctrl-C would only leave work for the next command.
	ctx = context.WithoutCancel(ctx)
	n := t.next()
	t.outcome.Took.Wall = time.Since(t.began)
	if v := t.outcome.Verdict; v != decide.Keep && v != decide.Invalid {
		// Made while the intent is being written; it takes git as long.
		early := sync.OnceValues(func() ([]byte, error) {
			return t.Git.DiffFiles(ctx, t.Incumbent.Commit, entries(t.Incumbent.Files)...)
		})
		t.patch = early
		var made sync.WaitGroup
		made.Go(func() { _, _ = early() }) // its error is discard's
		defer made.Wait()
	}
	var err error
	if t.outcome.Tags, t.outcome.Changes, err = t.tags(); err != nil {
		return err
	}
	intent := &journal.Intent{
		Message: t.outcome.Message, Verdict: t.outcome.Verdict, Parent: t.Incumbent.Commit,
		Incumbent: t.Incumbent.Files, Trial: t.files, Outcome: t.outcome, Action: journal.Restore,
	}
	switch t.outcome.Verdict {
	case decide.Keep:
		intent.Action, intent.Subject = journal.Commit, subject(t.Experiment.Name, t.outcome.Message, n)
	case decide.Invalid:
		// The tree stays as it is: what else changed is not ours to restore,
		// and the edit of the target can be tried again once that is undone.
		return t.end(ctx, journal.Record{Type: journal.TypeOutcome, N: n, Outcome: t.outcome})
	default:
		intent.Patch = path.Join(state.WorkName, t.Experiment.Name, "attempts", fmt.Sprintf("%04d.patch", n))
	}
	t.outcome.Patch = intent.Patch
	if err := t.append(journal.Record{Type: journal.TypeIntent, N: n, Intent: intent}); err != nil {
		return err
	}
	return t.carryOut(ctx, *t.Pending)
}

// carryOut does what an intent says and journals the outcome. It is called by
// the iteration itself, or by the next command after a kill.
func (r *run) carryOut(ctx context.Context, rec journal.Record) error {
	in := rec.Intent
	out := *in.Outcome
	if in.Action == journal.Commit {
		commit, problem, err := r.keep(ctx, rec.N, in)
		if err != nil {
			return err
		}
		if problem != "" {
			out.Verdict, out.Problem = decide.ChecksFail, problem
			out.Reason = problem
			out.Patch = path.Join(state.WorkName, r.Experiment.Name, "attempts", fmt.Sprintf("%04d.patch", rec.N))
			in.Patch = out.Patch
		}
		out.Commit = commit
	}
	if out.Verdict != decide.Keep {
		if err := r.discard(ctx, in); err != nil {
			return err
		}
	}
	return r.end(ctx, journal.Record{Type: journal.TypeOutcome, N: rec.N, Outcome: &out})
}

func (r *run) end(ctx context.Context, rec journal.Record) error {
	if err := r.append(rec); err != nil {
		return err
	}
	return r.publish(ctx)
}

// keep commits the trial, by path. A hook that refuses it, or that changes
// what was measured, is a problem that takes the keep back.
func (r *run) keep(ctx context.Context, n int, in *journal.Intent) (commit, problem string, err error) {
	head, err := r.Git.Head(ctx)
	if err != nil {
		return "", "", err
	}
	var changed map[string]string
	if head == in.Parent {
		if err := r.put(in.Trial); err != nil {
			return "", "", err
		}
		made, err := r.Git.CommitOn(ctx, in.Parent, r.message(n, in), paths(in.Trial)...)
		var hook *git.HookError
		if errors.As(err, &hook) {
			return "", fmt.Sprintf("the %s hook refused the commit: %s", hook.Hook, firstLine(runner.Sanitize([]byte(hook.Output)))), nil
		}
		if head, changed = made.Hash, made.Changed; err != nil {
			changed = nil
			// A git that outlived the killed command may have made the commit
			// while we tried to.
			if head, _ = r.Git.Head(ctx); head == in.Parent || head == "" {
				return "", "", fmt.Errorf("commit iteration %d: %w", n, err)
			}
		}
	}
	if changed == nil {
		if parents, err := r.Git.Parents(ctx, head); err != nil {
			return "", "", err
		} else if len(parents) != 1 || parents[0] != in.Parent {
			return "", "", fmt.Errorf("branch %s moved while iteration %d was being committed: HEAD %.10s does not follow %.10s", r.session.Start.Branch, n, head, in.Parent)
		}
		// A git that dies may have moved the branch and not yet the index.
		if err := r.Git.SetIndex(ctx, head, paths(in.Trial)...); err != nil {
			return "", "", err
		}
		if changed, err = r.Git.Changed(ctx, in.Parent, head); err != nil {
			return "", "", err
		}
	}
	if problem = unmeasured(changed, in); problem == "" {
		return head, "", nil
	}
	return "", problem, r.takeBack(ctx, head, in)
}

// differs says how a commit is not what was measured.
func (r *run) differs(ctx context.Context, commit string, in *journal.Intent) (string, error) {
	changed, err := r.Git.Changed(ctx, in.Parent, commit)
	if err != nil {
		return "", err
	}
	return unmeasured(changed, in), nil
}

// unmeasured says what of a commit's changes was not measured.
func unmeasured(changed map[string]string, in *journal.Intent) string {
	for i, f := range in.Trial {
		blob, moved := changed[f.Path]
		if !moved {
			blob = in.Incumbent[i].Blob
		}
		if blob != f.Blob {
			return fmt.Sprintf("a commit hook changed %s: what would be kept is not what was measured (run the formatter before you try)", f.Path)
		}
		delete(changed, f.Path)
	}
	if len(changed) > 0 {
		return "a commit hook added other files to the commit"
	}
	return ""
}

// takeBack undoes a commit of ours without touching any file but the target.
// Where that holds what a hook made of the trial, it gets the trial again.
func (r *run) takeBack(ctx context.Context, commit string, in *journal.Intent) error {
	for i, f := range in.Trial {
		made, err := r.Git.BlobHash(ctx, commit, f.Path)
		if err != nil {
			return err
		}
		if now, err := r.Git.BlobHash(ctx, "", f.Path); err == nil && now == made {
			if err := r.put(in.Trial[i : i+1]); err != nil {
				return err
			}
		}
	}
	if err := r.Git.UpdateRef(ctx, "refs/heads/"+r.session.Start.Branch, in.Parent, commit); err != nil {
		return err
	}
	return r.Git.SetIndex(ctx, in.Parent, paths(in.Trial)...)
}

// discard keeps the trial's diff and restores the incumbent, by path. A
// target that holds neither version was edited after a kill: that edit stays.
func (r *run) discard(ctx context.Context, in *journal.Intent) error {
	work, err := r.workFolder(ctx)
	if err != nil {
		return err
	}
	ours := true
	for i, f := range in.Trial {
		now, err := os.ReadFile(r.abs(f.Path))
		if err != nil {
			return err
		}
		ours = ours && (sum(now) == f.SHA256 || sum(now) == in.Incumbent[i].SHA256)
	}
	name := strings.TrimPrefix(in.Patch, state.WorkName+"/")
	if ours {
		if err := r.put(in.Trial); err != nil {
			return err
		}
		made := r.patch
		if r.patch = nil; made == nil {
			made = func() ([]byte, error) { return r.Git.DiffFiles(ctx, in.Parent, entries(in.Incumbent)...) }
		}
		patch, err := made()
		if err != nil {
			return err
		}
		if err := work.WriteFile(patch, strings.Split(name, "/")...); err != nil {
			return err
		}
		return r.put(in.Incumbent)
	}
	r.say("the target was edited after the interruption: that edit stays for the next try")
	return nil
}

// message is a keep's commit message: numbers of visible cases only.
func (r *run) message(n int, in *journal.Intent) git.Message {
	var body strings.Builder
	o := in.Outcome
	if o.Score != nil {
		fmt.Fprintf(&body, "Score %.6g -> %.6g", r.Incumbent.Visible.Score, o.Score.Score)
		if r.session.Start.Private != nil && len(r.session.Start.Private.Hidden) > 0 {
			body.WriteString(" (visible cases)")
		}
		body.WriteString(".\n")
	}
	if o.Reason != "" {
		body.WriteString(o.Reason + "\n")
	}
	return git.Message{
		Subject: in.Subject, Body: body.String(),
		Trailers: []string{fmt.Sprintf("Autoresearch-Iteration: %s/%d", r.Experiment.Name, n)},
	}
}

// subject is a commit's first line.
func subject(name, message string, n int) string {
	line := firstLine(message)
	if line == "" {
		line = fmt.Sprintf("iteration %d", n)
	}
	if r := []rune(line); len(r) > 100 {
		line = string(r[:99]) + "…"
	}
	return fmt.Sprintf("autoresearch(%s): %s", name, line)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}

// entries are versions of files as an index has them.
func entries(files []journal.File) []git.IndexEntry {
	out := make([]git.IndexEntry, len(files))
	for i, f := range files {
		out[i] = git.IndexEntry{Mode: "100644", Hash: f.Blob, Path: f.Path}
		if f.Executable {
			out[i].Mode = "100755"
		}
	}
	return out
}

func paths(files []journal.File) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.Path
	}
	return out
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
