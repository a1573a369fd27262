package stat

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// gold opens a reference file beside the project, or skips the test.
func gold(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "shared", "gold", "stats", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("gold/stats/%s: ../shared/gold is not here", name)
	}
	return data
}

// near compares to 1e-9, relative above 1.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

type goldStats struct {
	Paired []struct {
		Deltas      []float64
		N           int
		Mean        float64
		SD          float64 `json:"sd_ddof1"`
		SE          float64
		T           *float64
		SignFlip    float64 `json:"signflip_p_greater_exact"`
		Wins        int
		Losses      int
		Ties        int
		SignTest    float64  `json:"sign_test_p_greater"`
		Without1    float64  `json:"sum_without_best_1"`
		Without2    float64  `json:"sum_without_best_2"`
		Without3    float64  `json:"sum_without_best_3"`
		TTest       *float64 `json:"ttest_p_greater"`
		WilcoxonExa *float64 `json:"wilcoxon_exact_p_greater"`
	}
	MannWhitney []map[string]json.RawMessage `json:"mann_whitney"`
	Summary     []struct {
		X           []float64
		Mean        float64
		Median      float64
		SD          float64 `json:"sd_ddof1"`
		MAD         float64 `json:"mad_raw"`
		ScaledMAD   float64 `json:"mad_scaled_1p4826"`
		GeoMean     float64
		Harmonic    float64 `json:"harmonic_mean"`
		Trimmed     float64 `json:"trimmed_mean_10"`
		Percentiles map[string]map[string]float64
	}
	Wilson []struct {
		K, N   int
		Lo, Hi float64
	} `json:"wilson_95"`
	Next []struct {
		A      float64 `json:"prior_a"`
		B      float64 `json:"prior_b"`
		Keeps  int
		Trials int
		N      int
		P      float64 `json:"p_at_least_one"`
	} `json:"next_improvement_beta"`
	Critical map[string]map[string]*[2]float64 `json:"signed_rank_critical_one_sided"`
}

func loadGold(t *testing.T) goldStats {
	t.Helper()
	var g goldStats
	if err := json.Unmarshal(gold(t, "decision_stats.json"), &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGoldPaired(t *testing.T) {
	for i, c := range loadGold(t).Paired {
		what := func(s string) string { return fmt.Sprintf("case %d %s", i, s) }
		near(t, what("mean"), Mean(c.Deltas), c.Mean)
		near(t, what("sd"), StdDev(c.Deltas), c.SD)
		near(t, what("se"), StdErr(c.Deltas), c.SE)
		p, exact := SignFlip(c.Deltas, Resampling{})
		if !exact {
			t.Errorf("%s: not exact", what("sign flip"))
		}
		near(t, what("sign flip"), p, c.SignFlip)
		p, wins, losses := SignTest(c.Deltas)
		near(t, what("sign test"), p, c.SignTest)
		if wins != c.Wins || losses != c.Losses {
			t.Errorf("%s: got %d:%d, want %d:%d", what("wins"), wins, losses, c.Wins, c.Losses)
		}
		for k, want := range []float64{c.Without1, c.Without2, c.Without3} {
			near(t, what("sum without best"), SumWithoutBest(c.Deltas, k+1), want)
		}
		score, p := TTest(c.Deltas)
		near(t, what("t"), score, deref(c.T))
		if c.T != nil {
			near(t, what("t test"), p, deref(c.TTest))
		}
		if c.WilcoxonExa != nil {
			near(t, what("wilcoxon"), SignedRankP(c.Deltas), *c.WilcoxonExa)
		}
	}
}

func deref(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

func TestGoldMannWhitney(t *testing.T) {
	for i, raw := range loadGold(t).MannWhitney {
		var a, b []float64
		var ties bool
		value := func(key string, into any) bool {
			v, ok := raw[key]
			if ok {
				if err := json.Unmarshal(v, into); err != nil {
					t.Fatal(err)
				}
			}
			return ok
		}
		value("a", &a)
		value("b", &b)
		value("ties", &ties)
		exact, normal := MannWhitney(a, b), MannWhitneyNormal(a, b)
		ways := map[string]float64{
			"U_b":      exact.U,
			"median_a": Median(a), "median_b": Median(b),
			"geomean_ratio_b_over_a": GeoMean(b) / GeoMean(a),
			"asymptotic_p_b_less":    normal.Less, "asymptotic_p_b_greater": normal.Greater, "asymptotic_p_b_two-sided": normal.TwoSide,
			"exact_perm_p_less_midrank": exact.Less, "exact_perm_p_greater_midrank": exact.Greater, "exact_perm_p_two-sided_midrank": exact.TwoSide,
		}
		if !ties {
			ways["exact_p_b_less"], ways["exact_p_b_greater"], ways["exact_p_b_two-sided"] = exact.Less, exact.Greater, exact.TwoSide
		}
		for key, got := range ways {
			var want float64
			if value(key, &want) {
				near(t, fmt.Sprintf("case %d %s", i, key), got, want)
			}
		}
	}
}

func TestGoldSummary(t *testing.T) {
	methods := map[string]QuantileMethod{"linear": Linear, "nearest": Nearest, "inverted_cdf": InvertedCDF, "median_unbiased": MedianUnbiased}
	for i, c := range loadGold(t).Summary {
		for what, v := range map[string][2]float64{
			"mean": {Mean(c.X), c.Mean}, "median": {Median(c.X), c.Median}, "sd": {StdDev(c.X), c.SD},
			"mad": {MAD(c.X), c.MAD}, "scaled mad": {ScaledMAD(c.X), c.ScaledMAD}, "geomean": {GeoMean(c.X), c.GeoMean},
			"harmonic": {HarmonicMean(c.X), c.Harmonic}, "trimmed": {TrimmedMean(c.X, 0.1), c.Trimmed},
		} {
			near(t, fmt.Sprintf("case %d %s", i, what), v[0], v[1])
		}
		for p, byMethod := range c.Percentiles {
			q, err := strconv.ParseFloat(p, 64)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range byMethod {
				near(t, fmt.Sprintf("case %d p%s %s", i, p, name), Quantile(c.X, q/100, methods[name]), want)
			}
		}
	}
}

func TestGoldRest(t *testing.T) {
	g := loadGold(t)
	for _, c := range g.Wilson {
		got := Wilson(c.K, c.N, 0.95)
		near(t, fmt.Sprintf("wilson %d of %d low", c.K, c.N), got.Low, c.Lo)
		near(t, fmt.Sprintf("wilson %d of %d high", c.K, c.N), got.High, c.Hi)
	}
	for _, c := range g.Next {
		near(t, fmt.Sprintf("next of %+v", c), AtLeastOne(c.A, c.B, c.Keeps, c.Trials, c.N), c.P)
	}
	for a, table := range g.Critical {
		alpha, _ := strconv.ParseFloat(a, 64)
		for size, want := range table {
			n, _ := strconv.Atoi(size)
			w, level, ok := SignedRankCritical(n, alpha)
			if ok != (want != nil) {
				t.Errorf("critical(%d, %g): got ok %v, want %v", n, alpha, ok, want != nil)
			} else if ok && (float64(w) != want[0] || math.Abs(level-want[1]) > 1e-12) {
				t.Errorf("critical(%d, %g): got %d at %g, want %v", n, alpha, w, level, *want)
			}
		}
	}
}

var benchLine = regexp.MustCompile(`^Benchmark(\S+)\s+\d+\s+(\S+) ns/op`)

func benchmarks(t *testing.T, name string) map[string][]float64 {
	t.Helper()
	m := map[string][]float64{}
	s := bufio.NewScanner(strings.NewReader(string(gold(t, name))))
	for s.Scan() {
		if f := benchLine.FindStringSubmatch(s.Text()); f != nil {
			v, err := strconv.ParseFloat(f[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			m[f[1]] = append(m[f[1]], v/1e9)
		}
	}
	return m
}

// TestGoldBenchstat compares with benchstat's own CSV, to its printed digits.
func TestGoldBenchstat(t *testing.T) {
	files := []string{"benchstat/old.txt", "benchstat/new.txt", "benchstat/same.txt"}
	var samples []map[string][]float64
	for _, f := range files {
		samples = append(samples, benchmarks(t, f))
	}
	seen := 0
	for line := range strings.Lines(string(gold(t, "benchstat/expected.csv"))) {
		cell := strings.Split(strings.TrimSpace(line), ",")
		if samples[0][cell[0]] == nil {
			if cell[0] == "geomean" {
				checkGeomean(t, samples, cell)
			}
			continue
		}
		seen++
		for i, at := range []int{1, 3, 7} {
			c := Compare(samples[0][cell[0]], samples[i][cell[0]])
			want, _ := strconv.ParseFloat(cell[at], 64)
			near(t, cell[0]+" median", c.New/want, 1)
			if got := c.NewRange.Percent(c.New); got != cell[at+1] {
				t.Errorf("%s in %s: interval got %s, want %s", cell[0], files[i], got, cell[at+1])
			}
			if i > 0 {
				got := []string{"~", fmt.Sprintf("p=%.3f n=%d", c.P, len(samples[i][cell[0]]))}
				if c.Different {
					got[0] = fmt.Sprintf("%+.2f%%", 100*c.Change)
				}
				if got[0] != cell[at+2] || got[1] != cell[at+3] {
					t.Errorf("%s in %s: got %v, want %v", cell[0], files[i], got, cell[at+2:at+4])
				}
			}
		}
	}
	if seen != len(samples[0]) || seen == 0 {
		t.Errorf("compared %d benchmarks, want %d", seen, len(samples[0]))
	}
}

func checkGeomean(t *testing.T, samples []map[string][]float64, cell []string) {
	t.Helper()
	var means []float64
	for _, s := range samples {
		var medians []float64
		for _, x := range s {
			medians = append(medians, Median(x))
		}
		means = append(means, GeoMean(medians))
	}
	for i, at := range []int{1, 3, 7} {
		want, _ := strconv.ParseFloat(cell[at], 64)
		near(t, "geomean", means[i]/want, 1)
		if got := fmt.Sprintf("%+.2f%%", 100*(means[i]/means[0]-1)); i > 0 && got != cell[at+2] {
			t.Errorf("geomean change: got %s, want %s", got, cell[at+2])
		}
	}
}
