package scaffold

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"autoresearch-skill/internal/experiment"
)

// echo is a server that answers with what it was asked.
const echo = `import http.server, json, sys, urllib.parse

class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        parts = [urllib.parse.unquote(part) for part in url.path.split("/")[1:]]
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if parts[0] == "missing" or query.get("q") == "two":
            return self.send_error(500, "lost")
        said = {"path": parts, "query": query, "sent": json.loads(body or "null"), "hits": [{"id": query.get("q")}]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    do_POST = do_GET

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
`

// served is an experiment on that server, and its address.
func served(t *testing.T, call, table, formula, result string, arguments ...experiment.Argument) (*experiment.Experiment, map[string]string, string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	e, files := small(echo, table, formula)
	_, port, _ := strings.Cut(address, ":")
	e.System = &experiment.System{Kind: experiment.HTTP, Call: strings.Replace(call, "HOST", address, 1), Arguments: arguments, Result: result,
		Server: &experiment.Server{Command: []string{pythonOrSkip(t), "main.py", port}, Ready: "http://" + address + "/ready", Restart: "each"}}
	return e, files, address
}

func TestRequests(t *testing.T) {
	q := argument("q", "{query}")
	for _, c := range []struct {
		name, call, result, table, formula string
		arguments                          []experiment.Argument
		want                               float64
	}{
		{"parameters", "http://HOST/x?a=1", "/query/q", "id,query,expected\nq1,a b&c=ü,a b&c=ü\nq2,7,7\n", "exact_match", []experiment.Argument{q, argument("on", true)}, 1},
		{"a column in the path", "http://HOST/x/{query}", "/path/1", "id,query,expected\nq1,a/../?#%2f{id},a/../?#%2f{id}\nq2,x,y\n", "exact_match", nil, 0.5},
		{"a body", "POST http://HOST/x", "/sent/q", "id,query,expected\nq1,1.5,1\nq2,2,2\n", "MAE", []experiment.Argument{q}, 0.25},
		{"ids", "http://HOST/x", "/hits/*/id", "id,query,expected\nq1,a,a\nq2,b,c\n", "MRR", []experiment.Argument{q}, 0.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files, address := served(t, c.call, c.table, c.formula, c.result, c.arguments...)
			got := inSteps(t, build(t, e, files), e)
			if v := scoreIn(got.stdout); got.exit != 0 || !close(v, c.want) {
				t.Errorf("exit %d, score %v, want %v\n%s%s", got.exit, v, c.want, got.stdout, got.stderr)
			}
			if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
				conn.Close()
				t.Error("the server outlived the evaluation")
			}
		})
	}
}

func TestRequestsThatFail(t *testing.T) {
	for _, c := range []struct {
		name string
		bend func(e *experiment.Experiment)
		want string
	}{
		{"an error of the server", func(*experiment.Experiment) {}, "answered 500 lost"},
		{"a server that ends", func(e *experiment.Experiment) { e.System.Server.Command = []string{"sh", "-c", "exit 4"} }, "ended with exit code 4 before"},
		{"no such server", func(e *experiment.Experiment) { e.System.Server.Command = []string{"./nowhere"} }, "start the server ./nowhere"},
		{"never ready", func(e *experiment.Experiment) {
			e.System.Server.Ready = strings.Replace(e.System.Server.Ready, "/ready", "/missing", 1)
		}, "answers 500, want 200: set system.server.ready"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files, _ := served(t, "http://HOST/x", twoCases, "MRR", "/hits/*/id", argument("q", "{query}"))
			c.bend(e)
			got := inSteps(t, build(t, e, files), e)
			if got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, c.want) {
				t.Errorf("exit %d, want 1 and %q:\n%s%s", got.exit, c.want, got.stdout, got.stderr)
			}
		})
	}
}

// A server that runs already answers with the code of its start.
func TestStaleServerIsRefused(t *testing.T) {
	e, files, address := served(t, "http://HOST/x", "id,query,expected\nq1,a,a\n", "MRR", "/hits/*/id", argument("q", "{query}"))
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	stale := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"hits": [{"id": "x"}]}`)
	})}
	defer stale.Close()
	done := make(chan error, 1)
	go func() { done <- stale.Serve(l) }()
	dir := build(t, e, files)
	got := inSteps(t, dir, e)
	if want := "already and would be measured instead"; got.exit != 1 || !strings.Contains(got.stderr, want) {
		t.Errorf("restart each: exit %d, want 1 and %q:\n%s%s", got.exit, want, got.stdout, got.stderr)
	}
	e.System.Server.Restart = "once"
	got = inSteps(t, build(t, e, files), e)
	if v := scoreIn(got.stdout); got.exit != 0 || v != 0 {
		t.Errorf("restart once: exit %d, score %v, want the running server's 0\n%s", got.exit, v, got.stderr)
	}
	if err := stale.Close(); err != nil {
		t.Fatal(err)
	}
	<-done
}
