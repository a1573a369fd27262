package report

import (
	"fmt"
	"time"

	"autoresearch-skill/internal/journal"
)

// Cost is what a run used.
type Cost struct {
	Took        time.Duration // by attempts and evaluations between them
	Evals       time.Duration // of it, evaluations
	Passed      time.Duration // from start to the last of them: the agent's own work and idle hours too
	Evaluations int
	Calls       journal.Calls  // frozen calls and requests of the iterations, as far as they may be told
	Consulted   int            // times that the hidden cases were asked
	LeakBits    float64        // bound on what their answers gave away
	Agent       *journal.Usage // nil where no session told anything
}

// Told says that some session said what it used.
func (c Cost) Told() bool { return c.Agent != nil && c.Agent.Told > 0 }

// Complete says that every session did, and that they made all the attempts.
func (c Cost) Complete(attempts int) bool {
	return c.Told() && c.Agent.Told >= c.Agent.Sessions && c.Agent.Attempts >= attempts
}

func (m *Map) costLine() string {
	if m.Source != "" {
		return fmt.Sprintf("%s, %d kept; the log does not say what they took: time, tokens and dollars are unknown.", count(m.Iterations, "attempt", "attempts"), m.Kept)
	}
	c := m.Cost
	s := fmt.Sprintf("%s took %s: %s, %s of it.", count(m.Iterations, "attempt", "attempts"), span(c.Took), count(c.Evaluations, "evaluation", "evaluations"), span(c.Evals))
	if m.Kept > 0 {
		s += fmt.Sprintf(" For each keep: %.1f evaluations, %s.", float64(c.Evaluations)/float64(m.Kept), span(c.Took/time.Duration(m.Kept)))
	}
	if c.Passed > c.Took+c.Took/10 {
		s += fmt.Sprintf(" From start to the last attempt %s passed: what the agent read, thought and wrote, and idle time, are in that.", span(c.Passed))
	}
	if n := c.Calls; n.Replayed+n.Made > 0 {
		s += fmt.Sprintf(" Of %d frozen calls and requests %d were made and the rest replayed.", n.Replayed+n.Made, n.Made)
	}
	if m.Hidden > 0 {
		s += fmt.Sprintf(" The hidden cases were asked %s, which gave away at most %.1f bits about them.", count(c.Consulted, "time", "times"), c.LeakBits)
	}
	return s
}

// agentLine is what the agent used, by its own account.
func (m *Map) agentLine() string {
	u := m.Cost.Agent
	if !m.Cost.Told() {
		why := "only Claude Code under launch tells them, and it did not run here"
		if u != nil && u.Sessions > 0 {
			why = fmt.Sprintf("none of the agent's %s told them", count(u.Sessions, "session", "sessions"))
		}
		return fmt.Sprintf("Tokens and dollars: unknown; %s.", why)
	}
	whole := m.Cost.Complete(m.Iterations)
	s := "The agent, by its client's account: "
	if !whole {
		s += "at least "
	}
	s += fmt.Sprintf("%s, %s", tokens(u.Tokens), dollars(u.Dollars))
	switch {
	case m.Kept == 0:
		s += "; nothing was kept for it"
	case whole:
		each := journal.Tokens{Input: u.Tokens.All() / int64(m.Kept)}
		s += fmt.Sprintf("; for each keep %s, %s", tokens(each), dollars(u.Dollars/float64(m.Kept)))
	default:
		s += "; for each keep unknown"
	}
	if !whole {
		s += fmt.Sprintf(". It is known for %d of %s and for %d of %s", u.Told, count(u.Sessions, "session", "sessions"), min(u.Attempts, m.Iterations), count(m.Iterations, "attempt", "attempts"))
	}
	return s + "."
}

// tokens counts them for people, with the share that came from a cache.
func tokens(t journal.Tokens) string {
	n := t.All()
	if n == 0 {
		return "tokens unknown"
	}
	s := large(n) + " tokens"
	if t.Cached > 0 {
		s += fmt.Sprintf(" (%.0f %% of them read from a cache, %s written by it)", 100*float64(t.Cached)/float64(n), large(t.Output))
	}
	return s
}

func large(n int64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f million", float64(n)/1e6)
	case n >= 1e4:
		return fmt.Sprintf("%.0f thousand", float64(n)/1e3)
	}
	return grouped(float64(n))
}

func dollars(v float64) string {
	if v > 0 && v < 0.1 {
		return fmt.Sprintf("$%.4f", v)
	}
	return fmt.Sprintf("$%.2f", v)
}
