package scaffold

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// pythonCassette renders what records and replays the frozen calls; nothing
// where the contract names none.
func pythonCassette(v *evaluation) (string, error) {
	if len(v.Calls) == 0 {
		return "", nil
	}
	src, err := execute("python/cassette.py", v)
	return strings.TrimSpace(string(src)), err
}

// redirected are variables that lead to the recording server, whose address is
// another one in each evaluation; the records of requests hold where they went.
var redirected = regexp.MustCompile(`_(BASE_URL|API_BASE|API_URL|ENDPOINT|ENDPOINT_URL)$|^AWS_ENDPOINT_URL_|^OLLAMA_HOST$`)

// keyed are the variables whose values are part of a frozen call's key.
func keyed(e *experiment.Experiment) []string {
	out := []string{}
	for _, name := range e.Env {
		if e.Cache.HTTP != "base-url" || !redirected.MatchString(name) {
			out = append(out, name)
		}
	}
	return out
}

// recordable refuses a contract that wants recorded what nothing here records:
// an evaluation that silently calls out each time would be worse.
func recordable(e *experiment.Experiment) error {
	switch {
	case e.Cache.HTTP == "proxy":
		return errors.New("cache.http: proxy is not there in this version: base-url records clients that obey OPENAI_BASE_URL and the like")
	case len(e.Cache.Calls) > 0 && e.System != nil && e.System.Kind != experiment.Python:
		return fmt.Errorf("cache.calls: calls are recorded for python systems in this version, not for %q; cache.http: base-url records requests of any", e.System.Kind)
	}
	return nil
}
