package protocol

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
)

// LongestLine bounds a line of outputs, in bytes.
const LongestLine = 16 << 20

// Output is what the system gave for one case: an output, or the error that it
// raised.
type Output struct {
	ID      string          `json:"id"`
	Output  json.RawMessage `json:"output,omitempty"`
	Seconds float64         `json:"seconds,omitempty"`
	Timed   bool            `json:"-"` // Seconds was given
	Error   string          `json:"error,omitempty"`
}

// ReadOutputs reads the outputs of `run`, one JSON object a line, and returns
// them in the order of ids. Each id has exactly one line; the lines may come in
// any order. The error is an *Error, or the reader's.
func ReadOutputs(name string, r io.Reader, ids []string) ([]Output, error) {
	at := make(map[string]int, len(ids))
	for n, id := range ids {
		at[id] = n
	}
	outs, lines := make([]Output, len(ids)), make([]int, len(ids))
	err := eachLine(name, r, func(line int, data []byte) error {
		o, err := readOutput(data)
		if err != nil {
			return located(Error{File: name, Line: line, Case: o.ID}, err)
		}
		n, known := at[o.ID]
		if !known {
			return &Error{File: name, Line: line, Want: fmt.Sprintf("one of the %d cases asked for", len(ids)), Got: fmt.Sprintf("case %q", o.ID)}
		}
		if lines[n] > 0 {
			return &Error{File: name, Line: line, Case: o.ID, Want: "one line a case", Got: fmt.Sprintf("a second one after line %d", lines[n])}
		}
		outs[n], lines[n] = o, line
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := complete(name, ids, lines); err != nil {
		return nil, err
	}
	return outs, nil
}

func complete(name string, ids []string, lines []int) error {
	var missing []string
	for n, id := range ids {
		if lines[n] == 0 {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &Error{File: name, Want: fmt.Sprintf("%d cases", len(ids)),
		Got: fmt.Sprintf("%d: missing are %s", len(ids)-len(missing), some(missing))}
}

// eachLine calls f for each line, which must not be empty.
func eachLine(name string, r io.Reader, f func(line int, data []byte) error) error {
	return eachRawLine(name, r, func(line int, data []byte) error {
		if len(bytes.TrimSpace(data)) == 0 {
			return &Error{File: name, Line: line, Want: "a JSON object", Got: "an empty line"}
		}
		return f(line, data)
	})
}

// eachRawLine calls f for each line, without its end; the last may lack one.
func eachRawLine(name string, r io.Reader, f func(line int, data []byte) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	for line := 1; ; line++ {
		data, err := readLine(b)
		switch {
		case errors.Is(err, errTooLong):
			return &Error{File: name, Line: line, Want: fmt.Sprintf("at most %d bytes a line", LongestLine), Got: "more"}
		case err != nil && err != io.EOF:
			return fmt.Errorf("read %s: %w", name, err)
		case err == io.EOF && len(data) == 0:
			return nil
		}
		if failed := f(line, bytes.TrimRight(data, "\r\n")); failed != nil {
			return failed
		}
		if err == io.EOF {
			return nil
		}
	}
}

var errTooLong = errors.New("line too long")

func readLine(b *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) > LongestLine {
			return nil, errTooLong
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// readOutput returns the id it found also with an error, for the message.
func readOutput(line []byte) (Output, error) {
	if err := checkJSON(line); err != nil {
		return Output{}, err
	}
	o, err := readObject(line, "id", "output", "seconds", "error")
	if err != nil {
		return Output{}, err
	}
	var out Output
	if out.ID, err = o.text("id"); err != nil {
		return Output{}, err
	}
	_, hasError := o["error"]
	raw, hasOutput := o["output"]
	if hasError == hasOutput {
		return out, deviation(`either "output" or "error"`, "%s", map[bool]string{true: "both", false: "neither"}[hasError])
	}
	if _, timed := o["seconds"]; timed {
		if out.Seconds, err = o.number("seconds"); err != nil {
			return out, err
		}
		if out.Timed = true; out.Seconds < 0 {
			return out, deviation("seconds from 0 on", "%v", out.Seconds)
		}
	}
	if hasError {
		if out.Error, err = o.text("error"); err == nil && strings.TrimSpace(out.Error) == "" {
			out.Error = "(no message)"
		}
		return out, err
	}
	out.Output = bytes.Clone(bytes.TrimSpace(raw))
	return out, nil
}

// Failed is the error of cases whose output is an error: a case that raises is
// never a 0.
type Failed struct {
	Cases []Output
	Of    int
}

func (e *Failed) Error() string {
	ids := make([]string, len(e.Cases))
	for n, c := range e.Cases {
		ids[n] = c.ID
	}
	lines := strings.Split(strings.TrimSpace(e.Cases[0].Error), "\n")
	return fmt.Sprintf("%d of %d cases raised an error: %s; the first: %s", len(ids), e.Of, some(ids), short(strings.TrimSpace(lines[len(lines)-1])))
}

// Items joins cases with their outputs, which are in the same order. A case
// that failed makes it a *Failed.
func Items(cs []cases.Case, outs []Output) ([]metric.Item, error) {
	if len(cs) != len(outs) {
		return nil, fmt.Errorf("join outputs: want %d, got %d", len(cs), len(outs))
	}
	items, failed := make([]metric.Item, len(cs)), Failed{Of: len(cs)}
	for n, c := range cs {
		o := outs[n]
		if c.ID != o.ID {
			return nil, fmt.Errorf("join outputs: want case %q, got %q", c.ID, o.ID)
		}
		if o.Error != "" {
			failed.Cases = append(failed.Cases, o)
		}
		items[n] = metric.Item{ID: c.ID, Stratum: c.Stratum, Expected: c.Expected, Output: o.Output, Seconds: math.NaN()}
		if o.Timed {
			items[n].Seconds = o.Seconds
		}
	}
	if len(failed.Cases) > 0 {
		return nil, &failed
	}
	return items, nil
}

// Hash identifies outputs: equal ids and outputs give an equal hash, whatever
// the order of lines and of keys, the spaces and the seconds. Of a failed case
// it holds that it failed, not the message, which may name addresses.
func Hash(outs []Output) string {
	sorted := slices.Clone(outs)
	slices.SortFunc(sorted, func(a, b Output) int { return strings.Compare(a.ID, b.ID) })
	h := sha256.New()
	put := func(data []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(data)))
		h.Write(n[:])
		h.Write(data)
	}
	for _, o := range sorted {
		put([]byte(o.ID))
		put([]byte{map[bool]byte{false: 0, true: 1}[o.Error != ""]})
		put(canonicalJSON(o.Output))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// canonicalJSON sorts keys and drops spaces; numbers keep their text.
func canonicalJSON(raw json.RawMessage) []byte {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return raw
	}
	data, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return data
}
