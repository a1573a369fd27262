package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/metric"
)

// step is a part of the strategy, from quick wins to structure.
type step struct {
	Title string
	Ideas []string
}

// advice on the levers of one role: quick wins change a value, shapes change
// what the value means. The order is that of what paid most often.
type advice struct {
	role, plural, what string
}

var quick = []advice{
	{lex.RoleWeight, "Weights", "try 0, a half, 2×, 5×; a step of a tenth is lost in the noise"},
	{lex.RolePrompt, "Prompts", "one instruction at a time: sharpen it, move it to the front or the end, give one example, drop what contradicts"},
	{lex.RoleThreshold, "Thresholds", "move them both ways, far enough that some case changes sides"},
	{lex.RoleSize, "Sizes and limits", "double and halve once; if no case moves, leave them for good"},
	{lex.RoleClip, "Bounds", "wider, then off: a bound that never binds is no lever"},
	{lex.RoleTemperature, "Temperatures", "lower first; a gain that is only less noise is a gain"},
	{lex.RoleRate, "Rates", "by factors of 3, both ways"},
	{lex.RoleFlag, "Switches", "flip each once, alone"},
	{lex.RoleChoice, "Choices", "each alternative once"},
	{lex.RoleTimeout, "Time limits", "only if a case fails at one"},
}

var shapes = []advice{
	{lex.RoleFormula, "Formulas", "sum against product, 1+x against exp(x), a root or a logarithm on what is skewed"},
	{lex.RoleExponent, "Exponents", "0.5, 1, 2: the curve rather than the third digit"},
	{lex.RoleDamping, "Damping", "off, then twice as strong; if neither moves a case, the shape is not where the signal is"},
}

// shown bounds how many levers an idea names.
const shown = 6

// strategy is ordered: values, shape, structure, combination.
func strategy(e *experiment.Experiment, kinds []metric.Kind, strata []string, f Facts) []step {
	levers := allLevers(f)
	first := named(quick, levers)
	if own := perStratum(levers, strata); own != "" {
		first = append(first, own)
	}
	second := named(shapes, levers)
	if other := names(levers, func(l lex.Lever) bool { return l.Role == lex.RoleOther && l.Kind == lex.KindNumber }); other != "" {
		first = append(first, "Other numbers: "+other+": once up, once down, by a factor of 2.")
	}
	if len(first) == 0 {
		first = []string{"No literal stands out in the target: read it for numbers, orders and conditions that were set by hand."}
	}
	if len(second) == 0 {
		second = []string{"Where values are combined: sum against product, linear against saturating, absolute against relative to the other candidates."}
	}
	return []step{
		{"Strategy 1: quick wins, one value at a time", first},
		{"Strategy 2: the shape of what combines them", second},
		{"Strategy 3: structure", structure(e, kinds)},
		{"Strategy 4: combine and simplify", []string{
			"Two `inconclusive` ideas that help different cases, together.",
			"After a keep, the values around it once more: an optimum moves when its neighbour does.",
			"Remove a part that no case needs: equal outputs and fewer lines are a keep.",
		}},
	}
}

// named turns roles that the target has into ideas with their levers.
func named(list []advice, levers []lex.Lever) []string {
	var ideas []string
	for _, a := range list {
		if n := names(levers, func(l lex.Lever) bool { return l.Role == a.role }); n != "" {
			ideas = append(ideas, a.plural+": "+n+": "+a.what+".")
		}
	}
	return ideas
}

// names lists the levers that match, with line and value. Neighbours on one
// line of a table stand together: "`WEIGHTS.location` (line 22, now `0.06`, `0.03`)".
func names(levers []lex.Lever, match func(lex.Lever) bool) string {
	var out []string
	more := 0
	for i := 0; i < len(levers); {
		group := levers[i : i+1]
		for i++; match(group[0]) && i < len(levers) && match(levers[i]) && together(group[0], levers[i]); i++ {
			group = group[:len(group)+1]
		}
		switch {
		case !match(group[0]):
		case len(out) == shown:
			more += len(group)
		default:
			out = append(out, leverText(group))
		}
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("%d more", more))
	}
	return strings.Join(out, ", ")
}

func together(a, b lex.Lever) bool {
	parent := parentOf(a)
	return parent != "" && a.Line == b.Line && parent == parentOf(b)
}

// parentOf is the table in which a lever stands, "" if in none.
func parentOf(l lex.Lever) string {
	if at := strings.LastIndexByte(l.Name, '.'); at > 0 {
		return l.Name[:at]
	}
	return ""
}

// leverText is one lever, or a group of one table.
func leverText(group []lex.Lever) string {
	l := group[0]
	switch {
	case l.Kind == lex.KindFormula:
		return fmt.Sprintf("%s (line %d)", code(short(l.Value, 60)), l.Line)
	case l.Kind == lex.KindPrompt:
		return fmt.Sprintf("%s (line %d)", code(leverName(l)), l.Line)
	}
	name, values := leverName(l), make([]string, len(group))
	if len(group) > 1 {
		name = parentOf(l)
	}
	for i, o := range group {
		values[i] = code(short(o.Value, 20))
	}
	return fmt.Sprintf("%s (line %d, now %s)", code(name), l.Line, strings.Join(values, ", "))
}

// leverName is its name, else where it stands.
func leverName(l lex.Lever) string {
	switch {
	case l.Name != "":
		return l.Name
	case l.Function != "":
		return "in " + l.Function
	}
	return l.Value
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// perStratum names strata that levers are named after.
func perStratum(levers []lex.Lever, strata []string) string {
	var own []string
	for _, s := range strata {
		word := strings.ToLower(s)
		if word != "" && slices.ContainsFunc(levers, func(l lex.Lever) bool {
			return slices.Contains(strings.FieldsFunc(strings.ToLower(l.Name), notWord), word)
		}) {
			own = append(own, code(s))
		}
	}
	if len(own) == 0 {
		return ""
	}
	return "Levers named after a kind of case (" + strings.Join(own, ", ") + "): tune each kind on its own, and expect only its cases to move."
}

func notWord(r rune) bool { return strings.ContainsRune(". _-[]\"'()", r) }

var structures = map[metric.Kind][]string{
	metric.Ranking: {
		"Take a case that scores low and ask what stands above the missing ids: which signal put it there?",
		"Names of several words as one phrase, or all words required, instead of each word on its own.",
		"Which fields count, and how much a match in each is worth; a signal relative to the other candidates of the same query.",
		"What is never returned at all can't be ranked up: tell such cases from wrongly ordered ones first.",
	},
	metric.Classification: {
		"Read the confused couples of classes: one new signal that separates a couple is worth more than a threshold.",
		"A threshold per class instead of one for all; what happens with ties and with no evidence.",
		"Rare classes decide macro averages, frequent ones micro averages and accuracy.",
	},
	metric.Regression: {
		"Look at the largest errors: a kind of case that is off in one direction wants a term, not a coefficient.",
		"Work on a logarithm or a ratio where errors grow with the value; bound what extrapolates.",
		"RMSE pays for the few largest errors, MAE for the many ordinary ones.",
	},
	metric.Text: {
		"Compare a wrong output with its label: form (case, blanks, units, wrapping words) or content?",
		"Clean the output at the end once, rather than asking for a form in three places.",
	},
	metric.Cost: {
		"Measure where the time goes before editing; the algorithm first, then allocation, then constants.",
		"Work that is done per item and could be done once; work whose result nobody reads.",
	},
	metric.Check: {
		"Group the failing cases by their cause and take the largest group first.",
	},
}

// structure is about the metrics' kinds.
func structure(e *experiment.Experiment, kinds []metric.Kind) []string {
	var ideas []string
	for _, k := range kinds {
		ideas = append(ideas, structures[k]...)
	}
	if len(kinds) == 0 {
		ideas = append(ideas, "Find what the number is made of: the part with the largest share is where a structural change pays.")
	}
	if len(e.Target) > 1 {
		ideas = append(ideas, "The targets are coupled: one attempt may change both, where a change in one shifts what the other expects.")
	}
	return ideas
}
