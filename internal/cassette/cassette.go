// Package cassette records an evaluation's outside requests on first use and
// replays them after: a server on the loopback that stands where the client's
// base URL points. It also reads the records of frozen calls, which the
// rendered evaluation writes, to list and clear them.
//
// It refuses to remember what may pass by itself (429, 5xx, refused
// credentials, answers that were cut short), to write a secret that it can
// recognise, and to serve anyone but this machine.
package cassette

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Miss is what happens to a request that has no record.
type Miss string

// The ways to treat a miss.
const (
	Record Miss = "record" // forward it and keep the answer
	Fail   Miss = "fail"   // answer 424, which clients don't try again
	Pass   Miss = "pass"   // forward it and keep nothing
)

// Options say what a server does.
type Options struct {
	Dir    string // of the records; made where it is missing
	Miss   Miss
	Live   bool                // replay nothing: every request is made, and kept as Miss says
	Getenv func(string) string // os.Getenv, but for tests
	Env    []string            // the environment whose secrets are scrubbed, NAME=value
	Names  []string            // further variables that hold base URLs, if they are set
}

// Counts is what became of the requests.
type Counts struct {
	Replayed int64 `json:"replayed"`
	Made     int64 `json:"made"`
	Refused  int64 `json:"refused"`  // no record, and Miss is Fail
	KeptOut  int64 `json:"kept_out"` // made, and not worth a record or not to be kept
}

// String is the line that an evaluation reports.
func (c Counts) String() string {
	s := fmt.Sprintf("requests: %d replayed, %d made", c.Replayed, c.Made)
	if c.KeptOut > 0 {
		s += fmt.Sprintf(", %d not recorded", c.KeptOut)
	}
	if c.Refused > 0 {
		s += fmt.Sprintf(", %d refused for lack of a record", c.Refused)
	}
	return s
}

// Server stands between an evaluation and its upstreams.
type Server struct {
	options   Options
	upstreams []upstream
	secrets   scrubber
	client    *http.Transport
	http      *http.Server
	serving   sync.WaitGroup
	locks     keyed

	replayed, made, refused, keptOut atomic.Int64
	mu                               sync.Mutex
	problems                         []string
}

// upstream is one base URL with the listener that stands in its place.
type upstream struct {
	names    []string // of the variables
	base     *url.URL
	listener net.Listener
	verbatim bool // keep the Host that the client signed
}

// Start listens. Close must be called.
func Start(o Options) (*Server, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if err := os.MkdirAll(filepath.Join(o.Dir, "http"), 0o700); err != nil {
		return nil, fmt.Errorf("start cassette: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // bodies are kept as they came
	s := &Server{options: o, client: transport, secrets: secretsOf(o.Env)}
	s.http = &http.Server{Handler: http.HandlerFunc(s.handle), BaseContext: s.context, ErrorLog: quiet}
	list, err := upstreams(o)
	if err != nil {
		return nil, err
	}
	for _, u := range list {
		if u.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil { //nolint:noctx // on the loopback it doesn't wait
			return nil, errors.Join(fmt.Errorf("start cassette: %w", err), s.Close())
		}
		s.upstreams = append(s.upstreams, u)
	}
	// Only now: a request finds its upstream in the whole list.
	for _, u := range s.upstreams {
		s.serving.Go(func() {
			if err := s.http.Serve(u.listener); !errors.Is(err, http.ErrServerClosed) {
				s.problem(err.Error())
			}
		})
	}
	return s, nil
}

// Environment is what leads a client here, NAME=value.
func (s *Server) Environment() []string {
	var env []string
	for _, u := range s.upstreams {
		for _, name := range u.names {
			env = append(env, name+"=http://"+u.listener.Addr().String()+u.base.EscapedPath())
		}
	}
	// A proxy that the user's environment names must not stand before the loopback.
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		value := "127.0.0.1,localhost"
		if old := s.options.Getenv(name); old != "" {
			value = old + "," + value
		}
		env = append(env, name+"="+value)
	}
	return env
}

// Counts is what became of the requests so far.
func (s *Server) Counts() Counts {
	return Counts{s.replayed.Load(), s.made.Load(), s.refused.Load(), s.keptOut.Load()}
}

// Problems are what went wrong beside the requests: damaged records, a full disk.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.problems...)
}

func (s *Server) problem(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, text)
}

// Close ends the server and every connection, once the answers that are under
// way are written down, or two seconds have passed.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience) //nolint:forbidigo // it must end what an interrupted caller leaves
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	for _, u := range s.upstreams {
		_ = u.listener.Close() // one that was served is closed already
	}
	s.serving.Wait()
	s.client.CloseIdleConnections()
	return err
}

// keyed is a lock for each key, so that two equal requests at a time are one.
type keyed struct {
	mu   sync.Mutex
	held map[string]*sync.Mutex
}

func (k *keyed) lock(key string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*sync.Mutex{}
	}
	m := k.held[key]
	if m == nil {
		m = &sync.Mutex{}
		k.held[key] = m
	}
	k.mu.Unlock()
	m.Lock()
	return m.Unlock
}
