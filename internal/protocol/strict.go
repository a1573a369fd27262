package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
)

// deepest bounds nesting, far above any output's.
const deepest = 200

// problem is a deviation whose place the caller knows.
type problem struct{ want, got string }

func (p *problem) Error() string { return "want " + p.want + ", got " + p.got }

func deviation(want, got string, args ...any) error {
	return &problem{want: want, got: fmt.Sprintf(got, args...)}
}

// located makes an *Error of a problem.
func located(at Error, err error) error {
	var p *problem
	if errors.As(err, &p) {
		at.Want, at.Got = p.want, p.got
		return &at
	}
	at.Want, at.Got = "a readable value", err.Error()
	return &at
}

var notFinite = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?(NaN|Infinity|nan|inf|Inf|-?inf)\b`) })

// checkJSON accepts exactly one JSON value in valid UTF-8, without a key that
// stands twice in an object and without a number that a float64 cannot hold.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return deviation("valid UTF-8", "other bytes")
	}
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		return deviation("JSON", "a byte order mark")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := checkValue(d, 0); err != nil {
		if p := (*problem)(nil); errors.As(err, &p) {
			return err
		}
		return syntaxProblem(data, d.InputOffset(), err)
	}
	end := d.InputOffset()
	if _, err := d.Token(); err != io.EOF {
		return deviation("one JSON value", "something after it: %s", short(string(bytes.TrimSpace(data[end:]))))
	}
	return nil
}

// syntaxProblem names NaN and infinity, the usual reasons: Python's json
// writes them, JSON has none.
func syntaxProblem(data []byte, offset int64, err error) error {
	rest := bytes.TrimLeft(data[min(int(offset), len(data)):], " \t\r\n:,[{")
	if m := notFinite().Find(rest); m != nil {
		return deviation("a finite number", "%s", m)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return deviation("a JSON value", "nothing")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return deviation("a whole JSON value", "one that breaks off")
	}
	return deviation("JSON", "%v: %s", err, short(string(bytes.TrimSpace(data))))
}

func checkValue(d *json.Decoder, depth int) error {
	if depth > deepest {
		return deviation(fmt.Sprintf("at most %d levels of lists and objects", deepest), "more")
	}
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Number:
		if _, err := finite(t); err != nil {
			return err
		}
	case json.Delim:
		if t == '{' {
			return checkObject(d, depth)
		}
		for d.More() {
			if err := checkValue(d, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	}
	return nil
}

func checkObject(d *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		if seen[name] {
			return deviation("each key once", "%q twice", name)
		}
		seen[name] = true
		if err := checkValue(d, depth+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func finite(n json.Number) (float64, error) {
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, deviation("a finite number", "%s", short(n.String()))
	}
	return f, nil
}

// object is a JSON object by its exact keys; encoding/json would take "ID" for
// "id".
type object map[string]json.RawMessage

func readObject(raw json.RawMessage, known ...string) (object, error) {
	var o object
	if err := json.Unmarshal(raw, &o); err != nil || o == nil {
		return nil, deviation("a JSON object", "%s", short(string(raw)))
	}
	for key := range o {
		if len(known) > 0 && !slices.Contains(known, key) {
			return nil, deviation("the keys "+some(known), "%q", key)
		}
	}
	return o, nil
}

func (o object) text(key string) (string, error) {
	raw, ok := o[key]
	if !ok {
		return "", deviation(fmt.Sprintf("a text %q", key), "none")
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil || string(raw) == "null" {
		return "", deviation(fmt.Sprintf("a text %q", key), "%s", short(string(raw)))
	}
	return s, nil
}

func (o object) number(key string) (float64, error) {
	raw, ok := o[key]
	if !ok {
		return 0, deviation(fmt.Sprintf("a number %q", key), "none")
	}
	return number(key, raw)
}

func number(key string, raw json.RawMessage) (float64, error) {
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil || len(raw) == 0 || raw[0] == '"' || raw[0] == 'n' {
		return 0, deviation(fmt.Sprintf("a number %q", key), "%s", short(string(raw)))
	}
	return finite(n)
}

func (o object) numbers(key string) (map[string]float64, error) {
	values, err := readObject(o[key])
	if err != nil {
		return nil, deviation(fmt.Sprintf("an object of numbers %q", key), "%s", found(o[key]))
	}
	out := make(map[string]float64, len(values))
	for name, raw := range values {
		if out[name], err = number(name, raw); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func found(raw json.RawMessage) string {
	if raw == nil {
		return "none"
	}
	return short(string(raw))
}
