package cassette

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// stage is an upstream with a cassette in front of it.
type stage struct {
	*Server
	base     string
	upstream *httptest.Server
	asked    *atomic.Int64
	dir      string
	client   *http.Client
}

// setting is what a test varies.
type setting struct {
	dir      string
	miss     Miss
	live     bool
	env      []string
	variable string
	proxy    bool
}

// inEachMode runs a test behind a base URL and through the proxy: what is
// recorded, and how, is the same.
func inEachMode(t *testing.T, test func(t *testing.T, proxy bool)) {
	for name, proxy := range map[string]bool{"base-url": false, "proxy": true} {
		t.Run(name, func(t *testing.T) { test(t, proxy) })
	}
}

func play(t *testing.T, o setting, answer http.HandlerFunc) stage {
	t.Helper()
	if o.dir == "" {
		o.dir = t.TempDir()
	}
	if o.miss == "" {
		o.miss = Record
	}
	if o.variable == "" {
		o.variable = "OPENAI_BASE_URL"
	}
	if o.proxy {
		return intercept(t, o, answer)
	}
	asked := &atomic.Int64{}
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(up.Close)
	set := map[string]string{o.variable: up.URL + "/v1"}
	s, err := Start(Options{Dir: o.dir, Miss: o.miss, Live: o.live, Env: o.env, Getenv: func(n string) string { return set[n] }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, kv := range s.Environment() {
		if base, ok := strings.CutPrefix(kv, o.variable+"="); ok {
			return stage{s, base, up, asked, o.dir, http.DefaultClient}
		}
	}
	t.Fatalf("%s is not in %v", o.variable, s.Environment())
	return stage{}
}

func (s stage) ask(t *testing.T, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp, "cut: " + err.Error()
	}
	return resp, string(data)
}

func (s stage) counts(t *testing.T, want Counts) {
	t.Helper()
	if got := s.Counts(); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

// number answers with how often it was asked.
func number() http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"n": %d, "path": %q, "body": %q}`, n.Add(1), r.URL.Path, body)
	}
}

func TestRecordsThenReplays(t *testing.T) {
	s := play(t, setting{}, number())
	_, first := s.ask(t, "POST", "/chat", `{"a":1}`)
	if first != `{"n": 1, "path": "/v1/chat", "body": "{\"a\":1}"}` {
		t.Fatalf("first answer %s", first)
	}
	resp, second := s.ask(t, "POST", "/chat", `{"a":1}`)
	if second != first || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("replay %s %v, want %s", second, resp.Header, first)
	}
	s.counts(t, Counts{Replayed: 1, Made: 1})

	// Another server, the next evaluation's, with the same records; the upstream is gone.
	s.upstream.Close()
	next, err := Start(Options{Dir: s.dir, Miss: Fail, Getenv: func(n string) string { return map[string]string{"OPENAI_BASE_URL": s.upstream.URL + "/v1"}[n] }})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	s.Server, s.base = next, strings.TrimPrefix(next.Environment()[0], "OPENAI_BASE_URL=")
	if _, third := s.ask(t, "POST", "/chat", `{"a":1}`); third != first {
		t.Errorf("replay of another server %s, want %s", third, first)
	}
	s.counts(t, Counts{Replayed: 1})
}

// Equal requests are one, different ones are not.
func TestKey(t *testing.T) {
	type request struct {
		method, path, body string
		header             []string
	}
	base := request{"POST", "/chat?b=2&a=1", `{"model": "m", "messages": [{"role": "user", "content": "old"}], "t": 0.70}`, nil}
	change := func(f func(*request)) request {
		r := base
		f(&r)
		return r
	}
	boundary := func(b string) request {
		return request{"POST", "/files", "--" + b + "\r\n\r\nx\r\n--" + b + "--", []string{"Content-Type", "multipart/form-data; boundary=" + b}}
	}
	for _, c := range []struct {
		name   string
		a, b   request
		replay bool
	}{
		{"the same", base, base, true},
		{"keys in another order, spaces", base, change(func(r *request) {
			r.body = `{"t":0.70,"messages":[{"content":"old","role":"user"}],"model":"m"}`
		}), true},
		{"parameters in another order", base, change(func(r *request) { r.path = "/chat?a=1&b=2" }), true},
		{"another bearer token", base, change(func(r *request) { r.header = []string{"Authorization", "Bearer other-token"} }), true},
		{"a signature, a date", base, change(func(r *request) {
			r.header = []string{"Authorization", "AWS4-HMAC-SHA256 Signature=1", "X-Amz-Date", "20260101T000000Z", "Amz-Sdk-Invocation-Id", "7"}
		}), true},
		{"a signed query", base, change(func(r *request) { r.path += "&X-Amz-Signature=77&X-Amz-Date=2&key=abc" }), true},
		{"another client", base, change(func(r *request) { r.header = []string{"User-Agent", "x/2", "Accept", "*/*", "Traceparent", "00-1"} }), true},
		{"a random boundary", boundary("aaaaaaaa"), boundary("bbbbbbbb"), true},
		{"another prompt", base, change(func(r *request) { r.body = strings.Replace(r.body, "old", "new", 1) }), false},
		{"another number", base, change(func(r *request) { r.body = strings.Replace(r.body, "0.70", "0.7", 1) }), false},
		{"another method", base, change(func(r *request) { r.method = "PUT" }), false},
		{"another path", base, change(func(r *request) { r.path = "/embed?b=2&a=1" }), false},
		{"JSON and nothing else", base, change(func(r *request) { r.header = []string{"Accept", "application/json"} }), true},
		{"another form of answer", base, change(func(r *request) { r.header = []string{"Accept", "text/csv"} }), false},
		{"another parameter", base, change(func(r *request) { r.path = "/chat?b=2&a=2" }), false},
		{"another version of the API", base, change(func(r *request) { r.header = []string{"Anthropic-Version", "2023-06-01"} }), false},
		{"another operation", base, change(func(r *request) { r.header = []string{"X-Amz-Target", "Invoke"} }), false},
		{"not JSON, another text", change(func(r *request) { r.body = "{a" }), change(func(r *request) { r.body = "{b" }), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, setting{}, number())
			s.ask(t, c.a.method, c.a.path, c.a.body, c.a.header...)
			s.ask(t, c.b.method, c.b.path, c.b.body, c.b.header...)
			if got := s.Counts().Replayed == 1; got != c.replay {
				t.Errorf("replayed %v, want %v", got, c.replay)
			}
		})
	}
}

func TestMisses(t *testing.T) { inEachMode(t, misses) }

func misses(t *testing.T, proxy bool) {
	dir := t.TempDir()
	s := play(t, setting{proxy: proxy, dir: dir, miss: Fail}, number())
	resp, text := s.ask(t, "POST", "/chat", "{}")
	if resp.StatusCode != 424 || !strings.Contains(text, "no record of POST ") || s.asked.Load() != 0 {
		t.Errorf("fail: %d %s, %d asked", resp.StatusCode, text, s.asked.Load())
	}
	s.counts(t, Counts{Refused: 1})
	s = play(t, setting{proxy: proxy, dir: dir, miss: Pass}, number())
	s.ask(t, "POST", "/chat", "{}")
	s.ask(t, "POST", "/chat", "{}")
	s.counts(t, Counts{Made: 2, KeptOut: 2})
	s = play(t, setting{proxy: proxy, dir: dir, live: true}, number())
	s.ask(t, "POST", "/chat", "{}")
	s.ask(t, "POST", "/chat", "{}")
	s.counts(t, Counts{Made: 2})
	if list, err := List(dir); err != nil || len(list) != 1 || list[0].Kind != "http" || !strings.HasPrefix(list[0].What, "POST ") || !strings.HasSuffix(list[0].What, "/v1/chat") {
		t.Errorf("after a live measurement the records are %+v, %v; want the last answer", list, err)
	}
}

func TestWhatPassesIsNotKept(t *testing.T) { inEachMode(t, whatPassesIsNotKept) }

func whatPassesIsNotKept(t *testing.T, proxy bool) {
	hijack := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				fmt.Fprint(c, text)
				c.Close()
			}
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); fmt.Fprint(w, "x") }
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		kept   bool
	}{
		{"429", status(429), false}, {"500", status(500), false}, {"503", status(503), false}, {"529", status(529), false}, {"401", status(401), false}, {"403", status(403), false},
		{"200", status(200), true}, {"404", status(404), true}, {"400", status(400), true},
		{"a body shorter than said", hijack("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), false},
		{"chunks without an end", hijack("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), false},
		{"half a JSON text up to the connection's end", hijack("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\": "), false},
		{"a JSON text up to the connection's end", hijack("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\": 1}"), true},
		{"nothing at all", hijack(""), false},
		{"a stream that reports an error", hijack("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 38\r\n\r\nevent: error\ndata: {\"overloaded\": 1}\n\n"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := play(t, setting{proxy: proxy, dir: dir}, c.answer)
			for range 2 {
				r, err := s.client.Post(s.base+"/chat", "application/json", strings.NewReader("{}"))
				if err == nil {
					_, _ = io.Copy(io.Discard, r.Body) // some of them are cut
					r.Body.Close()
				}
			}
			list, err := List(dir)
			if err != nil || (len(list) == 1) != c.kept || (s.Counts().Replayed == 1) != c.kept {
				t.Errorf("%d records, counts %+v, kept should be %v, %v", len(list), s.Counts(), c.kept, err)
			}
		})
	}
}

// A stream passes while it is made, and comes back in the same chunks.
func TestStreams(t *testing.T) { inEachMode(t, streamsPass) }

func streamsPass(t *testing.T, proxy bool) {
	events := []string{"data: one\n\n", "data: two\n\n", "data: [DONE]\n\n"}
	gate := make(chan struct{})
	s := play(t, setting{proxy: proxy}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range events {
			fmt.Fprint(w, e)
			w.(http.Flusher).Flush()
			<-gate
		}
	})
	for round := range 2 {
		r, err := s.client.Post(s.base+"/chat", "application/json", strings.NewReader(`{"stream": true}`))
		if err != nil {
			t.Fatal(err)
		}
		buffer := make([]byte, 1024)
		for i, want := range events {
			n, err := r.Body.Read(buffer)
			if round == 0 && string(buffer[:n]) != want {
				t.Errorf("event %d is %q, want %q: %v", i, buffer[:n], want, err)
			}
			if round == 0 {
				gate <- struct{}{}
			}
			if round == 1 && i == 0 {
				rest, err := io.ReadAll(r.Body)
				if all := string(buffer[:n]) + string(rest); err != nil || all != strings.Join(events, "") || r.ContentLength >= 0 {
					t.Errorf("replay %q of length %d, %v", all, r.ContentLength, err)
				}
				break
			}
		}
		r.Body.Close()
		if round == 0 {
			waitFor(t, s.dir)
		}
	}
	s.counts(t, Counts{Replayed: 1, Made: 1})
	path := s.path(onlyKey(t, s.dir))
	if got := s.load(filepath.Base(strings.TrimSuffix(path, ".json"))); len(got.Chunks) != 3 || got.Chunks[0] != len(events[0]) {
		t.Errorf("chunks %v, want those of %q", got.Chunks, events)
	}
}

// waitFor blocks until the record is there: it is written after the client has
// everything.
func waitFor(t *testing.T, dir string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if list, err := List(dir); err == nil && len(list) > 0 && !list[0].Damaged {
			return
		}
	}
	t.Fatal("no record within 5 s")
}

func onlyKey(t *testing.T, dir string) string {
	t.Helper()
	list, err := List(dir)
	if err != nil || len(list) != 1 {
		t.Fatalf("records %v, %v: want one", list, err)
	}
	return list[0].Key
}

// Planted secrets come back in every place that an upstream could put them.
func TestNoSecretIsWritten(t *testing.T) { inEachMode(t, noSecretIsWritten) }

func noSecretIsWritten(t *testing.T, proxy bool) {
	const fromEnv, fromHeader, fromURL, cookie, inQuery = "sk-env-7f3a/+9=Q\"x", "sk-live-0123456789", "pa55w0rd!of-db", "session-cafebabe", "AIzaQueryKey42"
	dir := t.TempDir()
	env := []string{"MY_API_KEY=" + fromEnv, "DATABASE_URL=postgres://me:" + url.PathEscape(fromURL) + "@db/x", "PATH=/usr/bin:/bin", "AUTHOR=short"}
	all := strings.Join([]string{fromEnv, fromHeader, fromURL, cookie, inQuery, url.QueryEscape(fromEnv), base64.StdEncoding.EncodeToString([]byte("user:" + fromHeader)),
		base64.StdEncoding.EncodeToString([]byte(fromEnv)), `sk-env-7f3a/+9=Q\"x`}, " | ")
	s := play(t, setting{proxy: proxy, dir: dir, env: env}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+fromHeader || r.URL.Query().Get("key") != inQuery {
			t.Errorf("the upstream must get the credentials: %v %v", r.Header, r.URL)
		}
		w.Header().Set("Set-Cookie", "session="+cookie+"; HttpOnly")
		w.Header().Set("X-Echo", "was "+fromHeader+" and "+fromURL)
		if strings.HasSuffix(r.URL.Path, "stream") {
			w.Header().Set("Content-Type", "text/event-stream")
			for _, part := range slices.Collect(slices.Chunk([]byte(all), 7)) { // secrets cross the chunks
				w.Write(part)
				w.(http.Flusher).Flush()
			}
			return
		}
		fmt.Fprint(w, all)
	})
	header := []string{"Authorization", "Bearer " + fromHeader, "Cookie", "id=" + cookie}
	for _, path := range []string{"/chat", "/stream", "/of/" + url.PathEscape(fromHeader)} {
		resp, live := s.ask(t, "POST", path+"?key="+inQuery+"&q="+url.QueryEscape(fromEnv), `{"k": "`+fromHeader+`"}`, header...)
		if live != all || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: the first answer is %q with %v, want it as it was but for the cookie", path, live, resp.Header)
		}
		_, again := s.ask(t, "POST", path+"?key="+inQuery+"&q="+url.QueryEscape(fromEnv), `{"k": "`+fromHeader+`"}`, header...)
		if len(again) != len(all) || !strings.Contains(again, " | ") {
			t.Errorf("%s: replay %q, want the same length and what is no secret", path, again)
		}
	}
	s.counts(t, Counts{Replayed: 3, Made: 3})
	files := 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 && p != dir {
			t.Errorf("%s has mode %v, %v", p, info.Mode(), err)
		}
		if d.IsDir() {
			return nil
		}
		files++
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rec, err := verified(data)
		if err != nil {
			return err
		}
		plain := s.load(strings.TrimSuffix(d.Name(), ".json"))
		for _, secret := range []string{fromEnv, fromHeader, fromURL, cookie, inQuery, "7f3a", "0123456789", "of-db", "cafebabe", "QueryKey"} {
			for what, text := range map[string][]byte{"file": rec, "body": plain.Body} {
				if bytes.Contains(text, []byte(secret)) {
					t.Errorf("%s of %s holds %q:\n%s", what, p, secret, text)
				}
			}
			if enc := base64.StdEncoding.EncodeToString([]byte(secret)); len(secret) > 9 && bytes.Contains(plain.Body, []byte(enc[:len(enc)-4])) {
				t.Errorf("%s holds %q in base64", p, secret)
			}
		}
		return nil
	})
	if err != nil || files != 3 {
		t.Errorf("%d files, want 3: %v", files, err)
	}
}

func TestDamagedRecord(t *testing.T) { inEachMode(t, damagedRecord) }

func damagedRecord(t *testing.T, proxy bool) {
	s := play(t, setting{proxy: proxy}, number())
	s.ask(t, "POST", "/chat", "{}")
	path := s.path(onlyKey(t, s.dir))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, damage := range [][]byte{data[:len(data)-3], {}, bytes.Replace(data, []byte(`"status":200`), []byte(`"status":201`), 1)} {
		if err := os.WriteFile(path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if resp, _ := s.ask(t, "POST", "/chat", "{}"); resp.StatusCode != 200 || int(s.Counts().Made) != i+2 || len(s.Problems()) != i+1 {
			t.Errorf("damage %d: status %d, %+v, %q", i, resp.StatusCode, s.Counts(), s.Problems())
		}
	}
}

func TestEqualRequestsAtATimeAreOne(t *testing.T) { inEachMode(t, equalRequestsAtATimeAreOne) }

func equalRequestsAtATimeAreOne(t *testing.T, proxy bool) {
	s := play(t, setting{proxy: proxy}, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		fmt.Fprint(w, r.URL.Path)
	})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, got := s.ask(t, "POST", "/chat", "{}"); got != "/v1/chat" {
				t.Errorf("got %q", got)
			}
		})
	}
	all.Wait()
	s.counts(t, Counts{Replayed: 7, Made: 1})
}

func TestOnlyItsOwnAddress(t *testing.T) {
	s := play(t, setting{}, number())
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.base+"/chat", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMisdirectedRequest || s.asked.Load() != 0 {
		t.Errorf("another name for this address is answered with %d", resp.StatusCode)
	}
}

// A client that signs its Host must find it unchanged upstream.
func TestSignedHostStays(t *testing.T) {
	var host atomic.Value
	s := play(t, setting{variable: "AWS_ENDPOINT_URL"}, func(w http.ResponseWriter, r *http.Request) { host.Store(r.Host); fmt.Fprint(w, "x") })
	s.ask(t, "POST", "/model", "{}")
	if want := strings.TrimPrefix(strings.TrimSuffix(s.base, "/v1"), "http://"); host.Load() != want {
		t.Errorf("upstream saw Host %v, want %s", host.Load(), want)
	}
}

func TestEnvironment(t *testing.T) {
	set := map[string]string{"SEARCH_BASE_URL": "http://search.internal:9/x", "OTHER_BASE_URL": "http://other", "OLLAMA_HOST": "127.0.0.1:11434", "NO_PROXY": "db"}
	s, err := Start(Options{Dir: t.TempDir(), Getenv: func(n string) string { return set[n] }, Names: []string{"SEARCH_BASE_URL", "DATABASE_URL"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[string]string{}
	for _, kv := range s.Environment() {
		name, value, _ := strings.Cut(kv, "=")
		got[name] = value
	}
	for name, end := range map[string]string{"OPENAI_BASE_URL": "/v1", "OPENAI_API_BASE": "/v1", "ANTHROPIC_BASE_URL": "", "SEARCH_BASE_URL": "/x", "OLLAMA_HOST": ""} {
		u, err := url.Parse(got[name])
		if err != nil || u.Hostname() != "127.0.0.1" || u.Path != end {
			t.Errorf("%s=%s, want the loopback with path %q", name, got[name], end)
		}
	}
	if got["OPENAI_BASE_URL"] != got["OPENAI_API_BASE"] || got["NO_PROXY"] != "db,127.0.0.1,localhost" || got["OTHER_BASE_URL"] != "" || got["AWS_ENDPOINT_URL"] != "" {
		t.Errorf("environment %v", got)
	}
	set["ANTHROPIC_BASE_URL"] = "ftp://x"
	if s, err := Start(Options{Dir: t.TempDir(), Getenv: func(n string) string { return set[n] }}); err == nil {
		s.Close()
		t.Error("an ftp URL is no base to record")
	}
}
