package loop

import (
	"fmt"
	"math"
)

// Number prints a score or a metric as people compare them: four decimals,
// more only where the value is small.
func Number(v float64) string {
	switch a := math.Abs(v); {
	case a < 1e-12:
		return "0.0000"
	case a < 0.001:
		return fmt.Sprintf("%.3g", v)
	case a >= 1e6:
		return fmt.Sprintf("%.6g", v)
	}
	return fmt.Sprintf("%.4f", v)
}
