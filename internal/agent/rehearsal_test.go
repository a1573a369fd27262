package agent

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRehearsal plays the client's part: what the hooks say stands in its
// requests, or doesn't.
func TestRehearsal(t *testing.T) {
	whole := []string{"No session runs it yet", "", "`touch` is off while experiment", "Experiment goes on: 0 attempts"}
	for _, c := range []struct {
		name string
		said []string
		want Level
		in   string
	}{
		{"all of them", whole, Fine, "PreToolUse, Stop and SessionStart"},
		{"Stop is silent: the client ends", whole[:3], Wrong, "did not act on Stop:"},
		{"PreToolUse is silent", []string{whole[0], "", "requires approval", whole[3]}, Wrong, "did not act on PreToolUse:"},
		{"SessionStart is silent", []string{"", "", whole[2], whole[3]}, Wrong, "did not act on SessionStart:"},
		{"the client asks nothing", nil, Missing, "asked its model nothing"},
	} {
		m, err := NewModel(t.Context(), Rehearsal("x"))
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range c.said {
			post(t, m.URL()+"/v1/messages?beta=true", map[string]any{"stream": true, "messages": said, "tools": []any{map[string]string{"name": "Bash"}}})
		}
		if f := Judge(m, time.Second); f.Level != c.want || !strings.Contains(f.Found, c.in) {
			t.Errorf("%s: got %+v, want %s with %q", c.name, f, c.want, c.in)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestModel: the first turn is a call of Bash, whole and streamed; a request
// without tools takes no turn; other routes are not there.
func TestModel(t *testing.T) {
	m, err := NewModel(t.Context(), []Turn{{Command: `echo "a" 'b'`}, {Command: `echo "a" 'b'`}, {Text: "end"}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	url := m.URL() + "/v1/messages"
	tools := []any{map[string]string{"name": "Bash"}}
	if _, body := post(t, url, map[string]any{"messages": "title"}); !strings.Contains(body, `"ok"`) {
		t.Errorf("a request without tools got %s", body)
	}
	_, body := post(t, url, map[string]any{"tools": tools})
	var whole struct {
		Stop    string `json:"stop_reason"`
		Content []struct{ Input map[string]string }
	}
	if err := json.Unmarshal([]byte(body), &whole); err != nil || whole.Stop != "tool_use" || whole.Content[0].Input["command"] != `echo "a" 'b'` {
		t.Errorf("whole: %v, %s", err, body)
	}
	_, body = post(t, url, map[string]any{"tools": tools, "stream": true})
	for _, event := range []string{"message_start", "content_block_start", "input_json_delta", `"stop_reason":"tool_use"`, "message_stop"} {
		if !strings.Contains(body, event) {
			t.Errorf("the stream lacks %s:\n%s", event, body)
		}
	}
	for path, want := range map[string]int{"/v1/other": http.StatusNotFound, "/v1/messages/count_tokens": http.StatusOK} {
		if code, _ := post(t, m.URL()+path, map[string]any{}); code != want {
			t.Errorf("%s: got %d, want %d", path, code, want)
		}
	}
}

func post(t *testing.T, url string, body any) (int, string) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestFindHooks(t *testing.T) {
	dir := t.TempDir()
	user, project := filepath.Join(dir, "user"), filepath.Join(dir, "project")
	settings := filepath.Join(project, "settings.json")
	put(t, filepath.Join(user, "plugins", "installed_plugins.json"),
		`{"version": 2, "plugins": {"autoresearch@m": [{"scope": "user", "installPath": "/p/1"}], "autoresearch-search@team": [{"installPath": "/p/2"}], "other@m": [{"installPath": "/p/3"}]}}`)
	put(t, settings, `{"hooks": {"Stop": [{"hooks": [{"command": "mine"}]}, {"hooks": [{"command": "`+Binary+` hook Stop"}]}]}}`)
	h := FindHooks(project, user)
	if want := []Installed{{"autoresearch-search@team", "/p/2"}, {"autoresearch@m", "/p/1"}}; !slices.Equal(h.Plugins, want) || !slices.Equal(h.Files, []string{settings}) || h.Off != "" {
		t.Errorf("got %+v, want both of our plugins and %s", h, settings)
	}
	// The user's own hooks are not doctor's to run.
	if got, err := h.Settings(); err != nil || strings.Contains(string(got), "mine") || !strings.Contains(string(got), Binary+" hook Stop") {
		t.Errorf("settings to try: %s, %v", got, err)
	}
	put(t, settings, `{"enabledPlugins": {"autoresearch@m": false}}`)
	if h := FindHooks(project, user); len(h.Plugins) != 1 || !strings.Contains(h.Off, "autoresearch@m is disabled") {
		t.Errorf("a disabled plugin: got %+v", h)
	}
	put(t, settings, `{"disableAllHooks": true}`)
	if h := FindHooks(project, user); !strings.Contains(h.Off, "disableAllHooks") {
		t.Errorf("all hooks off: got %+v", h)
	}
}
