package label

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
)

// columnOf is a column's place in a header, case no difference; −1 where it has
// none.
func columnOf(names []string, column string) int {
	if i := slices.Index(names, column); i >= 0 {
		return i
	}
	return slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), column) })
}

// lineOf is a line's values by a header.
func lineOf(names, cells []string) func(string) (string, bool) {
	return func(column string) (string, bool) {
		i := columnOf(names, column)
		if i < 0 || i >= len(cells) {
			return "", false
		}
		return cells[i], true
	}
}

func readCSVLog(r *logReader) error {
	if mark, err := r.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = r.in.Discard(3)
	}
	rows := csv.NewReader(r.in)
	rows.FieldsPerRecord = -1
	names, err := rows.Read()
	if err != nil {
		return err
	}
	if err := r.header(names); err != nil {
		return err
	}
	for {
		cells, err := rows.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			lost := 1 + bad.Line - bad.StartLine // a quote that nothing closes takes what follows along
			r.Lines += lost
			r.skip(bad.StartLine, lost, bad.Err.Error())
		case err != nil:
			return err
		default:
			r.Lines++
			line, _ := rows.FieldPos(0)
			r.take(line, lineOf(names, cells))
		}
	}
}

// lines gives each line with its number, from 1.
func (r *logReader) lines(do func(line int, text string) error) error {
	for n := 1; ; n++ {
		text, err := r.in.ReadString('\n')
		if text != "" {
			text = strings.TrimRight(text, "\r\n")
			if n == 1 {
				text = strings.TrimPrefix(text, "\xef\xbb\xbf")
			}
			if err := do(n, text); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readTSVLog takes tabs as they are: such logs know no quotes.
func readTSVLog(r *logReader) error {
	var names []string
	return r.lines(func(line int, text string) error {
		if names == nil {
			names = strings.Split(text, "\t")
			return r.header(names)
		}
		if text != "" {
			r.Lines++
			r.take(line, lineOf(names, strings.Split(text, "\t")))
		}
		return nil
	})
}

// readJSONLog takes the first object that has what is needed as the header:
// logs of all that happened hold other objects too.
func readJSONLog(r *logReader) error {
	var headless error
	known := false
	err := r.lines(func(line int, text string) error {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		r.Lines++
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &object) != nil {
			r.skip(line, 1, "no JSON object")
			return nil //nolint:nilerr // a line that can't be read is listed, and the next one read
		}
		names := slices.Sorted(maps.Keys(object))
		if !known {
			if err := r.header(names); err != nil {
				headless = cmp.Or(headless, err)
				r.skip(line, 1, err.Error())
				return nil
			}
			known = true
		}
		cells := make([]string, len(names))
		for i, name := range names {
			cells[i] = textOf(object[name])
		}
		r.take(line, lineOf(names, cells))
		return nil
	})
	if err == nil && !known {
		return headless
	}
	return err
}

func readPlainLog(r *logReader) error {
	return r.lines(func(line int, text string) error {
		r.Lines++
		r.take(line, func(string) (string, bool) { return text, true })
		return nil
	})
}
