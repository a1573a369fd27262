package cassette

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// largest bounds a request's body, and a response's that is kept, in bytes.
const largest = 64 << 20

// patience is for the rest of an answer whose client went away.
const patience = 2 * time.Second

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	if s.proxy != nil && r.Method == http.MethodConnect {
		s.connect(w, r)
		return
	}
	u, ok := s.upstream(r)
	if !ok {
		refuse(w, http.StatusMisdirectedRequest, "this server answers to its own address only, and a tunnel to the host that it leads to")
		return
	}
	if r.Header.Get("Upgrade") != "" || strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
		refuse(w, http.StatusNotImplemented, "an upgraded connection (a websocket) or gRPC can't be recorded")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.limit))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, err.Error())
		return
	}
	key := s.key(u, r, body)
	defer s.locks.lock(key)()
	if !s.options.Live {
		if known := s.load(key); known != nil {
			s.replayed.Add(1)
			replay(w, r, known)
			return
		}
	}
	if s.options.Miss == Fail {
		s.refused.Add(1)
		refuse(w, http.StatusFailedDependency, fmt.Sprintf("no record of %s, and requests without one are refused", what(u, r)))
		return
	}
	s.made.Add(1)
	s.forward(w, r, forwarded{u, body, key})
}

// what names a request to a person: no query, which may hold anything.
func what(u upstream, r *http.Request) string { return r.Method + " " + u.base.Host + r.URL.Path }

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"type": "autoresearch_cassette", "message": "cassette: " + text}})
}

// replay writes a record; a stream comes in the chunks that it came in, at once.
func replay(w http.ResponseWriter, r *http.Request, known *response) {
	for name, values := range known.Header {
		w.Header()[name] = values
	}
	if known.Chunks == nil {
		if r.Method != http.MethodHead { // whose length stands in the record: that of a body which isn't there
			w.Header().Set("Content-Length", strconv.Itoa(len(known.Body)))
		}
		w.WriteHeader(known.Status)
		_, _ = w.Write(known.Body) // a client that went away needs no answer
		return
	}
	w.WriteHeader(known.Status)
	rest := known.Body
	for _, n := range known.Chunks {
		n = min(n, len(rest))
		if _, err := w.Write(rest[:n]); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush() // what can't be flushed comes at the end
		rest = rest[n:]
	}
}

// forwarded is a request on its way.
type forwarded struct {
	upstream
	body []byte
	key  string
}

func (s *Server) forward(w http.ResponseWriter, r *http.Request, f forwarded) {
	// A client that has its last event goes away before the body's end.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	defer context.AfterFunc(r.Context(), func() { time.AfterFunc(patience, cancel) })()
	got, err := s.send(ctx, r, f)
	if err != nil {
		s.keptOut.Add(1)
		refuse(w, http.StatusBadGateway, string(s.secrets.of(r).scrub([]byte(err.Error()))))
		return
	}
	defer got.Body.Close()
	header := pruned(got.Header)
	if r.Method == http.MethodHead && got.ContentLength >= 0 {
		header.Set("Content-Length", strconv.FormatInt(got.ContentLength, 10))
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	stream := streams(got)
	if !stream && got.ContentLength >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(got.ContentLength, 10))
	}
	w.WriteHeader(got.StatusCode)
	all, chunks, err := s.pass(w, got.Body, stream)
	if err != nil {
		s.keptOut.Add(1)
		panic(http.ErrAbortHandler) // the client must see that the answer was cut, as it would have
	}
	if s.options.Miss == Pass || !lasting(got, all, stream) {
		s.keptOut.Add(1)
		return
	}
	secrets := s.secrets.of(r)
	rec := &response{Kind: "http", What: string(secrets.scrub([]byte(what(f.upstream, r)))), Made: time.Now().UTC().Truncate(time.Second),
		Status: got.StatusCode, Header: http.Header{}, Body: secrets.scrub(all), Chunks: chunks}
	for name, values := range header {
		for _, v := range values {
			rec.Header.Add(name, string(secrets.scrub([]byte(v))))
		}
	}
	if err := s.save(f.key, rec); err != nil {
		s.problem("write a record: " + err.Error())
	}
}

// send asks the upstream. Redirects are the client's to follow.
func (s *Server) send(ctx context.Context, r *http.Request, f forwarded) (*http.Response, error) {
	target := &url.URL{Scheme: f.base.Scheme, Host: f.base.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	out, err := http.NewRequestWithContext(ctx, r.Method, target.String(), bytes.NewReader(f.body))
	if err != nil {
		return nil, err
	}
	out.Header = pruned(r.Header)
	// What is kept must suit every client: one that has no copy of its own, too.
	for _, name := range []string{"Accept-Encoding", "If-None-Match", "If-Modified-Since"} {
		out.Header.Del(name)
	}
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", "") // none of our own
	}
	if f.verbatim {
		out.Host = r.Host // it is part of the client's signature
	}
	return s.client.RoundTrip(out)
}

// hops are headers of one connection, and those that would lead a client
// astray or hold a session.
var hops = []string{"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "Set-Cookie", "Set-Cookie2", "Alt-Svc", "Strict-Transport-Security", "Content-Length"}

func pruned(h http.Header) http.Header {
	out := h.Clone()
	for _, list := range h.Values("Connection") {
		for _, name := range strings.Split(list, ",") {
			out.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hops {
		out.Del(name)
	}
	return out
}

// streams says whether an answer comes bit by bit on purpose.
func streams(r *http.Response) bool {
	kind := r.Header.Get("Content-Type")
	return strings.HasPrefix(kind, "text/event-stream") || strings.HasPrefix(kind, "application/vnd.amazon.eventstream") ||
		strings.Contains(kind, "ndjson") || strings.Contains(kind, "jsonl")
}

// pass hands an answer on as it comes and keeps it, after the client went away
// too. An error means that it was cut. Beyond the limit nothing is kept: nil.
func (s *Server) pass(w http.ResponseWriter, from io.Reader, stream bool) (all []byte, chunks []int, err error) {
	buffer := make([]byte, 64<<10)
	flush := http.NewResponseController(w)
	kept, gone := true, false
	all = []byte{}
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if !gone {
				_, err := w.Write(buffer[:n])
				gone = err != nil
			}
			if kept = kept && int64(len(all)+n) <= s.limit; kept {
				all = append(all, buffer[:n]...)
			}
			if stream {
				chunks = append(chunks, n)
				_ = flush.Flush() // what can't be flushed comes at the end
			}
		}
		if errors.Is(err, io.EOF) {
			if !kept {
				return nil, nil, nil
			}
			return all, chunks, nil
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// passing are answers about the moment or the credentials, not the request.
var passing = []int{http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusProxyAuthRequired,
	http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests}

// lasting says whether an answer is one to remember.
func lasting(r *http.Response, body []byte, stream bool) bool {
	if r.StatusCode >= 500 || slices.Contains(passing, r.StatusCode) || body == nil {
		return false
	}
	if stream {
		// A stream says within itself that it failed.
		return !bytes.Contains(body, []byte("event: error")) && !bytes.Contains(body, []byte("event:error"))
	}
	if r.Request.Method == http.MethodHead {
		return true
	}
	// Where neither length nor chunks say where the body ends, JSON does.
	unbounded := r.ContentLength < 0 && len(r.TransferEncoding) == 0 && r.ProtoMajor < 2
	if unbounded && strings.Contains(r.Header.Get("Content-Type"), "json") {
		return json.Valid(body)
	}
	return true
}
