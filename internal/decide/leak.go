package decide

import (
	"math"

	"autoresearch-skill/internal/stat"
)

// LeakLimit is the number of bits above which a split should be drawn anew.
const LeakLimit = 20

// LeakBits bounds what the agent can have learnt of the hidden cases from
// their answers: with m consultations and k keeps at most log₂ C(m, k) bits.
func LeakBits(consultations, keeps int) float64 {
	if keeps < 0 || keeps > consultations {
		return math.NaN()
	}
	return stat.LogChoose(consultations, keeps) / math.Ln2
}
