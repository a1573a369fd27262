package scaffold

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/metric"
)

// pythonMetric says how a metric of the catalogue is computed in Python:
// which snippet of templates/python/metrics, and how it is called.
type pythonMetric struct {
	snippet  string
	call     string   // with "case" or "cases"; %s takes the further arguments
	keywords []string // selectors in brackets; "rel=N" stands for any number
	classes  bool     // any other selector is a class
	bare     string   // the keyword that means "no selector"
	// part overrides snippet and call for a selector that needs others.
	part func(selector string) (snippet, call string)
}

var level = []string{"rel=N"}

var averages = []string{"macro", "micro", "weighted", "binary"}

var pythonMetrics = map[string]pythonMetric{
	"P":        {snippet: "precision", call: "precision(case%s)", keywords: level},
	"R":        {snippet: "recall", call: "recall(case%s)", keywords: level},
	"hit":      {snippet: "hit", call: "hit(case%s)", keywords: level},
	"MRR":      {snippet: "reciprocal_rank", call: "reciprocal_rank(case%s)", keywords: level},
	"MAP":      {snippet: "average_precision", call: "average_precision(case%s)", keywords: level},
	"nDCG":     {snippet: "ndcg", call: "ndcg(case%s)"},
	"nDCG_exp": {snippet: "ndcg", call: "ndcg(case%s, exponential=True)"},
	"Rprec":    {snippet: "r_precision", call: "r_precision(case%s)", keywords: level},

	"accuracy":          {snippet: "accuracy", call: "accuracy(case)"},
	"balanced_accuracy": {snippet: "balanced_accuracy", call: "balanced_accuracy(cases)"},
	"precision":         {snippet: "class_precision", call: "class_precision(cases, %s)", keywords: averages, classes: true, bare: "binary"},
	"recall":            {snippet: "class_recall", call: "class_recall(cases, %s)", keywords: averages, classes: true, bare: "binary"},
	"F1":                {snippet: "f1", call: "f1(cases, %s)", keywords: averages, classes: true, bare: "binary"},
	"MCC":               {snippet: "matthews", call: "matthews(cases)"},
	"kappa":             {snippet: "kappa", call: "kappa(cases)"},
	"AUC":               {snippet: "auc", call: "auc(cases, %s)", keywords: []string{"macro", "weighted", "ovo"}, classes: true},
	"average_precision": {snippet: "stepwise_precision", call: "stepwise_precision(cases, %s)", keywords: []string{"macro", "weighted"}, classes: true},
	"log_loss":          {snippet: "log_loss", call: "log_loss(case)"},
	"brier":             {snippet: "brier", call: "brier(case)"},

	"MAE":                {snippet: "absolute_error", call: "absolute_error(case)"},
	"MSE":                {snippet: "squared_error", call: "squared_error(case)"},
	"RMSE":               {snippet: "root_mean_square", call: "root_mean_square(cases)"},
	"MAPE":               {snippet: "percentage_error", call: "percentage_error(case)"},
	"median_AE":          {snippet: "median_error", call: "median_error(cases)"},
	"max_error":          {snippet: "max_error", call: "max_error(cases)"},
	"R2":                 {snippet: "r2", call: "r2(cases)"},
	"explained_variance": {snippet: "explained_variance", call: "explained_variance(cases)"},
	"pearson":            {snippet: "pearson", call: "pearson(cases)"},
	"spearman":           {snippet: "spearman", call: "spearman(cases)"},
	"kendall":            {snippet: "kendall", call: "kendall(cases)"},

	"exact_match":      {snippet: "exact_match", call: "exact_match(case)"},
	"squad_EM":         {snippet: "squad_exact", call: "squad_exact(case)"},
	"squad_F1":         {snippet: "squad_f1", call: "squad_f1(case)"},
	"squad_F1_v2":      {snippet: "squad_f1", call: "squad_f1(case, empty_rule=True)"},
	"edit_similarity":  {snippet: "edit_similarity", call: "edit_similarity(case)"},
	"edit_distance":    {snippet: "edit_distance", call: "edit_distance(case)"},
	"indel_similarity": {snippet: "indel_similarity", call: "indel_similarity(case)"},
	"ROUGE-1":          {snippet: "rouge", call: "rouge(case, 1%s)", keywords: []string{"f", "precision", "recall"}, bare: "f"},
	"ROUGE-2":          {snippet: "rouge", call: "rouge(case, 2%s)", keywords: []string{"f", "precision", "recall"}, bare: "f"},
	"ROUGE-L":          {snippet: "rouge_l", call: "rouge_l(case%s)", keywords: []string{"f", "precision", "recall"}, bare: "f"},

	"seconds": {snippet: "seconds", call: "seconds(case)", bare: "mean", part: secondsPart,
		keywords: []string{"mean", "median", "p50", "p90", "p95", "p99", "min", "max"}},
	"throughput": {snippet: "throughput", call: "throughput(cases)"},
	"pass_rate":  {snippet: "passed", call: "passed(case)"},
}

// needs lists the snippets that a snippet calls.
var needs = map[string][]string{
	"precision": {"judged"}, "recall": {"judged"}, "hit": {"judged"}, "reciprocal_rank": {"judged"},
	"average_precision": {"judged"}, "ndcg": {"judged"}, "r_precision": {"judged"},
	"classes": {"number"}, "accuracy": {"classes"}, "confusion": {"classes"},
	"balanced_accuracy": {"confusion"}, "class_precision": {"confusion"}, "class_recall": {"confusion"},
	"f1": {"confusion"}, "matthews": {"confusion"}, "kappa": {"confusion"},
	"scores": {"classes"}, "marks": {"scores"}, "auc": {"marks"}, "stepwise_precision": {"marks"},
	"share": {"scores"}, "log_loss": {"share"}, "brier": {"share"},
	"numbers": {"number"}, "absolute_error": {"numbers"}, "squared_error": {"numbers"},
	"percentage_error": {"numbers"}, "root_mean_square": {"numbers"}, "median_error": {"numbers", "quantile"},
	"max_error": {"numbers"}, "r2": {"numbers", "explained", "squares"},
	"explained_variance": {"numbers", "explained", "squares"}, "pearson": {"numbers", "correlation"},
	"spearman": {"numbers", "correlation"}, "kendall": {"numbers"},
	"exact_match": {"references"}, "squad_exact": {"references", "squad"},
	"squad_f1": {"references", "squad", "overlap"}, "edit_distance": {"references", "levenshtein"},
	"edit_similarity": {"references", "levenshtein"}, "indel_similarity": {"references", "common_subsequence"},
	"rouge": {"references", "overlap", "rouge_words"}, "throughput": {"seconds"},
	"rouge_l":     {"references", "overlap", "common_subsequence", "rouge_words"},
	"seconds_all": {"seconds", "quantile"},
}

func secondsPart(selector string) (snippet, call string) {
	q := map[string]string{"median": "0.5", "p50": "0.5", "p90": "0.9", "p95": "0.95", "p99": "0.99", "min": "0", "max": "1"}[selector]
	return "seconds_all", "quantile(list(map(seconds, cases)), " + q + ")"
}

// measure is a metric with its Python.
type measure struct {
	Name    string // canonical, for all cases: what the protocol calls it
	Python  string // an expression of case or cases
	PerCase bool
	Labels  bool // it needs the cases' labels
	Kind    metric.Kind
	snippet string
	own     bool // the user's own function
}

// translate finds a metric's Python by its name, which may end in a stratum.
func translate(name string) (m measure, stratum string, restricted bool, err error) {
	known, err := metric.Lookup(name)
	if err != nil {
		return ownMeasure(name, err)
	}
	base, k, brackets, err := split(known.Name)
	if err != nil {
		return measure{}, "", false, err
	}
	p, ok := pythonMetrics[base]
	if !ok {
		return measure{}, "", false, fmt.Errorf("metric %q: only the referee can measure it: use it in a guard", name)
	}
	m = measure{Name: base, Kind: known.Kind, Labels: known.Labelled, snippet: p.snippet}
	if k > 0 {
		m.Name += "@" + strconv.Itoa(k)
	}
	part := bracket{}
	if len(brackets) > 0 && p.selects(brackets[0]) {
		part, brackets = brackets[0], brackets[1:]
		if part.text == p.bare {
			part = bracket{}
		}
	}
	if part.text != "" {
		m.Name += "[" + part.source + "]"
	}
	m.Python, m.snippet, err = p.expression(k, part)
	m.PerCase = !strings.Contains(m.Python, "cases")
	if len(brackets) > 0 {
		stratum, restricted = brackets[0].text, true
	}
	return m, stratum, restricted, err
}

// ownMeasure is a metric that a function of the user's computes; the contract
// was checked for names that are nobody's.
func ownMeasure(name string, unknown error) (m measure, stratum string, restricted bool, err error) {
	base, k, brackets, err := split(name)
	if err != nil || k > 0 || len(brackets) > 1 {
		return measure{}, "", false, unknown
	}
	quoted, err := python(base)
	if err != nil {
		return measure{}, "", false, err
	}
	m = measure{Name: base, Python: "own(case, " + quoted + ")", PerCase: true, Kind: metric.Custom, snippet: "own", own: true}
	if len(brackets) == 1 {
		stratum, restricted = brackets[0].text, true
	}
	return m, stratum, restricted, nil
}

// selects says whether brackets are the metric's selector, not a stratum.
func (p pythonMetric) selects(b bracket) bool {
	return p.classes || p.keyword(b.text)
}

func (p pythonMetric) keyword(s string) bool {
	return slices.Contains(p.keywords, s) || slices.Contains(p.keywords, "rel=N") && strings.HasPrefix(s, "rel=")
}

// expression fills the call's arguments in.
func (p pythonMetric) expression(k int, part bracket) (call, snippet string, err error) {
	if p.part != nil && part.text != "" {
		snippet, call = p.part(part.text)
		return call, snippet, nil
	}
	var args string
	switch {
	case p.classes && part.text == "":
		args = "None"
	case p.classes && p.keyword(part.text):
		args, err = python(part.text)
	case p.classes: // in a list: no average
		args, err = python([]string{part.text})
	default:
		if k > 0 {
			args = ", " + strconv.Itoa(k)
		}
		if n, ok := strings.CutPrefix(part.text, "rel="); ok {
			args += ", level=" + n
		} else if part.text != "" {
			var quoted string
			quoted, err = python(part.text)
			args += ", part=" + quoted
		}
	}
	if !strings.Contains(p.call, "%s") {
		return p.call, p.snippet, err
	}
	return fmt.Sprintf(p.call, args), p.snippet, err
}

// bracket is what stands in one pair of brackets of a metric's name, and as it
// is written.
type bracket struct{ text, source string }

// split takes a canonical name apart: "F1[macro][location]", "P@12['a]b']".
func split(name string) (base string, k int, brackets []bracket, err error) {
	base, rest, found := strings.Cut(name, "[")
	for found {
		b := bracketOf(rest)
		brackets = append(brackets, b)
		rest, found = strings.CutPrefix(rest[min(len(b.source)+1, len(rest)):], "[")
	}
	if at := strings.LastIndexByte(base, '@'); at > 0 {
		if k, err = strconv.Atoi(base[at+1:]); err != nil {
			return "", 0, nil, fmt.Errorf("metric %q: %w", name, err)
		}
		base = base[:at]
	}
	return base, k, brackets, nil
}

// bracketOf reads up to the closing bracket. In quotes a backslash takes the
// next character as it is.
func bracketOf(s string) bracket {
	if s == "" || s[0] != '\'' && s[0] != '"' {
		text, _, _ := strings.Cut(s, "]")
		return bracket{text, text}
	}
	var b strings.Builder
	i := 1
	for ; i < len(s) && s[i] != s[0]; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return bracket{b.String(), s[:min(i+1, len(s))]}
}

// canonical is a metric's canonical name, or the name itself.
func canonical(name string) string {
	m, err := metric.Lookup(name)
	if err != nil {
		return name
	}
	return m.Name
}
