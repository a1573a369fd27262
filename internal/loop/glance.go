package loop

import (
	"context"
	"os"
	"sync"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/state"
)

// glance is a look at the repository that is taken while other things are
// read: where HEAD is, what differs, what git was told not to look at, what it
// tracks in the agent's folder. In a large repository nothing before the
// evaluation takes longer.
type glance struct {
	place     *Place
	stop      context.CancelFunc
	busy      sync.WaitGroup
	at        git.Standing
	unwatched []string
	tracked   []string
	learnt    *recall // what the next glance may rest on; nil where this one added nothing
	err       error
}

func (p *Place) glance(ctx context.Context) *glance {
	ctx, stop := context.WithCancel(ctx)
	g := &glance{place: p, stop: stop}
	g.busy.Go(func() { g.err = g.see(ctx) })
	return g
}

// ask is what git says.
func (g *glance) ask(ctx context.Context, standing func(context.Context) (git.Standing, error)) error {
	var marked error
	var beside sync.WaitGroup
	beside.Go(func() { g.unwatched, g.tracked, marked = g.place.Git.Marked(ctx, state.WorkName) })
	var err error
	g.at, err = standing(ctx)
	beside.Wait()
	if err == nil {
		err = marked
	}
	return err
}

// wait gives the look once it is complete.
func (g *glance) wait() error {
	g.busy.Wait()
	return g.err
}

// drop ends a look that nobody needs.
func (g *glance) drop() {
	if g != nil {
		g.stop()
		g.busy.Wait()
	}
}

// early takes the look before the journal is read. That is sound only where
// the last holder of the lock let go of it by itself and left nothing to
// complete: what a recovery does to the tree is done after it.
func (r *run) early(ctx context.Context) {
	if _, err := os.Lstat(r.swapPath()); os.IsNotExist(err) && !r.lock.Died {
		r.seen = r.Place.glance(ctx)
	}
}

// look is the early look where it still holds, or one that is taken now.
func (r *run) look(ctx context.Context) *glance {
	if r.seen == nil {
		r.seen = r.Place.glance(ctx)
	}
	return r.seen
}

// forget drops the look: the tree is about to change, or is another one.
func (r *run) forget() {
	r.seen.drop()
	r.seen = nil
}
