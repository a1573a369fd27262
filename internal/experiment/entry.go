package experiment

import "path"

// EvalFile is the name of the rendered evaluation in the harness folder, by the
// language in which a system of this kind is called; "" for a whole evaluation,
// which is the user's own.
func (e *Experiment) EvalFile() string {
	switch {
	case e.System == nil:
		return ""
	case e.System.Kind == Node:
		return "eval.mjs"
	}
	return "eval.py"
}

// Interpreter is the words before EvalFile.
func (e *Experiment) Interpreter() []string {
	if e.System == nil {
		return nil
	}
	// Validation has refused what does not split.
	if words, err := Words(e.System.Interpreter); err == nil && len(words) > 0 {
		return words
	}
	if e.System.Kind == Node {
		return []string{"node"}
	}
	return []string{"python3"}
}

// Entry is the evaluation's command without its verb: the interpreter and the
// rendered file in harness, a slash path as seen from where the command runs;
// or a whole evaluation's own command.
func (e *Experiment) Entry(harness string) []string {
	if e.Evaluation != nil {
		return append([]string(nil), e.Evaluation.Command...)
	}
	file := e.EvalFile()
	if file == "" {
		return nil
	}
	return append(append([]string(nil), e.Interpreter()...), path.Join(harness, file))
}
