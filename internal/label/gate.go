package label

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
)

// gate lets in only the browser that followed the link, and from it only what
// the page itself asks for.
type gate struct {
	cookie string // its name: browsers share cookies between ports

	mu      sync.Mutex
	token   string // of the link; "" once it was followed
	session string // what the cookie holds
}

func newGate(port string) *gate {
	return &gate{cookie: "autoresearch-label-" + port, token: secret(), session: secret()}
}

func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// spend uses the link's token up.
func (g *gate) spend(token string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.token == "" || !same(token, g.token) {
		return false
	}
	g.token = ""
	return true
}

// Nothing but our own files runs or is asked for; the token's address is told
// to nobody.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (g *gate) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if code, why := g.refuses(r); code != 0 {
			http.Error(w, why, code)
			return
		}
		if r.URL.Path == "/" && r.URL.Query().Has("token") {
			g.admit(w, r)
			return
		}
		if !g.knows(r) {
			http.Error(w, "open the link that autoresearch-skill label printed; it works once. Call it again for a new one", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// refuses says what no request of the page looks like. A name that leads here
// from outside (DNS rebinding) still stands in Host; another port of this
// machine is a tunnel's.
func (g *gate) refuses(r *http.Request) (int, string) {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	switch host {
	case "127.0.0.1", "localhost", "[::1]", "::1":
	default:
		return http.StatusForbidden, "this page answers to 127.0.0.1 and localhost only"
	}
	if r.URL.Path == "" || path.Clean(r.URL.Path) != r.URL.Path || strings.Contains(r.URL.Path, `\`) {
		return http.StatusBadRequest, "no such path"
	}
	if r.ContentLength > maxBody {
		return http.StatusRequestEntityTooLarge, "that is too large"
	}
	origin := r.Header.Get("Origin")
	if origin != "" && origin != "http://"+r.Host {
		return http.StatusForbidden, "this page takes requests from itself only"
	}
	site := r.Header.Get("Sec-Fetch-Site")
	if site != "" && site != "same-origin" && site != "none" && strings.HasPrefix(r.URL.Path, "/api/") {
		return http.StatusForbidden, "this page takes requests from itself only"
	}
	if r.Method == http.MethodPost && (origin == "" || r.Header.Get("Content-Type") != "application/json") {
		return http.StatusForbidden, "this page takes requests from itself only"
	}
	return 0, ""
}

func (g *gate) knows(r *http.Request) bool {
	c, err := r.Cookie(g.cookie)
	return err == nil && same(c.Value, g.session)
}

// admit turns the token into a cookie. The page follows from a page of our
// own, not by a redirect: after a link from elsewhere, a strict cookie is not
// sent along a redirect.
func (g *gate) admit(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !g.spend(r.URL.Query().Get("token")) && !g.knows(r) {
		http.Error(w, "this link was used, or is of another call; call autoresearch-skill label again for a new one", http.StatusForbidden)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: g.cookie, Value: g.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Labels</title><a href="/">Go on</a></html>`))
}
