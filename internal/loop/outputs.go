package loop

import (
	"bytes"
	"encoding/json"
	"fmt"

	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/state"
)

// OutputsFile is where finish keeps what a run's final version, or its
// baseline, returned for every case: JSON lines in the state folder. There is
// none of a whole evaluation.
func (p *Place) OutputsFile(run, version string) string {
	return p.State.File(fmt.Sprintf("outputs-%s-%s.jsonl", run, version))
}

// The versions whose outputs are kept.
const (
	FinalVersion    = "final"
	BaselineVersion = "baseline"
)

func (r *run) keepOutputs(version string, outputs []protocol.Output) error {
	if len(outputs) == 0 {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, o := range outputs {
		if err := enc.Encode(o); err != nil {
			return fmt.Errorf("keep the outputs of the %s: %w", version, err)
		}
	}
	return state.WriteFile(r.OutputsFile(r.session.Start.Run, version), b.Bytes(), 0o600)
}
