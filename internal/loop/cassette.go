package loop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"autoresearch-skill/internal/cassette"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/metric"
)

// sharedSlot holds the records of classes whose equal code gives equal
// outputs. Every other measurement has a slot of its own: a replayed sample
// would pass for a stable one.
const sharedSlot = "shared"

// missVariable says what happens to a request without a record.
const missVariable = "AUTORESEARCH_HTTP_MISS"

// Outside is what an evaluation did beyond its own process.
type Outside struct {
	Replayed int64    `json:"replayed"` // frozen calls and requests
	Made     int64    `json:"made"`
	Caches   []string `json:"caches,omitempty"`  // that outlive the process and that nobody isolates
	Folders  string   `json:"folders,omitempty"` // of files that do
}

// Cassettes is the folder of an experiment's records.
func (p *Place) Cassettes() string { return p.State.File("cassettes") }

// ClearCassettes removes every record, while nothing is measured, and says how
// many there were.
func (p *Place) ClearCassettes(ctx context.Context) (n int, err error) {
	lock, err := p.State.Lock(ctx, "cache clear", patience)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	list, err := cassette.List(p.Cassettes())
	if err != nil {
		return 0, err
	}
	return len(list), cassette.Clear(p.Cassettes())
}

// replays says whether records may answer in a measurement.
func (v *evaluator) replays() bool {
	class := v.class
	if class == "" {
		class = decide.Class(v.place.Experiment.Class)
	}
	switch class {
	case decide.CasesNoisy, decide.ScalarNoisy, decide.Seeded, decide.Time:
		return false
	}
	return !v.live
}

// reel is the cassette of one evaluation.
type reel struct {
	env    []string
	server *cassette.Server
	counts cassette.Counts
	drop   string // a slot that nobody will read again
}

// reel prepares what the contract's cache asks for.
func (w *workspace) reel() (*reel, error) {
	c := w.place.Experiment.Cache
	r := &reel{}
	if len(c.Calls) == 0 && (c.HTTP == "" || c.HTTP == "off") {
		return r, nil
	}
	if err := w.untimed(); err != nil {
		return nil, err
	}
	slot := sharedSlot
	if !w.replays() && !w.live {
		slot = "run-" + nonce()
		r.drop = filepath.Join(w.place.Cassettes(), slot)
	}
	if len(c.Calls) > 0 {
		r.env = append(r.env, "AUTORESEARCH_CASSETTE="+w.place.Cassettes(), "AUTORESEARCH_SLOT="+slot)
		if !w.replays() {
			r.env = append(r.env, "AUTORESEARCH_REPLAY=off")
		}
	}
	if c.HTTP == "base-url" || c.HTTP == "proxy" {
		return r, r.listen(w, slot)
	}
	return r, nil
}

func (r *reel) listen(w *workspace, slot string) error {
	miss := cassette.Record
	switch m := cassette.Miss(os.Getenv(missVariable)); m {
	case "":
	case cassette.Record, cassette.Fail, cassette.Pass:
		miss = m
	default:
		return fmt.Errorf("%s: want record, fail or pass, got %q", missVariable, m)
	}
	var err error
	r.server, err = cassette.Start(cassette.Options{
		Dir: filepath.Join(w.place.Cassettes(), slot), Miss: miss, Live: !w.replays(),
		Env: os.Environ(), Names: w.place.Experiment.Env,
		Proxy: w.place.Experiment.Cache.HTTP == "proxy", Temp: w.dir,
	})
	if err == nil {
		r.env = append(r.env, r.server.Environment()...)
	}
	return err
}

// untimed refuses to time what is replayed.
func (w *workspace) untimed() error {
	if !w.replays() {
		return nil
	}
	expr, extra, err := w.place.wanted()
	if err != nil {
		return err
	}
	for _, name := range append(metric.Names(expr), extra...) {
		if m, err := metric.Lookup(name); err == nil && (m.Unit == "s" || m.Unit == "cases/s") {
			return fmt.Errorf("%s would time the replay and not the calls: set class: time, or leave cache out", name)
		}
	}
	return nil
}

// close ends the server and reports what it did.
func (w *workspace) close(r *reel) error {
	if r.server != nil {
		err := r.server.Close()
		r.counts = r.server.Counts()
		fmt.Fprintln(&w.log, r.counts)
		for _, p := range r.server.Problems() {
			fmt.Fprintln(&w.log, p)
		}
		r.server = nil
		if err != nil {
			return err
		}
	}
	if r.drop == "" {
		return nil
	}
	return os.RemoveAll(r.drop)
}

var (
	callsLine   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^calls: (\d+) replayed, (\d+) made`) })
	cachesLine  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^caches: ([a-z_, ]+): `) })
	foldersLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^files that outlive this run: in (.+)$`) })
)

// said finds lines in a log. Most logs have none, which costs no expression.
func said(log, begins string, line func() *regexp.Regexp) [][]string {
	if !strings.Contains(log, begins) {
		return nil
	}
	return line().FindAllStringSubmatch(log, -1)
}

// tally reads what the evaluation said in its log, and adds the requests.
// It informs; no verdict looks at it.
func tally(log string, requests cassette.Counts) Outside {
	o := Outside{Replayed: requests.Replayed, Made: requests.Made}
	if all := said(log, "calls: ", callsLine); all != nil {
		last := all[len(all)-1]
		for i, to := range []*int64{&o.Replayed, &o.Made} {
			if n, err := strconv.ParseInt(last[i+1], 10, 64); err == nil {
				*to += n
			}
		}
	}
	if all := said(log, "caches: ", cachesLine); all != nil {
		o.Caches = strings.Split(all[len(all)-1][1], ", ")
	}
	if all := said(log, "files that ", foldersLine); all != nil {
		o.Folders = all[len(all)-1][1]
	}
	return o
}
