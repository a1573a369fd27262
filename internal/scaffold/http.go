package scaffold

import (
	"fmt"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// httpEval renders the eval.py of a URL and the server behind it.
func httpEval(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	h, err := newHosted(e, harness, cases)
	if err != nil {
		return nil, err
	}
	h.Method, h.URL = "GET", e.System.Call
	if url, ok := strings.CutPrefix(e.System.Call, "POST "); ok {
		h.Method, h.URL = "POST", strings.TrimSpace(url)
	}
	columns, err := placed("system.call", []string{h.URL}, e, cases)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 && len(h.Arguments) == 0 {
		return nil, fmt.Errorf("system.arguments: %s gets nothing of a case: want {column} in system.call, or arguments", e.System.Call)
	}
	h.Server = []string{}
	if s := e.System.Server; s != nil {
		h.Server, h.Ready, h.Restart = s.Command, s.Ready, s.Restart != "once"
	}
	return h.render(false, "run.py", "http.py")
}
