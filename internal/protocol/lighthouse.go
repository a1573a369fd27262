package protocol

import (
	"encoding/json"
	"fmt"
	"strings"
)

// readLighthouse reads the file of lighthouse --output=json: the score of each
// category from 0 to 1 (performance, accessibility, best_practices, seo), and
// each audit's number in its own unit, mostly milliseconds
// (largest_contentful_paint). A page that could not be loaded is an error.
func readLighthouse(file string, data []byte) (*Reading, error) {
	var doc struct {
		Categories map[string]struct{ Score json.RawMessage }
		Audits     map[string]struct{ NumericValue json.RawMessage }
		Failure    *struct{ Code, Message string } `json:"runtimeError"`
	}
	if err := readDocument(file, data, &doc); err != nil {
		return nil, err
	}
	if doc.Failure != nil && doc.Failure.Code != "" && doc.Failure.Code != "NO_ERROR" {
		return nil, &Error{File: file, Want: "a page that loads", Got: fmt.Sprintf("%s: %s", doc.Failure.Code, short(doc.Failure.Message))}
	}
	r := &Reading{Values: map[string]float64{}}
	add := func(name string, raw json.RawMessage) error {
		if len(raw) == 0 || string(raw) == "null" {
			return nil
		}
		v, err := number(name, raw)
		if err != nil {
			return located(Error{File: file, Case: name}, err)
		}
		r.Values[clean(strings.ReplaceAll(name, "-", "_"))] = v
		return nil
	}
	for name, audit := range doc.Audits {
		if err := add(name, audit.NumericValue); err != nil {
			return nil, err
		}
	}
	for name, category := range doc.Categories {
		if err := add(name, category.Score); err != nil {
			return nil, err
		}
	}
	if len(doc.Categories) == 0 || len(r.Values) == 0 {
		return nil, &Error{File: file, Want: "the scores of lighthouse --output=json", Got: "none"}
	}
	return r, nil
}
