package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxPayload bounds what a hook reads: a Write carries its file's content.
const maxPayload = 64 << 20

// Payload is what the client tells a hook on standard input. Fields that we
// don't read are left out; unknown ones are the client's next version.
type Payload struct {
	Session string `json:"session_id"`
	Dir     string `json:"cwd"`
	Event   string `json:"hook_event_name"`
	Tool    string `json:"tool_name"`
	Input   Input  `json:"tool_input"`
	Source  string `json:"source"` // of SessionStart: startup, resume, compact, clear
}

// Input holds those inputs of the client's tools that name a file or a command.
type Input struct {
	Command  string `json:"command"`
	File     string `json:"file_path"`
	Notebook string `json:"notebook_path"`
	Path     string `json:"path"` // of Grep and Glob
	Pattern  string `json:"pattern"`
	Glob     string `json:"glob"`
}

// ReadPayload reads one payload. Without a session or an event it is none.
func ReadPayload(r io.Reader) (*Payload, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPayload+1))
	if err != nil {
		return nil, fmt.Errorf("read the hook's input: %w", err)
	}
	if len(data) > maxPayload {
		return nil, fmt.Errorf("read the hook's input: more than %d MiB", maxPayload>>20)
	}
	var p Payload
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("read the hook's input: %w", err)
	}
	if p.Session == "" || p.Event == "" {
		return nil, errors.New("read the hook's input: session_id or hook_event_name is missing")
	}
	return &p, nil
}
