package agent

// Answer is what a hook prints as JSON; the zero Answer prints nothing and
// decides nothing.
type Answer struct {
	Output *Output `json:"hookSpecificOutput,omitempty"`
}

// Output is the part of an answer that the client reads for its event.
type Output struct {
	Event    string `json:"hookEventName"`
	Decision string `json:"permissionDecision,omitempty"`
	Reason   string `json:"permissionDecisionReason,omitempty"`
	Context  string `json:"additionalContext,omitempty"`
}

// Deny blocks a tool's call and tells the agent what to do instead.
func Deny(reason string) Answer {
	return Answer{&Output{Event: "PreToolUse", Decision: "deny", Reason: limit(reason)}}
}

// permit lets a call of the agent's own verbs through without a question.
func permit(reason string) Answer {
	return Answer{&Output{Event: "PreToolUse", Decision: "allow", Reason: reason}}
}

// Tell adds text to what the model reads; at a stop it makes it go on.
func Tell(event, text string) Answer {
	return Answer{&Output{Event: event, Context: limit(text)}}
}

// Denied reports whether the answer blocks.
func (a Answer) Denied() bool { return a.Output != nil && a.Output.Decision == "deny" }

// limit keeps an answer below the client's 10,000 characters.
func limit(text string) string {
	if r := []rune(text); len(r) > 4000 {
		return string(r[:4000]) + " …"
	}
	return text
}
