package cassette

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A client that has what it wants goes away before the end: the answer is kept
// all the same.
func TestClientLeavesEarly(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		gone := make(chan struct{})
		s := play(t, setting{proxy: proxy}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, "data: one\n\n")
			w.(http.Flusher).Flush()
			<-gone
			fmt.Fprint(w, "data: [DONE]\n\n")
		})
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "POST", s.base+"/chat", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(resp.Body, make([]byte, len("data: one\n\n"))); err != nil {
			t.Fatal(err)
		}
		cancel()
		resp.Body.Close()
		close(gone)
		waitFor(t, s.dir)
		if _, text := s.ask(t, "POST", "/chat", "{}"); text != "data: one\n\ndata: [DONE]\n\n" {
			t.Errorf("replay %q, want all of it", text)
		}
		s.counts(t, Counts{Replayed: 1, Made: 1})
	})
}

// Half a request is none: nobody is asked, nothing is kept.
func TestClientCutsItsRequest(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		s := play(t, setting{proxy: proxy}, number())
		body, half := io.Pipe()
		go func() {
			_, _ = half.Write([]byte(`{"half": `))
			_ = half.CloseWithError(io.ErrUnexpectedEOF)
		}()
		if resp, err := s.client.Post(s.base+"/chat", "application/json", body); err == nil {
			resp.Body.Close()
		}
		if err := s.Close(); err != nil { // what was under way is over
			t.Fatal(err)
		}
		list, err := List(s.dir)
		if n := s.asked.Load(); n != 0 || len(list) != 0 || err != nil || s.Counts() != (Counts{}) {
			t.Errorf("asked %d times, %d records, counts %+v, %v", n, len(list), s.Counts(), err)
		}
	})
}

func TestUpstreamResets(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		s := play(t, setting{proxy: proxy}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "some of it")
			w.(http.Flusher).Flush()
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			if secure, ok := c.(*tls.Conn); ok {
				c = secure.NetConn()
			}
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // a reset, not an end
			}
			c.Close()
		})
		for range 2 {
			resp, err := s.client.Post(s.base+"/chat", "application/json", strings.NewReader("{}"))
			if err != nil {
				continue // cut before its first byte
			}
			if all, err := io.ReadAll(resp.Body); err == nil {
				t.Errorf("the client takes %q for all of it", all)
			}
			resp.Body.Close()
		}
		s.counts(t, Counts{Made: 2, KeptOut: 2})
	})
}

// Beyond the limit an answer passes and isn't kept, and a request is refused.
func TestHugeBodies(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		const limit = 100_000
		s := play(t, setting{proxy: proxy}, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Repeat("x", limit+1))
		})
		s.limit = limit
		for range 2 {
			if _, text := s.ask(t, "POST", "/chat", "{}"); len(text) != limit+1 {
				t.Errorf("%d bytes came, want all %d", len(text), limit+1)
			}
		}
		s.counts(t, Counts{Made: 2, KeptOut: 2})
		if resp, text := s.ask(t, "POST", "/chat", strings.Repeat("y", limit+1)); resp.StatusCode != http.StatusRequestEntityTooLarge || s.asked.Load() != 2 {
			t.Errorf("a huge request: %d %.80s, asked %d times", resp.StatusCode, text, s.asked.Load())
		}
	})
}

// Two evaluations that share records may ask the same at a time.
func TestTwoServersAtATime(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		answer := func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) }
		one := play(t, setting{proxy: proxy}, answer)
		two := play(t, setting{proxy: proxy, dir: one.dir}, answer)
		var all sync.WaitGroup
		for i := range 40 {
			s := []stage{one, two}[i%2]
			all.Go(func() {
				path := fmt.Sprintf("/chat/%d", i/8)
				if _, got := s.ask(t, "POST", path, "{}"); got != "/v1"+path {
					t.Errorf("%s: got %q", path, got)
				}
			})
		}
		all.Wait()
		sum := one.Counts().Replayed + one.Counts().Made + two.Counts().Replayed + two.Counts().Made
		if problems := append(one.Problems(), two.Problems()...); sum != 40 || len(problems) > 0 {
			t.Errorf("%d requests counted, want 40; problems %q", sum, problems)
		}
		list, err := List(one.dir)
		for _, e := range list {
			if e.Damaged {
				t.Errorf("%s is damaged", e.Key)
			}
		}
		want := 5
		if !proxy {
			want = 10 // each has an upstream of its own, at another port
		}
		if err != nil || len(list) != want {
			t.Errorf("%d records, want %d: %v", len(list), want, err)
		}
	})
}

// An upstream that can't prove who it is isn't asked, and the client is told.
func TestUpstreamCertificateExpired(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	old := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"example.com"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1e9, 0), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, old, old, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	up := httptest.NewUnstartedServer(number())
	up.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	up.Config.ErrorLog = quiet
	up.StartTLS()
	defer up.Close()
	s := stage{Server: proxyTo(t, Options{Dir: t.TempDir(), Miss: Record}, up), base: far}
	s.client = clientOf(t, s.Server)
	if resp, text := s.ask(t, "POST", "/chat", "{}"); resp.StatusCode != http.StatusBadGateway || !strings.Contains(text, "expired") {
		t.Errorf("%d %s, want 502 and why", resp.StatusCode, text)
	}
	s.counts(t, Counts{Made: 1, KeptOut: 1})
}
