package protocol

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// eachElement calls f for each start of an element of a whole document. What
// entities stand for is never fetched.
func eachElement(data []byte, f func(xml.StartElement) error) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // names and numbers are ASCII
	for seen := false; ; {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && seen:
			return nil
		case err != nil:
			return deviation("a whole XML document", "%v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			seen = true
			if err := f(e); err != nil {
				return err
			}
		}
	}
}

// readJUnit counts the test cases of a JUnit XML file, as pytest --junitxml,
// node --test-reporter=junit, gotestsum, Maven and others write it: tests,
// passed, failures, errors, skipped; pass_rate, of those that were not skipped;
// and time, the sum of the cases' seconds.
func readJUnit(file string, data []byte) (*Reading, error) {
	counts := map[string]float64{"tests": 0, "failures": 0, "errors": 0, "skipped": 0, "time": 0}
	results := map[string]string{"failure": "failures", "error": "errors", "skipped": "skipped"}
	root, result := "", ""
	end := func() {
		if result != "" {
			counts[result]++
		}
		result = ""
	}
	err := eachElement(data, func(e xml.StartElement) error {
		if root == "" {
			if root = e.Name.Local; root != "testsuites" && root != "testsuite" {
				return deviation("JUnit's root <testsuites> or <testsuite>", "<%s>", root)
			}
		}
		switch name := e.Name.Local; {
		case name == "testsuite":
			end() // its own <error> is no case's
		case name == "testcase":
			end()
			counts["tests"]++
			return addTime(counts, e)
		case results[name] != "" && counts["tests"] > 0 && (result == "" || name == "error"):
			result = results[name] // a case that failed and then raised counts once
		}
		return nil
	})
	end()
	if err != nil {
		return nil, located(Error{File: file}, err)
	}
	counts["passed"] = counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"]
	ran := counts["tests"] - counts["skipped"]
	if ran <= 0 {
		return nil, &Error{File: file, Want: "a test case that was run", Got: fmt.Sprintf("%v cases, %v of them skipped", counts["tests"], counts["skipped"])}
	}
	counts["pass_rate"] = counts["passed"] / ran
	return &Reading{Values: counts}, nil
}

// addTime adds a case's seconds, which some write as 1,234.5.
func addTime(counts map[string]float64, e xml.StartElement) error {
	for _, a := range e.Attr {
		if a.Name.Local != "time" || a.Value == "" {
			continue
		}
		v, err := plainNumber(strings.ReplaceAll(a.Value, ",", ""))
		if err != nil {
			return deviation("seconds as a case's time", "%s", short(a.Value))
		}
		counts["time"] += v
	}
	return nil
}
