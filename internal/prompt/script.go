package prompt

import (
	"fmt"
	"strings"

	"autoresearch-skill/internal/interview"
)

// Step is one question that a script expects, and its answer. "" accepts the
// proposal; "yes" and "no" answer a Confirm.
type Step struct{ Key, Answer string }

// Script answers from a list, for tests: the questions must come in its order,
// an answer must be one that the user could give, and Unused tells what was
// never asked.
type Script struct {
	steps []Step
	Asked []interview.Question // what was asked so far
}

// NewScript makes a script of steps.
func NewScript(steps ...Step) *Script { return &Script{steps: steps} }

// Unused is an error if answers are left.
func (s *Script) Unused() error {
	if len(s.steps) == 0 {
		return nil
	}
	keys := make([]string, len(s.steps))
	for i, step := range s.steps {
		keys[i] = step.Key
	}
	return fmt.Errorf("script: never asked: %s", strings.Join(keys, ", "))
}

// next takes the answer to a question.
func (s *Script) next(q interview.Question) (string, error) {
	s.Asked = append(s.Asked, q)
	if len(s.steps) == 0 {
		return "", fmt.Errorf("script: unexpected question %q (%s): %s", q.Key, q.Flag, q.Text)
	}
	step := s.steps[0]
	if step.Key != q.Key {
		return "", fmt.Errorf("script: question %q (%s) where %q was expected", q.Key, q.Flag, step.Key)
	}
	s.steps = s.steps[1:]
	if step.Answer == "" {
		return q.Proposal, nil
	}
	return step.Answer, nil
}

// Select answers with an option's value.
func (s *Script) Select(q interview.Question, options []interview.Option) (string, error) {
	answer, err := s.next(q)
	if err != nil {
		return "", err
	}
	if !has(options, answer) {
		return "", fmt.Errorf("script: question %q has no option %q", q.Key, answer)
	}
	return answer, nil
}

// Input answers with a text that the question takes.
func (s *Script) Input(q interview.Question) (string, error) {
	answer, err := s.next(q)
	if err != nil {
		return "", err
	}
	if err := check(q, answer); err != nil {
		return "", fmt.Errorf("script: question %q refuses %q: %w", q.Key, answer, err)
	}
	return answer, nil
}

// Confirm answers yes or no.
func (s *Script) Confirm(q interview.Question) (bool, error) {
	answer, err := s.next(q)
	if err != nil {
		return false, err
	}
	if answer != "yes" && answer != "no" {
		return false, fmt.Errorf("script: question %q wants yes or no, not %q", q.Key, answer)
	}
	return answer == "yes", nil
}
