package cassette

import (
	"bufio"
	"context"
	"crypto/tls"
	_ "embed" // Node's preload
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// proxy is what stands between the clients and every host: a listener that
// takes requests for other hosts, and tunnels in which it answers as the host
// that was meant, with a certificate of its own authority.
type proxy struct {
	listener net.Listener
	tunnels  *tunnels
	ca       *authority
	tls      *tls.Config
	bundle   string // file: the certificates that clients are to trust
	preload  string // file: what leads Node here
}

//go:embed preload.cjs
var preload []byte

// newProxy listens, and leaves the certificates and Node's preload in dir.
// No key is written.
func newProxy(o Options, client *http.Transport) (*proxy, error) {
	ca, err := newAuthority(time.Now)
	if err != nil {
		return nil, err
	}
	p := &proxy{ca: ca, tunnels: newTunnels(), bundle: filepath.Join(o.Temp, "certificates.pem"), preload: filepath.Join(o.Temp, "node-proxy.cjs")}
	bundle, pool := roots(o.Getenv)
	client.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	if err := os.WriteFile(p.bundle, append(bundle, ca.pem()...), 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(p.preload, preload, 0o600); err != nil {
		return nil, err
	}
	p.tls = &tls.Config{GetCertificate: p.certificate, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // on the loopback it doesn't wait
	if err != nil {
		return nil, err
	}
	p.listener = eager{l}
	return p, nil
}

// certificate is the one for the name that the client asks for, or for the
// host that it connected to: no name is sent for an address.
func (p *proxy) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	host := hello.ServerName
	if t, ok := hello.Conn.(*tunnel); ok && host == "" {
		host = t.base.Hostname()
	}
	return p.ca.of(host)
}

// environment leads clients here and makes them trust what they find.
func (p *proxy) environment(o Options) []string {
	at := "http://" + p.listener.Addr().String()
	env := []string{"HTTP_PROXY=" + at, "http_proxy=" + at, "HTTPS_PROXY=" + at, "https_proxy=" + at, "NODE_USE_ENV_PROXY=1",
		"NODE_OPTIONS=" + strings.TrimSpace(o.Getenv("NODE_OPTIONS")+" --require="+nodeQuote(p.preload))}
	for _, name := range trusting {
		env = append(env, name+"="+p.bundle)
	}
	return env
}

// nodeQuote writes a word of NODE_OPTIONS.
func nodeQuote(path string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) + `"`
}

// databases are the hosts of what isn't HTTP in an environment's URLs.
func databases(env []string) (hosts []string) {
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		u, err := url.Parse(value)
		if err != nil || u.Hostname() == "" || u.Scheme == "http" || u.Scheme == "https" || strings.HasSuffix(strings.ToLower(name), "_proxy") {
			continue
		}
		if host := u.Hostname(); !slices.Contains(hosts, host) && !strings.ContainsAny(host, ", ") {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// origin is the base URL of a host and port, in one spelling.
func origin(scheme, host string) *url.URL {
	host = strings.ToLower(host)
	port := map[string]string{"http": ":80", "https": ":443"}[scheme]
	return &url.URL{Scheme: scheme, Host: strings.TrimSuffix(host, port)}
}

// connect answers CONNECT: it becomes the host that is meant, in plain text or
// under TLS, whichever the client begins to speak.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || host == "" || port == "" {
		refuse(w, http.StatusBadRequest, "CONNECT wants host:port")
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuse(w, http.StatusHTTPVersionNotSupported, "CONNECT wants HTTP/1.1")
		return
	}
	// Until it is the server's again, nobody else would end it.
	release := context.AfterFunc(s.proxy.tunnels.open, func() { _ = conn.Close() })
	defer release()
	if !s.proxy.tunnels.hand(s.meet(conn, buffered.Reader, r.Host)) {
		_ = conn.Close() // refused, gone, or the evaluation is over
	}
}

// meet says that the connection stands, and gives it as what the client speaks
// in it; nil where nothing can be spoken.
func (s *Server) meet(conn net.Conn, from *bufio.Reader, host string) net.Conn {
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		return nil
	}
	first, err := from.Peek(1)
	if err != nil {
		return nil
	}
	t := &tunnel{Conn: conn, from: from, upstream: upstream{verbatim: true, base: origin("http", host)}}
	const handshake = 0x16 // the type of TLS's first record
	if first[0] != handshake {
		return t
	}
	t.base = origin("https", host)
	secure := tls.Server(t, s.proxy.tls)
	if err := secure.HandshakeContext(s.proxy.tunnels.open); err != nil {
		var told *net.OpError
		if errors.As(err, &told) && told.Op == "remote error" {
			text := fmt.Sprintf("%s: a client refuses the recorder's certificate (%v): it reads none of the variables that name it, or accepts only one of its own", host, told.Err)
			if !slices.Contains(s.Problems(), text) {
				s.problem(text)
			}
		}
		return nil
	}
	return secure
}

// tunnel is a connection on which CONNECT was answered.
type tunnel struct {
	net.Conn
	upstream
	from *bufio.Reader // holds what was read ahead
}

func (t *tunnel) Read(b []byte) (int, error) { return t.from.Read(b) }

// connected tells a request which host its tunnel leads to.
func connected(ctx context.Context, c net.Conn) context.Context {
	if secure, ok := c.(*tls.Conn); ok {
		c = secure.NetConn()
	}
	if t, ok := c.(*tunnel); ok {
		return context.WithValue(ctx, upstreamKey{}, t.upstream)
	}
	return ctx
}

// tunnels is the listener on which answered CONNECTs come back as connections.
type tunnels struct {
	conns chan net.Conn
	open  context.Context // until Close
	close context.CancelFunc
}

func newTunnels() *tunnels {
	open, cancel := context.WithCancel(context.Background()) //nolint:forbidigo // the listener's own; Close ends it
	return &tunnels{conns: make(chan net.Conn), open: open, close: cancel}
}

// hand gives a connection to the server; false if nobody takes it.
func (t *tunnels) hand(c net.Conn) bool {
	if c == nil {
		return false
	}
	select {
	case t.conns <- c:
		return true
	case <-t.open.Done():
		return false
	}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.conns:
		return c, nil
	case <-t.open.Done():
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error   { t.close(); return nil }
func (t *tunnels) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// eager is a listener whose connections acknowledge at once what they read.
// Clients that write a request in two parts (requests, urllib3, through a
// proxy) wait 40 ms for it otherwise.
type eager struct{ net.Listener }

func (e eager) Accept() (net.Conn, error) {
	c, err := e.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return quickened(c), nil
}
