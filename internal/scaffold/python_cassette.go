package scaffold

import "strings"

// pythonCassette renders what records and replays the frozen calls; nothing
// where the contract names none.
func pythonCassette(v *evaluation) (string, error) {
	if len(v.Calls) == 0 {
		return "", nil
	}
	src, err := execute("python/cassette.py", v)
	return strings.TrimSpace(string(src)), err
}
