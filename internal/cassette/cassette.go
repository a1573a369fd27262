// Package cassette records an evaluation's outside requests on first use and
// replays them after: servers on the loopback that stand where the client's
// base URLs point, or a proxy that stands before every host and ends TLS
// itself. It also reads the records of frozen calls, which the rendered
// evaluation writes, to list and clear them.
//
// It refuses to remember what may pass by itself (429, 5xx, refused
// credentials, answers that were cut short), to write a secret that it can
// recognise or a key of its own, and to serve anyone but this machine.
package cassette

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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
	Proxy  bool                // stand before every host, not behind base URLs
	Temp   string              // with Proxy: a folder that lives as long as the server, for what clients read
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
	proxy     *proxy // nil without Options.Proxy
	secrets   scrubber
	client    *http.Transport
	http      *http.Server
	serving   sync.WaitGroup
	locks     keyed
	limit     int64 // largest, but for tests

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
	s := &Server{options: o, client: transport, secrets: secretsOf(o.Env), limit: largest}
	s.http = &http.Server{Handler: http.HandlerFunc(s.handle), BaseContext: s.context, ConnContext: connected, ErrorLog: quiet}
	if err := s.listen(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	// Only now: a request finds its upstream in the whole list.
	for _, l := range s.listeners() {
		s.serving.Go(func() {
			if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				s.problem(err.Error())
			}
		})
	}
	return s, nil
}

// listen opens the proxy, or a listener for each base URL.
func (s *Server) listen() error {
	if s.options.Proxy {
		p, err := newProxy(s.options, s.client)
		if err != nil {
			return fmt.Errorf("start the recording proxy: %w", err)
		}
		s.proxy, s.http.TLSConfig = p, p.tls
		return nil
	}
	list, err := upstreams(s.options)
	if err != nil {
		return err
	}
	for _, u := range list {
		if u.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil { //nolint:noctx // on the loopback it doesn't wait
			return fmt.Errorf("start cassette: %w", err)
		}
		s.upstreams = append(s.upstreams, u)
	}
	return nil
}

func (s *Server) listeners() []net.Listener {
	if s.proxy != nil {
		return []net.Listener{s.proxy.listener, s.proxy.tunnels}
	}
	var list []net.Listener
	for _, u := range s.upstreams {
		list = append(list, u.listener)
	}
	return list
}

// Environment is what leads a client here, NAME=value.
func (s *Server) Environment() []string {
	var env []string
	for _, u := range s.upstreams {
		for _, name := range u.names {
			env = append(env, name+"=http://"+u.listener.Addr().String()+u.base.EscapedPath())
		}
	}
	// A proxy, ours or the user's, must not stand before the loopback; ours not
	// before a database either.
	direct := []string{"127.0.0.1", "localhost"}
	if s.proxy != nil {
		direct = append(append(direct, "::1"), databases(s.options.Env)...)
		env = append(env, s.proxy.environment(s.options)...)
	}
	if old := cmp.Or(s.options.Getenv("no_proxy"), s.options.Getenv("NO_PROXY")); old != "" {
		direct = append([]string{old}, direct...)
	}
	value := strings.Join(direct, ",")
	return append(env, "NO_PROXY="+value, "no_proxy="+value)
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
	for _, l := range s.listeners() {
		_ = l.Close() // one that was served is closed already
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
