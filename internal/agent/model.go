package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Turn is one answer of a Model: a command for the client's Bash tool, or
// text, which ends the client's turn. Want must stand in the request that it
// answers.
type Turn struct {
	Want    string
	Command string
	Text    string
}

// Model stands in for the client's API on the loopback device, so that the
// client can be tried without a network, a cost or anybody's credentials. It
// plays its turns in order and knows nothing else.
type Model struct {
	turns  []Turn
	server *http.Server
	listen net.Listener

	mu     sync.Mutex
	played int
	met    []bool
}

// NewModel begins to listen; Close ends it.
func NewModel(ctx context.Context, turns []Turn) (*Model, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Model{turns: turns, listen: l, met: make([]bool, len(turns))}
	m.server = &http.Server{Handler: m, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = m.server.Serve(l) }() // Close ends it, with an error that says so
	return m, nil
}

// URL is the address for ANTHROPIC_BASE_URL.
func (m *Model) URL() string { return "http://" + m.listen.Addr().String() }

// Close stops listening.
func (m *Model) Close() error { return m.server.Close() }

// Met says of each turn whether it was asked for and what it wants was there.
func (m *Model) Met() (met []bool, played int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]bool(nil), m.met...), m.played
}

// ServeHTTP answers one request of the client.
func (m *Model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/v1/messages") {
		http.Error(w, `{"type":"error","error":{"type":"not_found_error","message":"no such route"}}`, http.StatusNotFound)
		return
	}
	var ask struct {
		Model  string          `json:"model"`
		Stream bool            `json:"stream"`
		Tools  json.RawMessage `json:"tools"`
		Rest   json.RawMessage `json:"messages"`
		System json.RawMessage `json:"system"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPayload)).Decode(&ask); err != nil {
		http.Error(w, `{"type":"error","error":{"type":"invalid_request_error","message":"no JSON"}}`, http.StatusBadRequest)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/count_tokens") {
		fmt.Fprint(w, `{"input_tokens": 1000}`)
		return
	}
	turn, n := Turn{Text: "ok"}, 0 // titles and the like, which offer no tools
	if strings.Contains(string(ask.Tools), `"Bash"`) {
		turn, n = m.next(string(ask.System) + string(ask.Rest))
	}
	reply(w, ask.Model, ask.Stream, turn, n)
}

func (m *Model) next(request string) (Turn, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.played
	m.played++
	if n >= len(m.turns) {
		return Turn{Text: "That is all."}, n
	}
	m.met[n] = strings.Contains(request, m.turns[n].Want)
	return m.turns[n], n
}

// reply writes a message as the API does, streamed or whole.
func reply(w http.ResponseWriter, model string, stream bool, turn Turn, n int) {
	type fields = map[string]any
	block, start, stop := fields{"type": "text", "text": turn.Text}, fields{"type": "text", "text": ""}, "end_turn"
	delta := fields{"type": "text_delta", "text": turn.Text}
	if turn.Command != "" {
		id, input := fmt.Sprintf("toolu_%d", n), fields{"command": turn.Command, "description": "self-test"}
		text, _ := json.Marshal(input) // two strings always encode
		block = fields{"type": "tool_use", "id": id, "name": "Bash", "input": input}
		start = fields{"type": "tool_use", "id": id, "name": "Bash", "input": fields{}}
		delta, stop = fields{"type": "input_json_delta", "partial_json": string(text)}, "tool_use"
	}
	message := fields{
		"id": fmt.Sprintf("msg_%d", n), "type": "message", "role": "assistant", "model": model, "content": []any{block},
		"stop_reason": stop, "stop_sequence": nil, "usage": fields{"input_tokens": 1000, "output_tokens": 20},
	}
	if !stream {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(message) // a client that is gone needs no answer
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	event := func(name string, f fields) {
		f["type"] = name
		data, _ := json.Marshal(f)
		fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, data)
	}
	message["content"], message["stop_reason"] = []any{}, nil
	event("message_start", fields{"message": message})
	event("content_block_start", fields{"index": 0, "content_block": start})
	event("content_block_delta", fields{"index": 0, "delta": delta})
	event("content_block_stop", fields{"index": 0})
	event("message_delta", fields{"delta": fields{"stop_reason": stop, "stop_sequence": nil}, "usage": fields{"output_tokens": 20}})
	event("message_stop", fields{})
}
