package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// hookEntry is one entry of a settings file's hooks.
type hookEntry struct {
	Event   string
	Matcher string
	Block   bool // a hook that fails blocks
}

// Matcher names the tools whose calls the guard looks at.
const Matcher = "Edit|Write|NotebookEdit|Bash|Read|Grep|Glob"

var hookEntries = []hookEntry{
	{"PreToolUse", Matcher, true},
	{"Stop", "", false},
	{"SessionStart", "startup|resume|clear|compact", false},
}

// hookLine is a command for a settings file: without a running experiment in
// the project or above it says nothing, before a program is looked for.
func hookLine(binary, event string) string {
	small := binary + HookSuffix
	return fmt.Sprintf(`d="${CLAUDE_PROJECT_DIR:-$PWD}"; while [ -n "$d" ]; do if [ -e "$d/.autoresearch/active" ]; then command -v %s >/dev/null && exec %[1]s %s; exec %s hook %[2]s; fi; case "$d" in */*) d="${d%%/*}";; *) d=;; esac; done`, small, event, binary)
}

func (h hookEntry) json(binary string) (json.RawMessage, error) {
	type command struct {
		Type      string `json:"type"`
		Command   string `json:"command"`
		Timeout   int    `json:"timeout"` // seconds
		OnFailure string `json:"onFailure,omitempty"`
	}
	entry := struct {
		Matcher string    `json:"matcher,omitempty"`
		Hooks   []command `json:"hooks"`
	}{h.Matcher, []command{{Type: "command", Command: hookLine(binary, h.Event), Timeout: 60}}}
	if h.Block {
		entry.Hooks[0].OnFailure = "block"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(entry)
	return bytes.TrimSpace(b.Bytes()), err
}

// AddHooks merges our hooks into a settings file's content, which may be
// empty; everything else keeps its value and its order.
func AddHooks(settings []byte, binary string) ([]byte, error) {
	return editHooks(settings, func(event string, list []json.RawMessage) ([]json.RawMessage, error) {
		for _, h := range hookEntries {
			if h.Event != event {
				continue
			}
			entry, err := h.json(binary)
			if err != nil {
				return nil, err
			}
			list = append(list, entry)
		}
		return list, nil
	})
}

// DropHooks takes exactly those out that AddHooks put in.
func DropHooks(settings []byte, binary string) ([]byte, error) {
	return editHooks(settings, func(event string, list []json.RawMessage) ([]json.RawMessage, error) {
		for _, h := range hookEntries {
			ours, err := h.json(binary)
			if err != nil {
				return nil, err
			}
			list = slices.DeleteFunc(list, func(e json.RawMessage) bool { return h.Event == event && same(e, ours) })
		}
		return list, nil
	})
}

func same(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

func editHooks(settings []byte, edit func(event string, list []json.RawMessage) ([]json.RawMessage, error)) ([]byte, error) {
	if len(bytes.TrimSpace(settings)) == 0 {
		settings = []byte("{}")
	}
	root, err := readObject(settings)
	if err != nil {
		return nil, err
	}
	hooks := object{}
	if raw, ok := root.value("hooks"); ok {
		if hooks, err = readObject(raw); err != nil {
			return nil, fmt.Errorf("hooks: %w", err)
		}
	}
	for _, h := range hookEntries {
		var list []json.RawMessage
		raw, had := hooks.value(h.Event)
		if had {
			if err := json.Unmarshal(raw, &list); err != nil {
				return nil, fmt.Errorf("hooks.%s: %w", h.Event, err)
			}
		}
		n := len(list)
		if list, err = edit(h.Event, list); err != nil {
			return nil, err
		}
		switch {
		case len(list) == n:
		case len(list) == 0:
			hooks = hooks.without(h.Event)
		default:
			hooks = hooks.set(h.Event, joined(list))
		}
	}
	if len(hooks) == 0 {
		root = root.without("hooks")
	} else {
		raw, err := hooks.bytes()
		if err != nil {
			return nil, err
		}
		root = root.set("hooks", raw)
	}
	return root.indented()
}

// joined writes a list as it is: json.Marshal would escape < > and &.
func joined(list []json.RawMessage) json.RawMessage {
	parts := make([][]byte, len(list))
	for i, e := range list {
		parts[i] = e
	}
	return slices.Concat([]byte("["), bytes.Join(parts, []byte(",")), []byte("]"))
}
