package metric

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/formula"
)

func parse(t *testing.T, src string) *formula.Expr {
	t.Helper()
	e, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// compareAnswers checks every scalar of a set of answers, null being
// undefined, and the figures of each class.
func compareAnswers(t *testing.T, items []Item, answers map[string]json.RawMessage, skip string) {
	t.Helper()
	checked := 0
	for key, raw := range answers {
		if key == "confusion" || key == "labels" || strings.Contains(skip, key) {
			continue
		}
		if key == "per_class" {
			compareClasses(t, items, raw)
			continue
		}
		var want *float64
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		r, err := Evaluate(nil, []string{key}, items)
		var none *Undefined
		switch {
		case want == nil && !errors.As(err, &none):
			t.Errorf("%s: got %v (%v), want undefined", key, r.Metrics, err)
		case want != nil && err != nil:
			t.Errorf("%s: %v", key, err)
		case want != nil:
			near(t, key, r.Metrics[mustName(t, key)], *want, 1e-9)
		}
		checked++
	}
	if checked < 4 {
		t.Errorf("checked %d answers only", checked)
	}
}

func compareClasses(t *testing.T, items []Item, raw json.RawMessage) {
	t.Helper()
	var classes map[string][4]float64
	if err := json.Unmarshal(raw, &classes); err != nil {
		t.Fatal(err)
	}
	for class, want := range classes {
		names := []string{"precision[" + class + "]", "recall[" + class + "]", "F1[" + class + "]"}
		r, err := Evaluate(nil, names, items)
		if err != nil {
			t.Errorf("class %s: %v", class, err)
			continue
		}
		for n, name := range names {
			near(t, name, r.Metrics[name], want[n], 1e-9)
		}
	}
}

func TestGoldLearningEdges(t *testing.T) {
	var file struct {
		Cases []struct {
			Kind, Name string
			Truth      []any                      `json:"y_true"`
			Pred       []any                      `json:"y_pred"`
			Expected   map[string]json.RawMessage `json:"expected"`
		}
	}
	goldJSON(t, "ml/edge_cases.json", &file)
	for _, c := range file.Cases {
		t.Run(c.Kind+"/"+c.Name, func(t *testing.T) {
			items := make([]Item, len(c.Truth))
			for i := range items {
				truth := string(asJSON(t, c.Truth[i]))
				if s, ok := c.Truth[i].(string); ok {
					truth = s
				}
				items[i] = Item{ID: strconv.Itoa(i), Expected: truth, Output: asJSON(t, c.Pred[i])}
			}
			compareAnswers(t, items, c.Expected, "")
		})
	}
}

func TestGoldLearningData(t *testing.T) {
	var file struct {
		Datasets map[string]map[string]json.RawMessage
	}
	goldJSON(t, "ml/expected.json", &file)
	const ofScores = "roc_auc average_precision log_loss brier"
	for name, answers := range file.Datasets {
		t.Run(name, func(t *testing.T) {
			header, rows := goldCSV(t, "ml/"+name)
			column := func(name string) []Item {
				items := make([]Item, len(rows))
				for i, row := range rows {
					items[i] = Item{ID: row[header["id"]], Expected: row[header["y_true"]], Output: json.RawMessage(row[header[name]])}
				}
				return items
			}
			compareAnswers(t, column("y_pred"), answers, ofScores)
			if _, ok := header["score"]; !ok {
				return
			}
			scores := map[string]json.RawMessage{}
			for _, key := range strings.Fields(ofScores) {
				scores[key] = answers[key]
			}
			compareAnswers(t, column("score"), scores, "")
		})
	}
}

func TestGoldText(t *testing.T) {
	var file struct {
		Rows []map[string]json.RawMessage
	}
	goldJSON(t, "text/text_pairs.json", &file)
	checked := 0
	for _, row := range file.Rows {
		var goldText, pred string
		if json.Unmarshal(row["gold"], &goldText) != nil || json.Unmarshal(row["pred"], &pred) != nil {
			t.Fatalf("row %s has no texts", row["id"])
		}
		items := []Item{{ID: string(row["id"]), Expected: string(asJSON(t, []string{goldText})), Output: asJSON(t, pred)}}
		for key, raw := range row {
			names, want := []string{key}, []float64{0}
			switch {
			case key == "id" || key == "gold" || key == "pred" || strings.HasPrefix(key, "jaro"):
				continue
			case strings.HasPrefix(key, "rouge"):
				names = []string{key + "[precision]", key + "[recall]", key + "[f]"}
				want = make([]float64, 3)
				if err := json.Unmarshal(raw, &want); err != nil {
					t.Fatal(err)
				}
			default:
				if err := json.Unmarshal(raw, &want[0]); err != nil {
					t.Fatal(err)
				}
			}
			r, err := Evaluate(nil, names, items)
			if err != nil {
				t.Fatalf("row %s: %v", row["id"], err)
			}
			for n, name := range names {
				near(t, "row "+string(row["id"])+" "+name, r.Metrics[mustName(t, name)], want[n], 1e-9)
				checked++
			}
		}
	}
	if checked < 15*40 {
		t.Errorf("checked %d values only", checked)
	}
}

func TestGoldReferences(t *testing.T) {
	var rows []struct {
		Golds []string
		Pred  string
		Exact float64 `json:"exact_squad_max"`
		F1    float64 `json:"f1_squad_max"`
	}
	goldJSON(t, "text/multi_reference.json", &rows)
	for _, row := range rows {
		items := []Item{{ID: "a", Expected: string(asJSON(t, row.Golds)), Output: asJSON(t, row.Pred)}}
		r, err := Evaluate(nil, []string{"squad_EM", "squad_F1"}, items)
		if err != nil {
			t.Fatal(err)
		}
		near(t, row.Pred+" exact", r.Metrics["squad_EM"], row.Exact, 1e-9)
		near(t, row.Pred+" F1", r.Metrics["squad_F1"], row.F1, 1e-9)
	}
}
