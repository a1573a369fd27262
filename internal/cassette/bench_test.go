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

// client runs one of them and gives its median.
func client(tb testing.TB, dir, base string, i, n int) time.Duration {
	tb.Helper()
	c := clients[i]
	words := strings.Fields(c.command)
	if _, err := exec.LookPath(words[0]); err != nil {
		tb.Skipf("%s is not here", words[0])
	}
	file := filepath.Join(dir, "by-"+c.name+map[string]string{"node": ".mjs", "python3": ".py", "sh": ".sh"}[words[0]])
	if err := os.WriteFile(file, []byte(c.source), 0o600); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), words[0], file)
	cmd.Env = append(os.Environ(), "OPENAI_BASE_URL="+base, "N="+strconv.Itoa(n), "NO_PROXY=127.0.0.1,localhost", "no_proxy=127.0.0.1,localhost")
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

// Every client finds the server by its base URL and takes a replay for the answer.
func TestClients(t *testing.T) {
	for i, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := play(t, setting{}, number())
			client(t, t.TempDir(), s.base, i, 5)
			s.counts(t, Counts{Replayed: 4, Made: 1})
		})
	}
}

// upstreamOf is a loopback server that answers after a while.
func upstreamOf(b *testing.B, wait time.Duration) (direct, replay string, s *Server) {
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(wait)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"path": %q, "text": %q}`, r.URL.Path, strings.Repeat("word ", 200))
	}))
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

func post(b *testing.B, base, body string) {
	r, err := http.Post(base+"/chat", "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		b.Fatal(err)
	}
	r.Body.Close()
}

// BenchmarkOverhead compares a replay with the same request made directly over
// the loopback, in microseconds at the median.
func BenchmarkOverhead(b *testing.B) {
	report := func(b *testing.B, direct, replay time.Duration) {
		b.ReportMetric(float64(direct.Microseconds()), "direct-µs")
		b.ReportMetric(float64(replay.Microseconds()), "replay-µs")
		b.ReportMetric(float64((replay - direct).Microseconds()), "over-µs")
		b.ReportMetric(0, "ns/op")
	}
	b.Run("go", func(b *testing.B) {
		direct, replay, _ := upstreamOf(b, 0)
		var medians []time.Duration
		for _, base := range []string{direct, replay} {
			post(b, base, "{}")
			var each []time.Duration
			for range 1000 {
				began := time.Now()
				post(b, base, "{}")
				each = append(each, time.Since(began))
			}
			slices.Sort(each)
			medians = append(medians, each[len(each)/2])
		}
		report(b, medians[0], medians[1])
	})
	for i, c := range clients {
		b.Run(c.name, func(b *testing.B) {
			direct, replay, _ := upstreamOf(b, 0)
			dir := b.TempDir()
			report(b, client(b, dir, direct, i, 200), client(b, dir, replay, i, 200))
		})
	}
}

// BenchmarkTwentyCases has two upstream calls of 200 ms a case: recording them
// and replaying them.
func BenchmarkTwentyCases(b *testing.B) {
	_, base, s := upstreamOf(b, 200*time.Millisecond)
	pass := func() time.Duration {
		began := time.Now()
		for c := range 20 {
			post(b, base, fmt.Sprintf(`{"case": %d, "step": "embed"}`, c))
			post(b, base, fmt.Sprintf(`{"case": %d, "step": "answer"}`, c))
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
