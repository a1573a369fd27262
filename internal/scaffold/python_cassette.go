package scaffold

import (
	"errors"
	"fmt"
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
