package interview

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// other is the option behind which a free answer is asked for.
const other = "other"

// none is the answer that says there is nothing.
const none = "none"

// input asks for a text unless its flag has it. An optional question's "none"
// is "".
func (t *talk) input(q Question) (string, error) {
	name := strings.TrimPrefix(q.Flag, "--")
	valid := q.Validate
	if q.Optional {
		q.Validate = func(s string) error {
			if isNone(s) || valid == nil {
				return nil
			}
			return valid(s)
		}
	}
	if t.given.Given(name) {
		answer := t.given.One(name)
		if answer == "" && !q.Optional {
			return "", wrong(name, "want an answer: %s", q.Text)
		}
		if answer != "" && valid != nil {
			if err := valid(answer); err != nil {
				return "", wrong(name, "%v", err)
			}
		}
		return answer, nil
	}
	answer, err := t.a.Input(q)
	if err != nil {
		return "", t.failed(q, err)
	}
	answer = strings.TrimSpace(answer)
	if q.Optional && isNone(answer) {
		return "", nil
	}
	return answer, nil
}

// list asks for a list of texts, one to a line of a flag or separated by the
// separator when typed.
func (t *talk) list(q Question, sep string) ([]string, error) {
	name := strings.TrimPrefix(q.Flag, "--")
	valid := q.Validate
	q.Optional = true
	q.Validate = func(s string) error {
		if isNone(s) || valid == nil {
			return nil
		}
		for _, item := range split(s, sep) {
			if err := valid(item); err != nil {
				return err
			}
		}
		return nil
	}
	if t.given.Given(name) {
		items := t.given.All(name)
		for _, item := range items {
			if valid != nil {
				if err := valid(item); err != nil {
					return nil, wrong(name, "%v", err)
				}
			}
		}
		return items, nil
	}
	answer, err := t.a.Input(q)
	if err != nil {
		return nil, t.failed(q, err)
	}
	if isNone(answer) {
		return nil, nil
	}
	return split(answer, sep), nil
}

func split(s, sep string) []string {
	var out []string
	for _, item := range strings.Split(s, sep) {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// choose asks which of several, or what else if other is among the options.
func (t *talk) choose(q Question, options []Option, free Question) (string, error) {
	if t.given.Given(strings.TrimPrefix(q.Flag, "--")) {
		return t.input(free)
	}
	answer, err := t.a.Select(q, options)
	if err != nil {
		return "", t.failed(q, err)
	}
	if answer == other && slices.ContainsFunc(options, func(o Option) bool { return o.Value == other }) {
		return t.input(free)
	}
	return answer, nil
}

// failed names the flag in an error of an asker that lacks it.
func (t *talk) failed(q Question, err error) error {
	var missing *Missing
	if errors.As(err, &missing) || strings.Contains(err.Error(), q.Flag) {
		return err
	}
	return fmt.Errorf("%s: %w", q.Flag, err)
}
