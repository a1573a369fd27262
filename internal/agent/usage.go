package agent

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"autoresearch-skill/internal/journal"
)

// Ledger adds up what sessions used. The client's totals are those of the
// conversation: resumed, they run on from where it was left.
type Ledger struct {
	Sum  journal.Usage
	last map[string]Ended // by conversation
}

// Add takes what a session told at its end.
func (l *Ledger) Add(e Ended) {
	if !e.Known {
		return
	}
	before := l.last[e.Session]
	if e.Total < before.Total { // began anew after all
		before = Ended{}
	}
	l.Sum.Told++
	l.Sum.Dollars += e.Total - before.Total
	l.Sum.Tokens = l.Sum.Tokens.Plus(e.Tokens.Minus(before.Tokens))
	if l.last == nil {
		l.last = map[string]Ended{}
	}
	l.last[e.Session] = e
}

// The lines that launch itself writes into its log, around those of a session.
const (
	typeBegin = "autoresearch-session"
	typeEnd   = "autoresearch-session-end"
)

// logMark is such a line.
type logMark struct {
	Type     string `json:"type"`
	Run      string `json:"run"`
	Agent    string `json:"agent,omitempty"`
	Attempts int    `json:"attempts"` // made in the session, at its end
}

// BeginLine goes before a session's lines: the log outlives runs and agents.
// It starts on a line of its own, whatever a killed session left.
func BeginLine(run, agent string) []byte {
	return append([]byte("\n"), logLine(logMark{Type: typeBegin, Run: run, Agent: agent})...)
}

// EndLine goes after them.
func EndLine(run string, attempts int) []byte {
	return append([]byte("\n"), logLine(logMark{Type: typeEnd, Run: run, Attempts: attempts})...)
}

func logLine(m logMark) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and numbers
	}
	return append(b, '\n')
}

// UsageOf adds up what launch's log says of one run; nil where launch never
// ran it.
func UsageOf(file, run string) (*journal.Usage, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	u, err := readUsage(f, run)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return u, nil
}

func readUsage(r io.Reader, run string) (*journal.Usage, error) {
	var l Ledger
	var now *Stream // the session of this run that is being read
	settle := func() {
		if now != nil {
			l.Add(now.Ended)
		}
		now = nil
	}
	for in := bufio.NewReader(r); ; {
		line, err := in.ReadBytes('\n')
		switch {
		// Most lines are what the agent saw and said: long, and of no use here.
		case bytes.Contains(line, []byte(typeBegin)), bytes.Contains(line, []byte(typeEnd)):
			var m logMark
			if json.Unmarshal(line, &m) != nil || m.Type != typeBegin && m.Type != typeEnd {
				break
			}
			if m.Type == typeEnd && now != nil && now.Ended.Known {
				l.Sum.Attempts += m.Attempts
			}
			settle()
			if m.Type == typeBegin && m.Run == run {
				l.Sum.Sessions++
				now = &Stream{}
			}
		case now != nil && bytes.Contains(line, []byte(`"result"`)):
			now.line(line)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	settle()
	if l.Sum.Sessions == 0 {
		return nil, nil
	}
	return &l.Sum, nil
}
