package metric

import "encoding/json"

// IDs lists the ids of a ranking output, best first: in the order given or,
// where every item has a score, by score.
func IDs(output json.RawMessage) ([]string, error) { return rankedIDs(output) }
