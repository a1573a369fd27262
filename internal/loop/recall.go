package loop

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/state"
)

// recall is git's answer to what differs, kept in the state folder with all
// that it rested on. While nothing of that has changed the answer is the same,
// and looking needs no process. It says nothing of the targets.
//
// Within a run HEAD holds the same beside the targets: it must stand at the
// incumbent, and a commit that changed anything else was taken back.
type recall struct {
	Run     string      `json:"run"`
	Sum     string      `json:"sum,omitempty"` // "" until two looks, before and after asking, were the same
	Entries []git.Entry `json:"entries,omitempty"`
	Ignored []string    `json:"ignored"`
	Missed  int         `json:"missed,omitempty"`
}

const recallFile = "look.json"

const (
	mostMissed  = 10   // a tree that looks different time and again is asked for only
	mostTouched = 200  // files whose content is read to know that it is the same
	mostEntries = 2000 // that are kept
)

func (p *Place) recall() recall {
	var old recall
	mark, running, err := p.State.Mark()
	data, unread := os.ReadFile(p.State.File(recallFile))
	if err != nil || unread != nil || json.Unmarshal(data, &old) != nil || !running || old.Run != mark.Run {
		return recall{Run: mark.Run}
	}
	return old
}

// see looks, and asks git where the look is not the one of an earlier answer.
func (g *glance) see(ctx context.Context) error {
	old := g.place.recall()
	before, within := "", []string(nil)
	if old.Ignored != nil && old.Missed < mostMissed {
		before, within = g.place.sight(ctx, old.Ignored)
	}
	if before != "" && before == old.Sum {
		var err error
		g.at.Head, g.at.Branch, err = g.place.Git.At(ctx)
		g.at.Entries, g.tracked = old.Entries, within
		return err
	}
	if old.Missed >= mostMissed {
		return g.ask(ctx, g.place.Git.Standing)
	}
	if err := g.ask(ctx, g.place.Git.StandingIgnored); err != nil {
		return err
	}
	next := recall{Run: old.Run, Ignored: append([]string{}, g.at.Ignored...), Missed: old.Missed + 1}
	if before != "" && len(g.at.Entries) <= mostEntries && slices.Equal(next.Ignored, old.Ignored) {
		// What appeared or went while git looked must not be taken for seen.
		if after, _ := g.place.sight(ctx, next.Ignored); after == before {
			next.Sum, next.Entries = before, g.at.Entries
		}
	}
	g.learnt = &next
	return nil
}

// sight is one sum over all that git's answer rests on, HEAD and the targets
// left out; "" where only git can tell.
func (p *Place) sight(ctx context.Context, ignored []string) (sight string, within []string) {
	targets, ours := p.Targets(), p.stateFolder()
	look, err := p.Git.Look(ctx, git.Bounds{Folder: state.WorkName, Ignored: ignored, Skip: func(file string) bool {
		return slices.Contains(targets, file) || ours != "" && strings.HasPrefix(file, ours) || p.inScratch(file) || bytecode(file)
	}})
	if err != nil || len(look.Touched) > mostTouched {
		return "", nil
	}
	var all strings.Builder
	all.WriteString(look.Sum + "\x00" + strings.Join(targets, "\x00"))
	for _, file := range look.Touched {
		print, err := fingerprint(p.abs(file))
		if err != nil {
			return "", nil
		}
		all.WriteString("\x00" + file + "\x00" + print)
	}
	return sum([]byte(all.String())), look.Within
}

// learn keeps what a look has added, once the run is known to stand where the
// look found it.
func (r *run) learn(g *glance) {
	if g.learnt == nil || g.learnt.Run != r.session.Start.Run {
		return
	}
	if data, err := json.Marshal(g.learnt); err == nil {
		_ = state.WriteDerived(r.State.File(recallFile), data, 0o600) // without it the next look asks again
	}
	g.learnt = nil
}
