package label

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/stat"
)

// Agreement is how far two labellers agree on the cases that both labelled.
type Agreement struct {
	Names     [2]string `json:"labellers"`
	Cases     int       `json:"cases"`     // that both labelled
	Judgments int       `json:"judgments"` // of a ranking, results; else cases
	Same      int       `json:"same"`
	Open      int       `json:"open"`            // differences that nobody picked an answer for
	Kappa     *float64  `json:"kappa,omitempty"` // nil where it is undefined, or means nothing for the kind
	Apart     *float64  `json:"apart,omitempty"` // of numbers: their mean distance
	graded    bool
	unseen    bool // of some case it is not known what was shown: no kappa, for chance is not known
}

// Poor says that the labels are too far apart to be measured with. Below .6
// the customary words end at "moderate" (Landis and Koch, Biometrics 33, 1977).
func (a *Agreement) Poor() bool { return a.Kappa != nil && *a.Kappa < .6 }

func (a *Agreement) String() string {
	if a.Cases == 0 {
		return fmt.Sprintf("%s and %s labelled no case in common", a.Names[0], a.Names[1])
	}
	text := fmt.Sprintf("%s and %s agree on %d of %s in %s", a.Names[0], a.Names[1], a.Same, several(a.Judgments, "judgment"), several(a.Cases, "case"))
	switch {
	case a.unseen:
		text += "; no kappa, for what the system returned is not known of all of them"
	case a.Kappa != nil && a.graded:
		text += fmt.Sprintf("; Cohen's kappa, weighted by the grades' distance, %.2f", *a.Kappa)
	case a.Kappa != nil:
		text += fmt.Sprintf("; Cohen's kappa %.2f", *a.Kappa)
	case a.Apart != nil:
		text += fmt.Sprintf("; the numbers are %.4g apart in the mean", *a.Apart)
	}
	if a.Open > 0 {
		text += fmt.Sprintf("; %s open", several(a.Open, "difference"))
	}
	return text
}

func several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// Said is what two people said, and what was picked where they differ: label
// cells by case.
type Said struct {
	Names  [2]string
	Labels [2]map[string]string
	Picked map[string]string
}

// point is one thing that both judged: a result of a ranking, or the case.
type point struct {
	id     string // of the result; "" for the case as a whole
	says   [2]string
	grades [2]float64 // of a ranking
	picked *string
}

func (p *point) same() bool { return p.says[0] == p.says[1] }

// answer is what is agreed on or was picked; ok is false while it is open.
func (p *point) answer() (text string, ok bool) {
	if p.same() {
		return p.says[0], true
	}
	if p.picked == nil {
		return "", false
	}
	return *p.picked, true
}

// points are what both judged of a case; nil where one did not label it. In a
// ranking a result that was left unmarked counts as not relevant, so all that
// were shown were judged.
func (s *Said) points(kind metric.Kind, caseID string, shown []string) ([]*point, error) {
	a, b := s.Labels[0][caseID], s.Labels[1][caseID]
	if strings.TrimSpace(a) == "" || strings.TrimSpace(b) == "" {
		return nil, nil
	}
	if kind != metric.Ranking {
		p := &point{says: [2]string{plain(kind, a), plain(kind, b)}}
		if text, there := s.Picked[caseID]; there {
			p.picked = &text
		}
		return []*point{p}, nil
	}
	first, err := gradesOf(a)
	if err != nil {
		return nil, err
	}
	second, err := gradesOf(b)
	if err != nil {
		return nil, err
	}
	picked, err := gradesOf(s.Picked[caseID])
	if err != nil {
		return nil, err
	}
	all := union(first, second)
	for _, id := range shown {
		all[id] = 0
	}
	var out []*point
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p := &point{id: id, grades: [2]float64{max(0, first[id]), max(0, second[id])}}
		p.says = [2]string{number(p.grades[0]), number(p.grades[1])}
		if g, there := picked[id]; there {
			text := number(g)
			p.picked = &text
		}
		out = append(out, p)
	}
	return out, nil
}

func union(a, b map[string]float64) map[string]float64 {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func gradesOf(cell string) (map[string]float64, error) {
	labels, err := metric.ParseLabels(cell)
	out := map[string]float64{}
	for _, l := range labels {
		out[l.ID] = l.Grade
	}
	return out, err
}

// number writes a grade, or a right number, in one way.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// plain is an answer as two of them are compared: blanks around it, and how a
// number is written, are no difference.
func plain(kind metric.Kind, cell string) string {
	text := strings.TrimSpace(cell)
	if v, err := strconv.ParseFloat(text, 64); err == nil && kind == metric.Regression {
		return number(v)
	}
	return text
}

// Agree compares what two people said of the cases. Shown are the results that
// they saw, by case; what nobody marked among them, both held for not relevant.
func Agree(kind metric.Kind, graded bool, t *cases.Table, s *Said, shown map[string][]string) (*Agreement, error) {
	a := &Agreement{Names: s.Names, graded: graded && kind == metric.Ranking}
	var says [2][]string
	var values [2][]float64
	for _, c := range t.Cases {
		points, err := s.points(kind, c.ID, shown[c.ID])
		if err != nil {
			return nil, fmt.Errorf("labels of case %q: %w", c.ID, err)
		}
		if len(points) > 0 {
			a.Cases++
			a.unseen = a.unseen || kind == metric.Ranking && len(shown[c.ID]) == 0
		}
		for _, p := range points {
			a.Judgments++
			if p.same() {
				a.Same++
			} else if p.picked == nil {
				a.Open++
			}
			for i := range says {
				says[i] = append(says[i], p.says[i])
				v := p.grades[i]
				if kind == metric.Regression {
					v, _ = strconv.ParseFloat(p.says[i], 64) // the desk takes numbers only; else 0
				}
				values[i] = append(values[i], v)
			}
		}
	}
	a.measure(kind, says, values)
	return a, nil
}

func (a *Agreement) measure(kind metric.Kind, says [2][]string, values [2][]float64) {
	var k float64
	switch {
	case kind == metric.Regression && len(values[0]) > 0:
		apart := 0.0
		for i := range values[0] {
			apart += math.Abs(values[0][i] - values[1][i])
		}
		apart /= float64(len(values[0]))
		a.Apart = &apart
		return
	case kind == metric.Ranking:
		k = stat.Kappa(values[0], values[1], stat.ByGrade)
	case kind == metric.Classification:
		k = stat.Kappa(says[0], says[1], stat.ByClass)
	default:
		return // of free texts, chance agreement says nothing
	}
	if !math.IsNaN(k) && !a.unseen {
		a.Kappa = &k
	}
}
