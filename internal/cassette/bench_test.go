package cassette

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A client asks N times, over one connection where it can, and prints the
// median of a request in microseconds.
var clients = []struct{ name, command, source string }{
	{"urllib", "python3 client", `
import json, os, statistics, time, urllib.request
base, times = os.environ["OPENAI_BASE_URL"], []
for i in range(int(os.environ["N"])):
    began = time.perf_counter()
    request = urllib.request.Request(base + "/chat", json.dumps({"q": 1}).encode(), {"Content-Type": "application/json"})
    assert json.load(urllib.request.urlopen(request))["path"] == "/v1/chat"
    times.append(time.perf_counter() - began)
print(statistics.median(times) * 1e6)
`},
	{"requests", "python3 client", `
import os, statistics, sys, time
try:
    import requests
except ImportError:
    sys.exit(77)
base, times, session = os.environ["OPENAI_BASE_URL"], [], requests.Session()
for i in range(int(os.environ["N"])):
    began = time.perf_counter()
    assert session.post(base + "/chat", json={"q": 1}).json()["path"] == "/v1/chat"
    times.append(time.perf_counter() - began)
print(statistics.median(times) * 1e6)
`},
	{"go", "self client", ""},
	{"node-https", "node client", `
// Node's own modules with an agent of the program's, as SDKs make them.
import http from "node:http"
import https from "node:https"
const base = process.env.OPENAI_BASE_URL, at = base.startsWith("https") ? https : http
const agent = new at.Agent({keepAlive: true}), times = []
for (let i = 0; i < +process.env.N; i++) {
  const began = performance.now()
  const text = await new Promise((done, fail) => {
    const request = at.request(base + "/chat", {method: "POST", agent, headers: {"content-type": "application/json"}}, (answer) => {
      let text = ""
      answer.on("data", (d) => text += d).on("end", () => done(text))
    })
    request.on("error", fail).end(JSON.stringify({q: 1}))
  })
  if (JSON.parse(text).path !== "/v1/chat") throw new Error(text)
  times.push(performance.now() - began)
}
agent.destroy()
console.log(times.sort((a, b) => a - b)[times.length >> 1] * 1000)
`},
	{"node", "node client", `
const times = []
for (let i = 0; i < +process.env.N; i++) {
  const began = performance.now()
  const body = await (await fetch(process.env.OPENAI_BASE_URL + "/chat", {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify({q: 1})})).json()
  if (body.path !== "/v1/chat") throw new Error(JSON.stringify(body))
  times.push(performance.now() - began)
}
console.log(times.sort((a, b) => a - b)[times.length >> 1] * 1000)
`},
	{"curl", "sh client", `
command -v curl >/dev/null || exit 77
urls=
i=0; while [ $i -lt $N ]; do urls="$urls -o /dev/null $OPENAI_BASE_URL/chat"; i=$((i+1)); done
curl -sS --fail -w '%{time_total}\n' -H 'Content-Type: application/json' -d '{"q":1}' $urls | LC_ALL=C sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]*1e6}'
`},
}

// noProxy is for clients that go straight to the loopback.
var noProxy = []string{"NO_PROXY=127.0.0.1,localhost", "no_proxy=127.0.0.1,localhost"}

// client runs one of them against a base URL, n times, and gives its median.
func client(tb testing.TB, i, n int, base string, env ...string) time.Duration {
	tb.Helper()
	c := clients[i]
	words := strings.Fields(c.command)
	if c.name == "go" {
		words[0] = os.Args[0]
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		tb.Skipf("%s is not here", words[0])
	}
	file := filepath.Join(tb.TempDir(), "by-"+c.name+map[string]string{"node": ".mjs", "python3": ".py"}[words[0]])
	if err := os.WriteFile(file, []byte(c.source), 0o600); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), words[0], file)
	cmd.Env = append(append(os.Environ(), "OPENAI_BASE_URL="+base, "N="+strconv.Itoa(n), "AS="+c.name), env...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == 77 {
		tb.Skipf("the client %s is not here", c.name)
	}
	if err != nil {
		tb.Fatalf("%s: %v\n%s", c.name, err, problems.Bytes())
	}
	us, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		tb.Fatal(err)
	}
	return time.Duration(us * 1e3)
}

// TestMain makes the test's own binary a client in Go, told by AS.
func TestMain(m *testing.M) {
	if os.Getenv("AS") != "go" {
		os.Exit(m.Run())
	}
	n, err := strconv.Atoi(os.Getenv("N"))
	if err != nil {
		panic(err)
	}
	fmt.Println(medianOf(n, func() {
		r, err := http.Post(os.Getenv("OPENAI_BASE_URL")+"/chat", "application/json", strings.NewReader(`{"q": 1}`))
		if err != nil {
			panic(err)
		}
		defer r.Body.Close()
		if body, err := io.ReadAll(r.Body); err != nil || !bytes.Contains(body, []byte(`"path": "/v1/chat"`)) {
			panic(fmt.Sprint(string(body), err))
		}
	}).Seconds() * 1e6)
}

func medianOf(n int, do func()) time.Duration {
	each := make([]time.Duration, n)
	for i := range each {
		began := time.Now()
		do()
		each[i] = time.Since(began)
	}
	slices.Sort(each)
	return each[n/2]
}

// Every client finds the server, by its base URL or as its proxy, trusts its
// certificate and takes a replay for the answer.
func TestClients(t *testing.T) {
	inEachMode(t, func(t *testing.T, proxy bool) {
		for i, c := range clients {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if proxy && c.name == "go" && runtime.GOOS != "linux" {
					t.Skip("Go reads SSL_CERT_FILE on Linux and the BSDs only")
				}
				s := play(t, setting{proxy: proxy}, number())
				env := noProxy
				if proxy {
					env = s.Environment()
				}
				client(t, i, 5, s.base, env...)
				s.counts(t, Counts{Replayed: 4, Made: 1})
			})
		}
	})
}

// upstreamOf is a loopback server that answers after a while.
func upstreamOf(b *testing.B, wait time.Duration) (direct, replay string, s *Server) {
	up := httptest.NewServer(slow(wait))
	b.Cleanup(up.Close)
	s, err := Start(Options{Dir: b.TempDir(), Miss: Record, Getenv: func(n string) string {
		return map[string]string{"OPENAI_BASE_URL": up.URL + "/v1"}[n]
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return up.URL + "/v1", strings.TrimPrefix(s.Environment()[0], "OPENAI_BASE_URL="), s
}

func slow(wait time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(wait)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"path": %q, "text": %q}`, r.URL.Path, strings.Repeat("word ", 200))
	}
}

func post(b *testing.B, client *http.Client, base, body string) {
	r, err := client.Post(base+"/chat", "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		b.Fatal(err)
	}
	r.Body.Close()
}

// BenchmarkOverhead compares a replay with the same request made directly over
// the loopback in plain text, in microseconds at the median.
func BenchmarkOverhead(b *testing.B) {
	const times = 200
	for i, c := range clients {
		direct, replay, _ := upstreamOf(b, 0)
		s := intercept(b, setting{}, slow(0))
		for mode, run := range map[string]func() time.Duration{
			"base-url": func() time.Duration { return client(b, i, times, replay, noProxy...) },
			"proxy":    func() time.Duration { return client(b, i, times, s.base, s.Environment()...) },
		} {
			b.Run(mode+"/"+c.name, func(b *testing.B) {
				bare, through := client(b, i, times, direct, noProxy...), run()
				b.ReportMetric(float64(bare.Microseconds()), "direct-µs")
				b.ReportMetric(float64(through.Microseconds()), "replay-µs")
				b.ReportMetric(float64((through - bare).Microseconds()), "over-µs")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// BenchmarkTwentyCases has two upstream calls of 200 ms a case: recording them
// and replaying them.
func BenchmarkTwentyCases(b *testing.B) {
	const wait = 200 * time.Millisecond
	b.Run("base-url", func(b *testing.B) {
		_, base, s := upstreamOf(b, wait)
		twentyCases(b, s, http.DefaultClient, base)
	})
	b.Run("proxy", func(b *testing.B) {
		s := intercept(b, setting{}, slow(wait))
		twentyCases(b, s.Server, s.client, s.base)
	})
}

func twentyCases(b *testing.B, s *Server, client *http.Client, base string) {
	pass := func() time.Duration {
		began := time.Now()
		for c := range 20 {
			post(b, client, base, fmt.Sprintf(`{"case": %d, "step": "embed"}`, c))
			post(b, client, base, fmt.Sprintf(`{"case": %d, "step": "answer"}`, c))
		}
		return time.Since(began)
	}
	record, replay := pass(), pass()
	if got := s.Counts(); got != (Counts{Replayed: 40, Made: 40}) {
		b.Fatalf("counts %+v, want 40 made and 40 replayed", got)
	}
	b.ReportMetric(record.Seconds(), "record-s")
	b.ReportMetric(replay.Seconds(), "replay-s")
	b.ReportMetric(record.Seconds()/replay.Seconds(), "times")
	b.ReportMetric(0, "ns/op")
	if record < 20*replay {
		b.Errorf("recording took %v, replaying %v: want 20 times less", record, replay)
	}
}
