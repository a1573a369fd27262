package protocol

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// share is how many of how many were covered.
type share struct{ covered, of float64 }

// shares names percentages; what has no parts (no branches at all) is left out.
func shares(file string, all map[string]share) (*Reading, error) {
	r := &Reading{Values: map[string]float64{}}
	for name, s := range all {
		switch {
		case s.covered < 0 || s.covered > s.of:
			return nil, &Error{File: file, Want: "at most all of " + name, Got: fmt.Sprintf("%v of %v", s.covered, s.of)}
		case s.of > 0:
			r.Values[name] = 100 * s.covered / s.of
		}
	}
	if _, ok := r.Values["coverage"]; !ok {
		return nil, &Error{File: file, Want: "lines or statements that can be covered", Got: "none"}
	}
	return r, nil
}

// readCoverage reads what was covered, in percent: coverage (of lines, under Go
// of statements), branch_coverage and function_coverage where the file has
// them. The file is of coverage.py (JSON), Cobertura (XML), lcov, or go test
// -coverprofile; its first bytes tell which.
func readCoverage(file string, data []byte) (*Reading, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(text, []byte("mode: ")):
		return readCoverProfile(file, text)
	case bytes.HasPrefix(text, []byte("<")):
		return readCobertura(file, text)
	case bytes.HasPrefix(text, []byte("TN:")), bytes.HasPrefix(text, []byte("SF:")):
		return readLcov(file, text)
	}
	return readCoveragePy(file, data)
}

func readCoveragePy(file string, data []byte) (*Reading, error) {
	var doc struct {
		Totals *struct {
			Covered         float64  `json:"covered_lines"`
			Lines           *float64 `json:"num_statements"`
			CoveredBranches float64  `json:"covered_branches"`
			Branches        float64  `json:"num_branches"`
		}
	}
	if err := readDocument(file, data, &doc); err != nil {
		return nil, err
	}
	t := doc.Totals
	if t == nil || t.Lines == nil {
		return nil, &Error{File: file, Want: "coverage.py's JSON with totals.num_statements, Cobertura's XML, lcov, or go test -coverprofile", Got: "another document"}
	}
	return shares(file, map[string]share{"coverage": {t.Covered, *t.Lines}, "branch_coverage": {t.CoveredBranches, t.Branches}})
}

// readCobertura takes the totals that stand in the root's attributes.
func readCobertura(file string, data []byte) (*Reading, error) {
	attributes := map[string]float64{}
	root := ""
	err := eachElement(data, func(e xml.StartElement) error {
		if root != "" {
			return nil
		}
		root = e.Name.Local
		for _, a := range e.Attr {
			if v, err := plainNumber(a.Value); err == nil {
				attributes[a.Name.Local] = v
			}
		}
		return nil
	})
	if err == nil && root != "coverage" {
		err = deviation("Cobertura's root <coverage>", "<%s>", root)
	}
	if err != nil {
		return nil, located(Error{File: file}, err)
	}
	all := map[string]share{"coverage": {attributes["lines-covered"], attributes["lines-valid"]},
		"branch_coverage": {attributes["branches-covered"], attributes["branches-valid"]}}
	if rate, ok := attributes["line-rate"]; ok && attributes["lines-valid"] == 0 {
		all["coverage"] = share{rate, 1} // older writers give rates only
	}
	return shares(file, all)
}

// readLcov adds each line of a source up over the tests that ran it.
func readLcov(file string, data []byte) (*Reading, error) {
	lines, functions, branches := map[string]bool{}, map[string]bool{}, map[string]bool{}
	source, ended := "", true
	for n, text := range strings.Split(string(data), "\n") {
		key, value, _ := strings.Cut(strings.TrimSpace(text), ":")
		if key == "SF" {
			source, ended = value+"\x00", false
		}
		ended = ended || key == "end_of_record"
		fields := strings.Split(value, ",")
		var into map[string]bool
		id, count := "", ""
		switch {
		case key == "DA" && len(fields) >= 2:
			into, id, count = lines, fields[0], fields[1]
		case key == "FNDA" && len(fields) >= 2:
			into, id, count = functions, strings.Join(fields[1:], ","), fields[0]
		case key == "BRDA" && len(fields) == 4:
			into, id, count = branches, strings.Join(fields[:3], ","), strings.ReplaceAll(fields[3], "-", "0")
		case key == "DA", key == "FNDA", key == "BRDA":
			return nil, &Error{File: file, Line: n + 1, Want: "a line of lcov such as DA:12,1", Got: short(text)}
		default:
			continue
		}
		hits, err := plainNumber(count)
		if err != nil {
			return nil, &Error{File: file, Line: n + 1, Want: "how often it ran", Got: short(text)}
		}
		into[source+id] = into[source+id] || hits > 0
	}
	if !ended {
		return nil, &Error{File: file, Want: "end_of_record after each source", Got: "a file that was cut"}
	}
	return shares(file, map[string]share{"coverage": counted(lines), "function_coverage": counted(functions), "branch_coverage": counted(branches)})
}

func counted(all map[string]bool) share {
	s := share{of: float64(len(all))}
	for _, ran := range all {
		if ran {
			s.covered++
		}
	}
	return s
}

var coverBlock = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.+:[0-9]+\.[0-9]+,[0-9]+\.[0-9]+) ([0-9]+) ([0-9]+)$`)
})

// readCoverProfile counts statements. With -coverpkg a block stands there once
// for each package's tests: one that ran it is enough.
func readCoverProfile(file string, data []byte) (*Reading, error) {
	statements, ran := map[string]float64{}, map[string]bool{}
	for n, line := range strings.Split(string(data), "\n")[1:] {
		m := coverBlock().FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			return nil, &Error{File: file, Line: n + 2, Want: "FILE:FROM,TO STATEMENTS COUNT", Got: short(line)}
		}
		count, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return nil, &Error{File: file, Line: n + 2, Want: "a number of statements", Got: short(m[2])}
		}
		statements[m[1]] = count
		ran[m[1]] = ran[m[1]] || strings.Trim(m[3], "0") != ""
	}
	var s share
	for block, count := range statements {
		s.of += count
		if ran[block] {
			s.covered += count
		}
	}
	return shares(file, map[string]share{"coverage": s})
}
