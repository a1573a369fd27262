package scaffold

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	autoresearch "autoresearch-skill"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
)

// nodeEvaluation is what the template of eval.mjs needs beside what that of
// eval.py does.
type nodeEvaluation struct {
	*evaluation
	Module, Function string
	ScoreJS          string
	Arguments        []jsArgument
	PerCase, Whole   []jsMeasure
	Snippets         []string
	OwnNames         []string // of the metrics of the user's own that are used
}

// jsArgument is one parameter of the call.
type jsArgument struct{ Name, JS string }

// jsMeasure is a metric with its JavaScript.
type jsMeasure struct {
	measure
	JS string
}

// nodeEval renders eval.mjs.
func nodeEval(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	h, err := newHosted(e, harness, cases)
	if err != nil {
		return nil, err
	}
	v := &nodeEvaluation{evaluation: h.evaluation}
	at := strings.LastIndex(e.System.Call, ":")
	v.Module, v.Function = strings.TrimPrefix(e.System.Call[:at], "./"), e.System.Call[at+1:]
	score, err := e.ScoreExpr()
	if err != nil {
		return nil, err
	}
	if v.ScoreJS, err = jsFormula(score.Root()); err != nil {
		return nil, fmt.Errorf("score.formula: %w", err)
	}
	for _, m := range h.PerCase {
		if base, _, _ := strings.Cut(m.Name, "."); m.own && !slices.Contains(v.OwnNames, base) {
			v.OwnNames = append(v.OwnNames, base)
		}
	}
	if v.PerCase, err = jsMeasures(h.PerCase); err != nil {
		return nil, err
	}
	if v.Whole, err = jsMeasures(h.Whole); err != nil {
		return nil, err
	}
	if v.Arguments, err = jsArguments(e, cases); err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	want("basics", wanted)
	for _, m := range slices.Concat(h.PerCase, h.Whole) {
		want(m.snippet, wanted)
	}
	if v.Snippets, err = library("node/metrics", wanted); err != nil {
		return nil, err
	}
	return execute("node/eval.mjs", v)
}

// jsArguments renders the call's parameters. Their columns were checked with
// those of the Python half.
func jsArguments(e *experiment.Experiment, cases []byte) ([]jsArgument, error) {
	_, numeric, err := header(cases)
	if err != nil {
		return nil, err
	}
	var out []jsArgument
	for _, a := range e.System.Arguments {
		value := a.Value
		column, ok := a.Column()
		if ok {
			value = column
		}
		s, err := javascript(value)
		if err != nil {
			return nil, fmt.Errorf("system.arguments.%s: %w", a.Name, err)
		}
		switch {
		case ok && slices.Contains(numeric, column):
			s = "fit(given(" + s + "), true)"
		case ok:
			s = "fit(given(" + s + "))"
		}
		out = append(out, jsArgument{a.Name, s})
	}
	return out, nil
}

// jsMeasures puts the JavaScript to metrics.
func jsMeasures(all []measure) ([]jsMeasure, error) {
	var out []jsMeasure
	for _, m := range all {
		call, err := jsCall(m.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, jsMeasure{m, call})
	}
	return out, nil
}

// jsCalls says how the snippets of templates/node/metrics are called; %k takes
// the cutoff, %o the options, %p the class or average.
var jsCalls = map[string]string{
	"P": "precision(one, %k%o)", "R": "recall(one, %k%o)", "hit": "hit(one, %k%o)", "MRR": "reciprocalRank(one, %k%o)",
	"MAP": "averagePrecision(one, %k%o)", "Rprec": "rPrecision(one, %k%o)",
	"nDCG": "ndcg(one, %k)", "nDCG_exp": "ndcg(one, %k, { exponential: true })",

	"accuracy": "accuracy(one)", "balanced_accuracy": "balancedAccuracy(cases)", "precision": "classPrecision(cases, %p)",
	"recall": "classRecall(cases, %p)", "F1": "f1(cases, %p)", "MCC": "matthews(cases)", "kappa": "kappa(cases)",
	"AUC": "auc(cases, %p)", "average_precision": "stepwisePrecision(cases, %p)", "log_loss": "logLoss(one)", "brier": "brier(one)",

	"MAE": "absoluteError(one)", "MSE": "squaredError(one)", "RMSE": "rootMeanSquare(cases)", "MAPE": "percentageError(one)",
	"median_AE": "medianError(cases)", "max_error": "maxError(cases)", "R2": "r2(cases)", "explained_variance": "explainedVariance(cases)",
	"pearson": "pearson(cases)", "spearman": "spearman(cases)", "kendall": "kendall(cases)",

	"exact_match": "exactMatch(one)", "squad_EM": "squadExact(one)", "squad_F1": "squadF1(one)", "squad_F1_v2": "squadF1(one, { emptyRule: true })",
	"edit_similarity": "editSimilarity(one)", "edit_distance": "editDistance(one)", "indel_similarity": "indelSimilarity(one)",
	"ROUGE-1": "rouge(one, 1%o)", "ROUGE-2": "rouge(one, 2%o)", "ROUGE-L": "rougeL(one%o)",

	"seconds": "seconds(one)", "throughput": "throughput(cases)", "pass_rate": "passed(one)",
}

// jsCall is a metric in JavaScript by the name that translate gave it.
func jsCall(name string) (string, error) {
	base, k, brackets, err := split(name)
	if err != nil {
		return "", err
	}
	if _, err := metric.Lookup(name); err != nil { // the user's own
		quoted, err := javascript(base)
		return "own(one, " + quoted + ")", err
	}
	call, ok := jsCalls[base]
	if !ok {
		return "", fmt.Errorf("metric %q has no JavaScript: use it in a guard", name)
	}
	part := ""
	if len(brackets) > 0 {
		part = brackets[0].text
	}
	if base == "seconds" && part != "" {
		_, python := secondsPart(part)
		return strings.Replace(python, "list(map(seconds, cases))", "cases.map(seconds)", 1), nil
	}
	cutoff, options, class := "undefined", "", "null"
	if k > 0 {
		cutoff = fmt.Sprint(k)
	}
	p := pythonMetrics[base]
	switch level, graded := strings.CutPrefix(part, "rel="); {
	case part == "":
	case graded && !p.classes:
		options = ", { level: " + level + " }"
	case !p.classes:
		options, err = javascript(part)
		options = ", { part: " + options + " }"
	case p.keyword(part):
		class, err = javascript(part)
	default: // in a list: no average
		class, err = javascript([]string{part})
	}
	return strings.NewReplacer("%k", cutoff, "%o", options, "%p", class).Replace(call), err
}

// library renders the wanted snippets of a folder of templates, in the order
// of its files.
func library(dir string, wanted map[string]bool) ([]string, error) {
	t := template.New("metrics").Funcs(functions())
	files, err := fs.Glob(autoresearch.Templates, "templates/"+dir+"/*.tmpl")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, file := range files {
		src, err := fs.ReadFile(autoresearch.Templates, file)
		if err != nil {
			return nil, err
		}
		if _, err := t.New(path.Base(file)).Parse(string(src)); err != nil {
			return nil, fmt.Errorf("template %s: %w", file, err)
		}
		for _, match := range defined().FindAllSubmatch(src, -1) {
			var b strings.Builder
			if !wanted[string(match[1])] {
				continue
			}
			if err := t.ExecuteTemplate(&b, string(match[1]), nil); err != nil {
				return nil, fmt.Errorf("template %s: %w", file, err)
			}
			out = append(out, strings.TrimSpace(b.String()))
		}
	}
	return out, nil
}
