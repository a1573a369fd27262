package cassette

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// far is a host that is somewhere else: httptest's certificate is for it, and
// nothing is asked of the real one.
const far = "https://example.com/v1"

// intercept is play with the proxy and an upstream under TLS, whose authority
// only a variable of the user's names.
func intercept(tb testing.TB, o setting, answer http.HandlerFunc) stage {
	tb.Helper()
	if o.dir == "" {
		o.dir = tb.TempDir()
	}
	if o.miss == "" {
		o.miss = Record
	}
	asked := &atomic.Int64{}
	up := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	up.Config.ErrorLog = quiet
	tb.Cleanup(up.Close)
	s := proxyTo(tb, Options{Dir: o.dir, Miss: o.miss, Live: o.live, Env: o.env}, up)
	return stage{s, far, up, asked, o.dir, clientOf(tb, s)}
}

// proxyTo is a proxy for which every host is this server.
func proxyTo(tb testing.TB, o Options, up *httptest.Server) *Server {
	tb.Helper()
	root := filepath.Join(tb.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: up.Certificate().Raw}), 0o600); err != nil {
		tb.Fatal(err)
	}
	o.Proxy, o.Temp = true, tb.TempDir()
	o.Getenv = func(n string) string { return map[string]string{"REQUESTS_CA_BUNDLE": root}[n] }
	s, err := Start(o)
	if err != nil {
		tb.Fatal(err)
	}
	address := up.Listener.Addr().String()
	s.client.Proxy = nil
	s.client.DialContext = nil
	s.client.Dial = func(network, _ string) (net.Conn, error) { return net.Dial(network, address) } //nolint:staticcheck // shorter
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// clientOf is a client in this process that obeys the proxy's environment, as
// another process would.
func clientOf(tb testing.TB, s *Server) *http.Client {
	tb.Helper()
	env := environmentOf(s)
	at, err := url.Parse(env["HTTPS_PROXY"])
	if err != nil {
		tb.Fatal(err)
	}
	bundle, err := os.ReadFile(env["SSL_CERT_FILE"])
	if err != nil {
		tb.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(bundle)
	transport := &http.Transport{Proxy: http.ProxyURL(at), TLSClientConfig: &tls.Config{RootCAs: trusted}}
	tb.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func environmentOf(s *Server) map[string]string {
	env := map[string]string{}
	for _, kv := range s.Environment() {
		name, value, _ := strings.Cut(kv, "=")
		env[name] = value
	}
	return env
}

// What came through a base URL is replayed through the proxy, when the host is
// down; plain HTTP and HTTP/2 pass too.
func TestProxySharesRecords(t *testing.T) {
	dir := t.TempDir()
	s := intercept(t, setting{dir: dir}, number())
	other, err := Start(Options{Dir: dir, Miss: Record, Getenv: func(n string) string { return map[string]string{"OPENAI_BASE_URL": far}[n] }})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.client = s.Server.client
	near := s
	near.Server, near.base, near.client = other, strings.TrimPrefix(other.Environment()[0], "OPENAI_BASE_URL="), http.DefaultClient
	_, first := near.ask(t, "POST", "/chat", `{"a":1}`)
	near.counts(t, Counts{Made: 1})
	s.upstream.Close()
	if _, again := s.ask(t, "POST", "/chat", `{"a":1}`); again != first || !strings.Contains(first, `"n": 1`) {
		t.Errorf("through the proxy %s, want %s", again, first)
	}
	if resp, text := s.ask(t, "POST", "/chat", `{"a":2}`); resp.StatusCode != http.StatusBadGateway || !strings.Contains(text, "cassette: ") {
		t.Errorf("a host that is down: %d %s", resp.StatusCode, text)
	}
	s.counts(t, Counts{Replayed: 1, Made: 1, KeptOut: 1})
}

func TestProxyProtocols(t *testing.T) {
	s := intercept(t, setting{}, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host, r.URL) })
	s.client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	for range 2 {
		resp, text := s.ask(t, "GET", "/x?a=1", "")
		if resp.ProtoMajor != 2 || text != "example.com/v1/x?a=1" {
			t.Errorf("%s %q, want HTTP/2 and the host that was meant", resp.Proto, text)
		}
	}
	s.counts(t, Counts{Replayed: 1, Made: 1})

	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "plain ", r.Host, r.URL) }))
	defer plain.Close()
	p := proxyTo(t, Options{Dir: t.TempDir(), Miss: Record}, s.upstream)
	p.client.Dial = func(network, _ string) (net.Conn, error) { return net.Dial(network, plain.Listener.Addr().String()) } //nolint:staticcheck // shorter
	client := clientOf(t, p)
	for _, at := range []string{"http://Example.com/x", "http://example.com:80/x", "http://example.com/x"} {
		r, err := client.Get(at)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || !strings.EqualFold(string(text), "plain example.com/x") {
			t.Errorf("%s: %q, %v", at, text, err)
		}
	}
	// Node's fetch and curl -p speak plain HTTP in a tunnel.
	c, err := net.Dial("tcp", p.proxy.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n\r\nGET /x HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
	if all, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(all), "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK") {
		t.Errorf("in a tunnel: %q, %v", all, err)
	}
	if got, want := p.Counts(), (Counts{Replayed: 3, Made: 1}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

// A tunnel leads to one host, and the proxy is no server.
func TestProxyRefuses(t *testing.T) {
	s := intercept(t, setting{}, number())
	at := "http://" + s.proxy.listener.Addr().String()
	for name, ask := range map[string]func() (*http.Response, error){
		"its own address":            func() (*http.Response, error) { return http.Get(at + "/x") },
		"another host in the tunnel": func() (*http.Response, error) { return s.client.Do(request(t, far, "Host", "other.example")) },
	} {
		resp, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%s: %d, want 421", name, resp.StatusCode)
		}
	}
	for name, header := range map[string][2]string{"a websocket": {"Upgrade", "websocket"}, "gRPC": {"Content-Type", "application/grpc+proto"}} {
		resp, err := s.client.Do(request(t, far, header[0], header[1]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s: %d, want 501", name, resp.StatusCode)
		}
	}
	if n := s.asked.Load(); n != 0 {
		t.Errorf("the upstream was asked %d times", n)
	}
}

func request(t *testing.T, at, header, value string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", at, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if header == "Host" {
		r.Host = value
	}
	r.Header.Set(header, value)
	return r
}

// A client that doesn't read the certificate is named, once for a host.
func TestProxyNamesWhoDoesNotTrustIt(t *testing.T) {
	s := intercept(t, setting{}, number())
	s.client.Transport.(*http.Transport).TLSClientConfig = nil
	for range 2 {
		if resp, err := s.client.Get(far); err == nil {
			resp.Body.Close()
			t.Fatal("a client without the certificate accepts the proxy")
		}
	}
	if err := s.Close(); err != nil { // the handshakes are over
		t.Fatal(err)
	}
	if got := s.Problems(); len(got) != 1 || !strings.HasPrefix(got[0], "example.com:443: a client refuses the recorder's certificate") {
		t.Errorf("problems %q", got)
	}
}

// HEAD tells a length without a body; a client's own copy is none of ours.
func TestHeadAndConditions(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		s := play(t, setting{proxy: proxy}, func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "x.txt", fixed, strings.NewReader("twelve bytes"))
		})
		for range 2 {
			if resp, text := s.ask(t, "HEAD", "/x", ""); resp.ContentLength != 12 || text != "" {
				t.Errorf("HEAD: length %d, body %q", resp.ContentLength, text)
			}
			if resp, text := s.ask(t, "GET", "/x", "", "If-Modified-Since", fixed.Format(http.TimeFormat)); resp.StatusCode != 200 || text != "twelve bytes" {
				t.Errorf("a conditional request: %d %q", resp.StatusCode, text)
			}
		}
		s.counts(t, Counts{Replayed: 2, Made: 2})
	})
}

func TestProxyEnvironment(t *testing.T) {
	temp := t.TempDir()
	set := map[string]string{"NO_PROXY": "intranet", "NODE_OPTIONS": "--no-warnings"}
	s, err := Start(Options{Dir: t.TempDir(), Proxy: true, Temp: temp, Getenv: func(n string) string { return set[n] },
		Env: []string{"DATABASE_URL=postgres://me:secret-word@db.internal:5432/x", "REDIS_URL=redis://cache:6379", "SEARCH_URL=https://search.example", "ALL_PROXY=socks5://gate:1080", "A=b"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	env := environmentOf(s)
	if want := "intranet,127.0.0.1,localhost,::1,db.internal,cache"; env["NO_PROXY"] != want || env["no_proxy"] != want {
		t.Errorf("NO_PROXY=%s, want %s", env["NO_PROXY"], want)
	}
	if got := env["NODE_OPTIONS"]; !strings.HasPrefix(got, "--no-warnings --require=\"") {
		t.Errorf("NODE_OPTIONS=%s, want the user's first", got)
	}
	files, err := os.ReadDir(temp)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v: want the certificates and Node's preload", files, err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(temp, f.Name()))
		if err != nil || strings.Contains(string(data), "PRIVATE KEY") || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v, %v; no key may be in it", f.Name(), info.Mode(), err)
		}
	}
	if bundle, err := os.ReadFile(env["SSL_CERT_FILE"]); err != nil || !strings.HasSuffix(string(bundle), string(s.proxy.ca.pem())) {
		t.Errorf("the bundle doesn't end in our certificate: %v", err)
	}
}
