package agent

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"autoresearch-skill/internal/journal"
)

// Launch is one headless session of the client.
type Launch struct {
	Client   string // command
	Prompt   string
	Settings string // file
	Session  string
	Resume   bool // go on with that session; else begin it
	Turns    int
	Dollars  float64 // what this session may still cost; 0 without a limit
}

// Args is its command line. --settings, because a project's own allow rules
// are ignored in a folder that was never trusted; dontAsk, because nobody
// answers.
func (l Launch) Args() []string {
	args := []string{
		l.Client, "-p", l.Prompt, "--permission-mode", "dontAsk", "--settings", l.Settings,
		"--max-turns", strconv.Itoa(l.Turns), "--output-format", "stream-json", "--verbose",
	}
	if l.Dollars > 0 {
		args = append(args, "--max-budget-usd", strconv.FormatFloat(l.Dollars, 'f', 2, 64))
	}
	if l.Resume {
		return append(args, "--resume", l.Session)
	}
	return append(args, "--session-id", l.Session)
}

// NewSession is a random UUID, as the client wants for a session's name.
func NewSession() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// LaunchSettings is the client's settings file for a run: what the agent may
// do without asking, what it may never read, and the hooks. binary is how
// hooks call our program, quoted for a shell; limit the longest try.
func LaunchSettings(r *Run, binary string, limit time.Duration) ([]byte, error) {
	allow := []string{"Read", "Grep", "Glob"}
	for _, t := range r.Targets {
		allow = append(allow, "Edit(/"+t+")") // a second slash makes it absolute
	}
	for _, v := range Verbs {
		allow = append(allow, "Bash("+Binary+" "+v+":*)")
	}
	for _, read := range []string{"git status", "git diff", "git log", "ls", "cat", "head", "tail", "grep", "wc"} {
		allow = append(allow, "Bash("+read+":*)")
	}
	ms := strconv.FormatInt(limit.Milliseconds(), 10)
	settings := struct {
		Permissions map[string][]string `json:"permissions"`
		Env         map[string]string   `json:"env"`
	}{
		map[string][]string{"allow": allow, "deny": {"Read(/" + r.State + "/**)", "Edit(/" + r.State + "/**)"}},
		map[string]string{"BASH_DEFAULT_TIMEOUT_MS": ms, "BASH_MAX_TIMEOUT_MS": ms},
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(settings); err != nil {
		return nil, err
	}
	return AddHooks(b.Bytes(), binary)
}

// Ended is what a session's stream said at its end.
type Ended struct {
	Session string  // the conversation
	Total   float64 // dollars, of the whole conversation so far
	Tokens  journal.Tokens
	Known   bool   // Total was told
	Error   string // of the API or the client; "" for none
	Said    bool   // the client itself told how it ended
	Reset   time.Time
}

// Stream reads the client's JSON lines as they come and remembers how they
// ended. Lines that are no JSON are left out.
type Stream struct {
	Ended Ended
	Begun bool // the session exists, so that it can be resumed
	rest  []byte
}

// Write takes a part of the stream.
func (s *Stream) Write(p []byte) (int, error) {
	s.rest = append(s.rest, p...)
	for {
		line, rest, ok := bytes.Cut(s.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		s.line(line)
		s.rest = rest
	}
}

func (s *Stream) line(line []byte) {
	var e struct {
		Type    string   `json:"type"`
		Subtype string   `json:"subtype"`
		IsError bool     `json:"is_error"`
		Result  string   `json:"result"`
		Session string   `json:"session_id"`
		Cost    *float64 `json:"total_cost_usd"`
		Models  map[string]struct {
			Input   int64 `json:"inputTokens"`
			Cached  int64 `json:"cacheReadInputTokens"`
			Written int64 `json:"cacheCreationInputTokens"`
			Output  int64 `json:"outputTokens"`
		} `json:"modelUsage"`
	}
	if json.Unmarshal(line, &e) != nil {
		return
	}
	s.Begun = s.Begun || e.Type == "system" && e.Subtype == "init"
	if e.Type != "result" {
		return
	}
	s.Ended = Ended{Said: true, Session: e.Session}
	if e.Cost != nil && *e.Cost >= 0 {
		s.Ended.Known, s.Ended.Total = true, *e.Cost
	}
	for _, m := range e.Models {
		s.Ended.Tokens = s.Ended.Tokens.Plus(journal.Tokens(m))
	}
	if e.IsError && e.Subtype != "error_max_turns" && e.Subtype != "error_max_budget_usd" {
		s.Ended.Error = e.Result
		if s.Ended.Error == "" {
			s.Ended.Error = e.Subtype
		}
		s.Ended.Reset = resetTime(e.Result)
	}
}

// resetTime reads when a usage limit ends: the client appends "|" and seconds
// since 1970 to its message.
func resetTime(text string) time.Time {
	_, after, ok := strings.Cut(text, "|")
	if !ok {
		return time.Time{}
	}
	if n, err := strconv.ParseInt(strings.TrimSpace(after), 10, 64); err == nil && n > 0 {
		return time.Unix(n, 0)
	}
	return time.Time{}
}

// Backoff is how long to wait after the n-th error in a row: doubling, up to
// ten minutes, or until a usage limit is over.
func (e Ended) Backoff(base time.Duration, n int, now time.Time) time.Duration {
	if e.Reset.After(now) {
		return e.Reset.Sub(now) + base
	}
	return min(base<<min(n-1, 20), max(base, 10*time.Minute))
}

// Quote makes one word of a shell's command line.
func Quote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=@%+,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
