package label

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/metric"
)

// serve serves a desk until the test ends, and gives its link.
func serve(t *testing.T, d *Desk) string {
	t.Helper()
	s, err := Listen(t.Context(), d, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- s.Serve(ctx) }()
	go func() { d.Run(ctx); ended <- nil }()
	t.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
	return s.Link()
}

// visitor is a browser that followed the link.
func visitor(t *testing.T, link string) *http.Client {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar}
	if code, _ := get(t, c, link); code != http.StatusOK {
		t.Fatalf("the link: %d", code)
	}
	return c
}

func get(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, c, r)
}

func do(t *testing.T, c *http.Client, r *http.Request) (int, string) {
	t.Helper()
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func base(link string) string { return strings.SplitN(link, "/?", 2)[0] }

// post asks as the page does; edit bends the request first.
func post(t *testing.T, c *http.Client, address, body string, edit func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "http://"+r.URL.Host)
	if edit != nil {
		edit(r)
	}
	return do(t, c, r)
}

func TestRefuses(t *testing.T) {
	dir := write(t, many(1))
	link := serve(t, desk(t, dir, "MRR", ranker))
	c, stranger := visitor(t, link), &http.Client{}
	const mark = `{"case": "q001", "id": "d01", "grade": 1}`
	here := base(link)
	for _, tt := range []struct {
		name   string
		client *http.Client
		edit   func(*http.Request)
		want   int
	}{
		{"no cookie", stranger, nil, 403},
		{"another origin", c, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, 403},
		{"another port's origin", c, func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") }, 403},
		{"no origin", c, func(r *http.Request) { r.Header.Del("Origin") }, 403},
		{"a form", c, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 403},
		{"cross-site", c, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"a foreign host", c, func(r *http.Request) { r.Host = "evil.example"; r.Header.Set("Origin", "http://evil.example") }, 403},
		{"a host like ours", c, func(r *http.Request) { r.Host = "127.0.0.1.evil.example:80" }, 403},
		{"a climbing path", c, func(r *http.Request) { r.URL.Opaque = here[len("http:"):] + "/../../cases.csv" }, 400},
		{"an escaped climbing path", c, func(r *http.Request) { r.URL.Opaque = here[len("http:"):] + "/%2e%2e/%2e%2e/cases.csv" }, 400},
		{"100 MB announced", c, func(r *http.Request) { r.ContentLength = 100 << 20; r.Body = io.NopCloser(zeros(100 << 20)) }, 413},
		{"100 MB unannounced", c, func(r *http.Request) { r.ContentLength = -1; r.Body = io.NopCloser(zeros(100 << 20)) }, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, here+"/api/mark", strings.NewReader(mark))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Origin", here)
			if tt.edit != nil {
				tt.edit(r)
			}
			res, err := tt.client.Do(r)
			if tt.want == 413 && err != nil {
				return // cut off while it was still sending
			}
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != tt.want {
				t.Errorf("got %d, want %d", res.StatusCode, tt.want)
			}
		})
	}
	for _, path := range []string{"/", "/page.js", "/api/board", "/?token=", "/?token=" + strings.Repeat("0", 64)} {
		if code, _ := get(t, stranger, here+path); code != 403 {
			t.Errorf("%s without the cookie: got %d, want 403", path, code)
		}
	}
	if code, _ := get(t, stranger, link); code != 403 {
		t.Errorf("the link a second time: got %d, want 403", code)
	}
	if code, _ := get(t, c, here+"/page/page.css"); code != 404 {
		t.Errorf("a file that is not served: got %d, want 404", code)
	}
	if got := fileOf(t, dir); got != many(1) {
		t.Errorf("a refused request changed the file: %q", got)
	}
	if code, body := post(t, c, here+"/api/mark", mark, nil); code != 200 {
		t.Errorf("the page's own request: %d %s", code, body)
	}
}

// zeros is white space without end: JSON that never begins.
type zeros int64

func (n zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestHeaders(t *testing.T) {
	link := serve(t, desk(t, write(t, many(1)), "MRR", ranker))
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Set-Cookie"); !strings.Contains(got, "HttpOnly") || !strings.Contains(got, "SameSite=Strict") {
		t.Errorf("cookie: %q", got)
	}
	if got := res.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("Referrer-Policy: %q", got)
	}
	if got := res.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
		t.Errorf("Content-Security-Policy: %q", got)
	}
}

// Nothing but 127.0.0.1 is bound.
func TestListensHereOnly(t *testing.T) {
	s, err := Listen(t.Context(), desk(t, write(t, many(1)), "MRR", ranker), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.listener.Close()
	if got := s.listener.Addr().(*net.TCPAddr).IP; !got.Equal(net.IPv4(127, 0, 0, 1)) {
		t.Errorf("listens on %s", got)
	}
	if u, err := url.Parse(s.Link()); err != nil || u.Hostname() != "127.0.0.1" {
		t.Errorf("link %s: %v", s.Link(), err)
	}
}

func TestLabels(t *testing.T) {
	const head = "id,query,kind,expected\r\n"
	dir := write(t, head+"q1,one,k,a1; a2:2\r\nq2,\"two, quoted\",k,\r\n")
	d := desk(t, dir, "nDCG@10", ranker)
	ctx := t.Context()
	grade := func(n int) *int { return &n }
	steps := []struct {
		name string
		do   func() (row, error)
		want string
	}{
		{"a grade in the file's style", func() (row, error) { return d.mark(ctx, "q1", "d03", grade(3)) }, head + "q1,one,k,a1; a2:2; d03:3\r\nq2,\"two, quoted\",k,\r\n"},
		{"an empty cell in the style of another", func() (row, error) { return d.mark(ctx, "q2", "d01", grade(1)) }, head + "q1,one,k,a1; a2:2; d03:3\r\nq2,\"two, quoted\",k,d01\r\n"},
		{"a second one", func() (row, error) { return d.mark(ctx, "q2", "d02", grade(0)) }, head + "q1,one,k,a1; a2:2; d03:3\r\nq2,\"two, quoted\",k,d01; d02:0\r\n"},
		{"undo", func() (row, error) { return d.undo(ctx) }, head + "q1,one,k,a1; a2:2; d03:3\r\nq2,\"two, quoted\",k,d01\r\n"},
		{"taken away", func() (row, error) { return d.mark(ctx, "q1", "a1", nil) }, head + "q1,one,k,a2:2; d03:3\r\nq2,\"two, quoted\",k,d01\r\n"},
		{"undo", func() (row, error) { return d.undo(ctx) }, head + "q1,one,k,a1; a2:2; d03:3\r\nq2,\"two, quoted\",k,d01\r\n"},
		{"undo", func() (row, error) { return d.undo(ctx) }, head + "q1,one,k,a1; a2:2; d03:3\r\nq2,\"two, quoted\",k,\r\n"},
		{"undo", func() (row, error) { return d.undo(ctx) }, head + "q1,one,k,a1; a2:2\r\nq2,\"two, quoted\",k,\r\n"},
	}
	for _, s := range steps {
		if _, err := s.do(); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if got := fileOf(t, dir); got != s.want {
			t.Fatalf("%s:\n got %q\nwant %q", s.name, got, s.want)
		}
	}
	var said *problem
	for name, do := range map[string]func() (row, error){
		"nothing to undo": func() (row, error) { return d.undo(ctx) },
		"no such case":    func() (row, error) { return d.mark(ctx, "q9", "d01", grade(1)) },
		"grade 9":         func() (row, error) { return d.mark(ctx, "q1", "d01", grade(9)) },
		"no id":           func() (row, error) { return d.mark(ctx, "q1", "", grade(1)) },
		"a whole answer":  func() (row, error) { return d.say(ctx, "q1", "x") },
	} {
		if _, err := do(); !errors.As(err, &said) {
			t.Errorf("%s: got %v, want a problem to tell", name, err)
		}
	}
}

// What another program wrote since is not undone.
func TestUndoLeavesOthers(t *testing.T) {
	dir := write(t, many(1))
	d := desk(t, dir, "MRR", ranker)
	one := 1
	if _, err := d.mark(t.Context(), "q001", "d01", &one); err != nil {
		t.Fatal(err)
	}
	other := desk(t, dir, "MRR", ranker)
	if _, err := other.mark(t.Context(), "q001", "d02", &one); err != nil {
		t.Fatal(err)
	}
	if _, err := d.undo(t.Context()); err == nil {
		t.Error("undone, though the cell has changed")
	}
	if got := fileOf(t, dir); !strings.Contains(got, ",d01|d02\n") {
		t.Errorf("got %q", got)
	}
}

func TestPool(t *testing.T) {
	dir := write(t, "id,query,kind,expected\nq1,one,k,d49|b1|z9\n")
	d := desk(t, dir, "MRR", ranker, fixed(`["b1", "d49"]`))
	answerAll(t, d)
	s, err := d.sheet("q1")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(s.Items); got != 52 { // fifty, one of the variant's alone, one by hand
		t.Errorf("%d candidates, want 52", got)
	}
	table, _ := d.Read()
	if got, want := *d.count(table), (counts{Cases: 1, Labelled: 1, Relevant: 3, Pool: 1, Found: 1}); got != want {
		t.Errorf("counts: got %+v, want %+v", got, want)
	}
	inOrder := 0
	for i := 1; i < len(s.Items); i++ {
		if s.Items[i-1].ID < s.Items[i].ID {
			inOrder++
		}
	}
	if inOrder > 40 {
		t.Errorf("%d of 51 neighbours stand in the system's order: it is not drawn", inOrder)
	}
	if got := s.Shown; len(got) != 2 || got[0] != "title" || got[1] != "text" {
		t.Errorf("shown: %v, want title and text, no score", got)
	}
}

func TestOtherKinds(t *testing.T) {
	for _, tt := range []struct {
		score, output, value, bad string
		kind                      metric.Kind
	}{
		{"accuracy", `{"label": "spam", "scores": {"spam": 0.9}}`, "ham", "", metric.Classification},
		{"MAE", `3.5`, "4", "four", metric.Regression},
		{"exact_match", `"an answer"`, "line one\nline \"two\"", "", metric.Text},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			dir := write(t, "id,query,kind,expected\nq1,one,k,\n")
			d := desk(t, dir, tt.score, fixed(tt.output))
			answerAll(t, d)
			if d.kind != tt.kind {
				t.Fatalf("kind: got %s, want %s", d.kind, tt.kind)
			}
			if s, err := d.sheet("q1"); err != nil || len(s.Answers) != 1 || s.Answers[0].Text == "" || s.Labelled {
				t.Errorf("sheet: %+v, %v", s, err)
			}
			if _, err := d.say(t.Context(), "q1", tt.value); err != nil {
				t.Fatal(err)
			}
			if table, err := d.Read(); err != nil || table.Cases[0].Expected != tt.value {
				t.Errorf("got %+v, %v, want %q", table.Cases[0], err, tt.value)
			}
			if tt.bad != "" {
				if _, err := d.say(t.Context(), "q1", tt.bad); err == nil {
					t.Errorf("%q was taken", tt.bad)
				}
			}
		})
	}
}

// An answer that is right as it is scores full, whatever it looks like: empty,
// like a list of answers, or longer than what is shown.
func TestRightAsItIs(t *testing.T) {
	long := strings.Repeat("word ", 2000)
	for _, tt := range []struct{ score, output, want string }{
		{"exact_match", `"plain"`, "plain"}, {"exact_match", `""`, `[""]`}, {"exact_match", `"[\"a\", \"b\"]"`, `["[\"a\", \"b\"]"]`},
		{"exact_match", `"[1]"`, "[1]"}, {"exact_match", strconv.Quote(long), long}, {"accuracy", `""`, `[""]`}, {"accuracy", `"spam"`, "spam"}, {"MAE", `3.5`, "3.5"},
	} {
		d := desk(t, write(t, "id,query,kind,expected\nq1,one,k,\n"), tt.score, fixed(tt.output))
		answerAll(t, d)
		s, err := d.sheet("q1")
		if err != nil || s.Answers[0].Label != tt.want || len(s.Answers[0].Text) > longest+len("…") {
			t.Fatalf("%s of %.40s: %+v, %v", tt.score, tt.output, s, err)
		}
		if _, err := d.say(t.Context(), "q1", s.Answers[0].Label); err != nil {
			t.Fatal(err)
		}
		table, err := d.Read()
		if err != nil {
			t.Fatal(err)
		}
		score, err := d.Experiment.ScoreExpr()
		if err != nil {
			t.Fatal(err)
		}
		got, err := metric.Evaluate(score, nil, []metric.Item{{ID: "q1", Expected: table.Cases[0].Expected, Output: json.RawMessage(tt.output)}})
		if best := map[string]float64{"exact_match": 1, "accuracy": 1, "MAE": 0}[tt.score]; err != nil || got.Score != best {
			t.Errorf("%s of %.40s scores %v, %v", tt.score, tt.output, got.Score, err)
		}
	}
}

func TestImport(t *testing.T) {
	dir := write(t, many(2))
	d := desk(t, dir, "MRR", ranker)
	for _, tt := range []struct {
		text           string
		added, skipped int
	}{
		{"\xef\xbb\xbffirst new\r\n\r\nquery number  1\nwith, a comma\n", 2, 1},
		{"query,kind,expected,more\n\"from, a table\",two,d01,x\nquery number 2,two,d01,x\n", 1, 1},
	} {
		list, err := d.readQueries(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		added, skipped, err := d.addAll(t.Context(), list)
		if err != nil || len(added) != tt.added || skipped != tt.skipped {
			t.Errorf("%q: added %v, skipped %d, %v", tt.text, added, skipped, err)
		}
	}
	want := many(2) + "q003,first new,,\nq004,\"with, a comma\",,\nq005,\"from, a table\",two,\n"
	if got := fileOf(t, dir); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{"", "query\n", "query,kind\n\"open,x\n"} {
		if _, err := d.readQueries(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
