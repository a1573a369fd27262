package label

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// engine is a headless Chromium, driven over its debugging pipe: one for all
// tests, for it takes seconds to start.
type engine struct {
	in  *os.File
	mu  sync.Mutex
	seq int
	out map[int]chan reply
	cmd *exec.Cmd
	dir string
}

// browser is the engine as one test sees it: cookies and windows are its own.
type browser struct {
	*engine
	t       *testing.T
	context string
}

type reply struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// patience bounds a wait for the browser; it is never waited out where all is well.
const patience = 20 * time.Second

func chromium(t *testing.T) *browser {
	t.Helper()
	e, err := started()
	if err != nil {
		t.Skipf("the labelling page is not walked: %v", err)
	}
	b := &browser{engine: e, t: t}
	var made struct {
		Context string `json:"browserContextId"`
	}
	b.call("", "Target.createBrowserContext", map[string]any{}, &made)
	b.context = made.Context
	t.Cleanup(func() { b.call("", "Target.disposeBrowserContext", map[string]any{"browserContextId": b.context}, nil) })
	return b
}

// started starts it for the first test that asks.
var started = sync.OnceValues(func() (*engine, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, errors.New("no Chromium is installed")
	}
	dir, err := os.MkdirTemp("", "label-chromium-")
	if err != nil {
		return nil, err
	}
	fromUs, toIt, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	fromIt, toUs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe", "--user-data-dir="+dir, "about:blank")
	cmd.ExtraFiles = []*os.File{fromUs, toUs}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("Chromium does not start: %w", err)
	}
	fromUs.Close()
	toUs.Close()
	e := &engine{in: toIt, out: map[int]chan reply{}, cmd: cmd, dir: dir}
	go e.listen(fromIt)
	closeEngine = e.close
	return e, nil
})

// closeEngine ends it after the last test; nothing where none was started.
var closeEngine = func() {}

func (e *engine) close() {
	e.send("", "Browser.close", nil)
	ended := make(chan struct{})
	go func() {
		_ = e.cmd.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = e.cmd.Process.Kill()
		<-ended
	}
	_ = os.RemoveAll(e.dir)
}

func (e *engine) listen(from *os.File) {
	lines := bufio.NewReaderSize(from, 1<<20)
	for {
		data, err := lines.ReadBytes(0)
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(data[:len(data)-1], &r) != nil || r.ID == 0 {
			continue // an event
		}
		e.mu.Lock()
		waiting := e.out[r.ID]
		delete(e.out, r.ID)
		e.mu.Unlock()
		if waiting != nil {
			waiting <- r
		}
	}
}

func (e *engine) send(session, method string, params any) chan reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seq++
	waiting := make(chan reply, 1)
	e.out[e.seq] = waiting
	message := map[string]any{"id": e.seq, "method": method}
	if params != nil {
		message["params"] = params
	}
	if session != "" {
		message["sessionId"] = session
	}
	data, _ := json.Marshal(message)
	_, _ = e.in.Write(append(data, 0)) // a browser that is gone does not answer, which is seen
	return waiting
}

func (b *browser) call(session, method string, params any, into any) {
	b.t.Helper()
	result, refused := b.ask(session, method, params)
	if refused != "" {
		b.t.Fatalf("%s: %s", method, refused)
	}
	if into != nil {
		if err := json.Unmarshal(result, into); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *browser) ask(session, method string, params any) (result json.RawMessage, refused string) {
	b.t.Helper()
	select {
	case r := <-b.send(session, method, params):
		if r.Error != nil {
			return nil, r.Error.Message
		}
		return r.Result, ""
	case <-time.After(patience):
		b.t.Fatalf("%s: the browser does not answer", method)
		return nil, ""
	}
}

// tab is one window of the page.
type tab struct {
	*browser
	session string
}

func (b *browser) open(url string) *tab {
	b.t.Helper()
	var target struct {
		TargetID string `json:"targetId"`
	}
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": b.context}, &target)
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	p := &tab{b, attached.SessionID}
	p.call(p.session, "Page.enable", nil, nil)
	p.goTo(url)
	return p
}

func (p *tab) goTo(url string) {
	p.t.Helper()
	p.call(p.session, "Page.navigate", map[string]any{"url": url}, nil)
}

// js evaluates an expression; a promise is awaited.
func (p *tab) js(expression string) any {
	p.t.Helper()
	value, gone := p.evaluate(expression)
	if gone {
		p.t.Fatalf("%s: the page was left", expression)
	}
	return value
}

// evaluate also tells that one page gave way to the next meanwhile.
func (p *tab) evaluate(expression string) (value any, gone bool) {
	p.t.Helper()
	var out struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	result, refused := p.ask(p.session, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	switch {
	case strings.Contains(refused, "navigated or closed"), strings.Contains(refused, "context was destroyed"):
		return nil, true
	case refused != "":
		p.t.Fatalf("%s: %s", expression, refused)
	}
	if err := json.Unmarshal(result, &out); err != nil {
		p.t.Fatal(err)
	}
	if out.Exception != nil {
		p.t.Fatalf("%s: %s %s", expression, out.Exception.Text, out.Exception.Exception.Description)
	}
	return out.Result.Value, false
}

// until waits until an expression is true.
func (p *tab) until(expression string) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if held, _ := p.evaluate("!!(" + expression + ")"); held == true {
			return
		}
	}
	p.t.Fatalf("never true: %s; the page says %v", expression, p.js("document.body.innerText.slice(0, 600)"))
}

// press hits one key, as a person does.
func (p *tab) press(key string) {
	p.t.Helper()
	text := key
	switch key {
	case "Enter":
		text = "\r"
	case "Escape", "ArrowDown", "ArrowUp":
		text = ""
	}
	down := map[string]any{"type": "keyDown", "key": key}
	if text != "" {
		down["text"] = text
	}
	p.call(p.session, "Input.dispatchKeyEvent", down, nil)
	p.call(p.session, "Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key}, nil)
}

func quoteJS(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}
