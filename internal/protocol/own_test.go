package protocol

import (
	"strings"
	"testing"
)

func TestOwnIsCompleteAndRepeats(t *testing.T) {
	score := func(a, b map[string]float64) *Score {
		return &Score{Metrics: map[string]float64{"mark": 1}, Cases: []CaseScore{{ID: "a", Metrics: a}, {ID: "b", Metrics: b}}}
	}
	whole := score(map[string]float64{"mark": 1}, map[string]float64{"mark": 0.5})
	if err := whole.CheckOwn([]string{"mark"}); err != nil {
		t.Error(err)
	}
	if err := score(map[string]float64{"mark": 1}, nil).CheckOwn([]string{"mark"}); err == nil || !strings.Contains(err.Error(), `case "b"`) {
		t.Errorf("a case without a value: got %v", err)
	}
	if err := whole.CheckOwn([]string{"other"}); err == nil {
		t.Error("a metric that is not there passed")
	}
	if err := whole.Repeats(whole, []string{"mark"}); err != nil {
		t.Error(err)
	}
	other := score(map[string]float64{"mark": 1}, map[string]float64{"mark": 0.25})
	if err := whole.Repeats(other, []string{"mark"}); err == nil || !strings.Contains(err.Error(), `0.5, then 0.25`) {
		t.Errorf("another number the second time: got %v", err)
	}
}
