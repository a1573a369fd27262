package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"autoresearch-skill/internal/metric"
)

// document finds the JSON value in what was printed: all of it, or else its
// last line that begins a JSON object or list that reaches to the end, log
// lines before it.
func document(file string, data []byte) (json.RawMessage, error) {
	whole := checkJSON(data)
	if whole == nil {
		return data, nil
	}
	text := bytes.TrimRight(data, " \t\r\n")
	for end, tries := len(text), 0; end > 0 && tries < 1000; tries++ {
		start := bytes.LastIndexByte(text[:end], '\n') + 1
		if rest := bytes.TrimLeft(text[start:], " \t"); len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') && checkJSON(rest) == nil {
			return rest, nil
		}
		end = start - 1
	}
	return nil, located(Error{File: file}, whole)
}

func decodeNumbers(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// readPlainJSON names every number of the document by its path: {"a": {"b": 1},
// "c": [2]} has a.b and c.0. Lists longer than 1000 are left out. A document
// that is one number has no name.
func readPlainJSON(file string, data []byte) (*Reading, error) {
	raw, err := document(file, data)
	if err != nil {
		return nil, err
	}
	v, err := decodeNumbers(raw)
	if err != nil {
		return nil, located(Error{File: file}, err)
	}
	r := &Reading{Values: map[string]float64{}}
	flatten(r.Values, metric.Unnamed, v)
	if len(r.Values) == 0 {
		return nil, &Error{File: file, Want: "a JSON document with numbers", Got: short(string(bytes.TrimSpace(raw)))}
	}
	return r, nil
}

func flatten(into map[string]float64, path string, v any) {
	const longest = 1000
	join := func(key string) string {
		if path == "" {
			return key
		}
		return path + "." + key
	}
	switch v := v.(type) {
	case json.Number:
		if path != metric.Unnamed {
			path = clean(path)
		}
		if f, err := finite(v); err == nil && (path == metric.Unnamed || metric.IsName(path)) {
			into[path] = f
		}
	case map[string]any:
		for key, x := range v {
			if key != "" {
				flatten(into, join(key), x)
			}
		}
	case []any:
		if len(v) <= longest {
			for n, x := range v {
				flatten(into, join(strconv.Itoa(n)), x)
			}
		}
	}
}

// pointerTokens splits a JSON pointer (RFC 6901).
func pointerTokens(pointer string) ([]string, error) {
	if pointer == "" {
		return nil, nil
	}
	if pointer[0] != '/' {
		return nil, fmt.Errorf("JSON pointer %q: want a / at its start", pointer)
	}
	tokens := strings.Split(pointer[1:], "/")
	for n, t := range tokens {
		for i := range t {
			if t[i] == '~' && (i+1 == len(t) || t[i+1] != '0' && t[i+1] != '1') {
				return nil, fmt.Errorf("JSON pointer %q: want ~0 or ~1 after ~", pointer)
			}
		}
		tokens[n] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	return tokens, nil
}

var errNotThere = errors.New("not there")

// follow walks a pointer's tokens; the error says how far it came.
func follow(v any, tokens []string) (any, error) {
	for n, t := range tokens {
		at := "/" + strings.Join(tokens[:n+1], "/")
		switch x := v.(type) {
		case map[string]any:
			next, ok := x[t]
			if !ok {
				return nil, fmt.Errorf("no %q: %w", at, errNotThere)
			}
			v = next
		case []any:
			i, err := strconv.Atoi(t)
			if err != nil || i < 0 || strconv.Itoa(i) != t {
				return nil, fmt.Errorf("a list at %q, where %q is no index: %w", "/"+strings.Join(tokens[:n], "/"), t, errNotThere)
			}
			if i >= len(x) {
				return nil, fmt.Errorf("a list of %d, without %q: %w", len(x), at, errNotThere)
			}
			v = x[i]
		default:
			return nil, fmt.Errorf("no %q: %w", at, errNotThere)
		}
	}
	return v, nil
}

// readPointer takes the number at a JSON pointer; it has no name. An empty
// pointer is the whole document, which must be a number.
func readPointer(file, pointer string, data []byte) (*Reading, error) {
	raw, err := document(file, data)
	if err != nil {
		return nil, err
	}
	v, err := decodeNumbers(raw)
	if err != nil {
		return nil, located(Error{File: file}, err)
	}
	tokens, err := pointerTokens(pointer)
	if err != nil {
		return nil, err
	}
	want := fmt.Sprintf("a number at %q", pointer)
	v, err = follow(v, tokens)
	if err != nil {
		return nil, &Error{File: file, Want: want, Got: strings.TrimSuffix(err.Error(), ": "+errNotThere.Error())}
	}
	n, ok := v.(json.Number)
	if !ok {
		text, _ := json.Marshal(v) // decoded JSON marshals
		return nil, &Error{File: file, Want: want, Got: short(string(text))}
	}
	f, err := finite(n)
	if err != nil {
		return nil, located(Error{File: file}, err)
	}
	return &Reading{Values: map[string]float64{metric.Unnamed: f}}, nil
}
