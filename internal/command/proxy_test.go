package command

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// elsewhere is a model at https://example.com, whose authority only
// root names; gate is the user's own proxy, by which that name is found.
func elsewhere(t *testing.T) (root, gate string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Set-Cookie", "session=planted-cookie-77")
		fmt.Fprintf(w, `{"answer": %q, "for": %q, "query": %q}`, kind(t, r), r.Header.Get("Authorization"), r.URL.RawQuery)
	}))
	up.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	up.StartTLS()
	t.Cleanup(up.Close)
	root = filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: up.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	g := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "example.com:443" {
			http.Error(w, r.Method+" "+r.Host+" is not expected here", http.StatusTeapot)
			return
		}
		through, err := net.Dial("tcp", up.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		defer through.Close()
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(through, c); through.Close() }() // ends with either side
		_, _ = io.Copy(c, through)
	}))
	t.Cleanup(g.Close)
	return root, g.URL, asked
}

const farClients = `import json, os, urllib.request

PROMPT = "is it kind?"

def answer(text):
    request = urllib.request.Request("https://example.com/v1/chat?key=planted-query-4711", json.dumps({"prompt": PROMPT, "text": text}).encode(),
                                     {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]})
    return json.load(urllib.request.urlopen(request))["answer"]
`

const farNode = `const PROMPT = "is it kind?"
export async function answer(text) {
  const got = await fetch("https://example.com/v1/chat?key=planted-query-4711", {method: "POST", body: JSON.stringify({prompt: PROMPT, text}),
    headers: {"content-type": "application/json", authorization: "Bearer " + process.env.OPENAI_API_KEY}})
  return (await got.json()).answer
}
`

// A program that knows nothing of recording asks a host under TLS: once for a
// prompt, and no key is left anywhere.
func TestRecordedByProxy(t *testing.T) {
	for _, c := range []struct{ name, needs, file, source, call string }{
		{"python", "python3", "app.py", farClients, "app:answer"},
		{"node", "node", "app.mjs", farNode, "app.mjs:answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.needs); err != nil {
				t.Skipf("%s is not installed", c.needs)
			}
			recordedByProxy(t, c.file, c.source, c.call)
		})
	}
}

func recordedByProxy(t *testing.T, file, source, call string) {
	const key = "sk-planted-8c1d4e2f"
	root, gate, asked := elsewhere(t)
	j := newJourney(t, map[string]string{file: source, "data.csv": "id,text,expected\na,good 1,yes\nb,good 2,yes\nc,bad 1,no\nd,bad 2,yes\n"})
	// The command is a process of its own: it reads these once.
	run := func(code int, want string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), Name, append([]string{"-C", j.dir}, args...)...)
		cmd.Env = append(os.Environ(), "OPENAI_API_KEY="+key, "HTTPS_PROXY="+gate, "https_proxy="+gate, "NO_PROXY=", "no_proxy=", "REQUESTS_CA_BUNDLE="+root, "NODE_OPTIONS=")
		out, _ := cmd.CombinedOutput() // the code is looked at
		if got := cmd.ProcessState.ExitCode(); got != code || !strings.Contains(string(out), want) {
			t.Fatalf("%v: exit code %d, want %d and %q\n%s", args, got, code, want, out)
		}
	}
	run(0, "", "new", "--yes", "--name", "tone", "--target", file, "--call", call, "--argument", "text={text}", "--cases", "data.csv",
		"--score", "accuracy", "--check", "none", "--cache-http", "proxy", "--env", "OPENAI_API_KEY")
	asks(t, "new", asked, 4)
	run(0, "calls: 4 replayed, 0 made", "eval")
	asks(t, "a second evaluation", asked, 0)
	if file == "app.mjs" {
		return // the rest is the same for every client
	}
	if err := os.WriteFile(filepath.Join(j.dir, file), []byte(strings.Replace(source, "is it kind?", "is it good?", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AUTORESEARCH_HTTP_MISS", "fail")
	run(1, "4 of 4 cases raised", "eval")
	asks(t, "misses that fail", asked, 0)
	t.Setenv("AUTORESEARCH_HTTP_MISS", "")
	run(0, "calls: 0 replayed, 4 made", "eval")
	asks(t, "another prompt", asked, 4)
	run(0, "POST example.com/v1/chat", "cache", "ls")
	for _, planted := range []string{key, "planted-query", "planted-cookie", "PRIVATE KEY"} {
		holdsNot(t, os.Getenv("XDG_STATE_HOME"), planted)
	}
	holdsNot(t, j.dir, key)
}
