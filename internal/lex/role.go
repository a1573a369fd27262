package lex

import "strings"

// roleOf says what a word in a name promises.
var roleOf = map[string]string{
	"temperature": RoleTemperature, "temp": RoleTemperature, "topp": RoleTemperature,
	"threshold": RoleThreshold, "thresh": RoleThreshold, "cutoff": RoleThreshold, "tolerance": RoleThreshold, "tol": RoleThreshold, "quorum": RoleThreshold,
	"size": RoleSize, "limit": RoleSize, "count": RoleSize, "k": RoleSize, "topk": RoleSize, "num": RoleSize, "n": RoleSize, "pool": RoleSize,
	"window": RoleSize, "chunk": RoleSize, "batch": RoleSize, "length": RoleSize, "len": RoleSize, "capacity": RoleSize, "buffer": RoleSize,
	"depth": RoleSize, "tokens": RoleSize, "candidates": RoleSize, "results": RoleSize, "overlap": RoleSize, "iterations": RoleSize,
	"iters": RoleSize, "epochs": RoleSize, "steps": RoleSize, "pages": RoleSize, "rows": RoleSize, "neighbors": RoleSize, "trees": RoleSize,
	"layers": RoleSize, "dim": RoleSize, "dims": RoleSize, "dimension": RoleSize, "dimensions": RoleSize, "workers": RoleSize, "shards": RoleSize,
	"threads": RoleSize, "bytes": RoleSize, "chars": RoleSize, "items": RoleSize, "attempts": RoleSize, "retries": RoleSize, "retry": RoleSize, "estimators": RoleSize,
	"exponent": RoleExponent, "power": RoleExponent, "pow": RoleExponent, "gamma": RoleExponent,
	"damping": RoleDamping, "damp": RoleDamping, "decay": RoleDamping, "smoothing": RoleDamping, "smooth": RoleDamping, "lambda": RoleDamping,
	"epsilon": RoleDamping, "eps": RoleDamping, "shrinkage": RoleDamping, "halflife": RoleDamping, "momentum": RoleDamping, "discount": RoleDamping,
	"rrf": RoleDamping, "regularization": RoleDamping,
	"weight": RoleWeight, "weights": RoleWeight, "boost": RoleWeight, "boosts": RoleWeight, "factor": RoleWeight, "coef": RoleWeight,
	"coefficient": RoleWeight, "scale": RoleWeight, "multiplier": RoleWeight, "mult": RoleWeight, "penalty": RoleWeight, "bonus": RoleWeight,
	"bias": RoleWeight, "importance": RoleWeight, "prior": RoleWeight, "score": RoleWeight, "ratio": RoleWeight, "share": RoleWeight,
	"w": RoleWeight, "k1": RoleWeight, "b": RoleWeight, "alpha": RoleWeight, "beta": RoleWeight, "confidence": RoleWeight, "priority": RoleWeight,
	"clip": RoleClip, "clamp": RoleClip, "zclip": RoleClip, "cap": RoleClip,
	"rate": RoleRate, "lr": RoleRate, "probability": RoleRate, "prob": RoleRate, "dropout": RoleRate,
	"timeout": RoleTimeout, "ttl": RoleTimeout, "interval": RoleTimeout, "delay": RoleTimeout, "sleep": RoleTimeout, "seconds": RoleTimeout,
	"backoff": RoleTimeout, "ms": RoleTimeout, "expiry": RoleTimeout, "age": RoleTimeout,
}

// role guesses from the name, then from the operators around tokens a to b.
func (w *walker) role(name string, a, b int, float bool) string {
	if w.is(a-1, "**") || w.op(a-1, '^') && w.lang.Name != "Python" {
		return RoleExponent
	}
	f := w.top()
	if f.kind == call {
		switch last(f.callee) {
		case "pow", "Pow", "powf", "powi", "power":
			if f.arg > 0 || strings.HasPrefix(last(f.callee), "pow") && w.lang.Name == "Rust" {
				return RoleExponent
			}
		case "clip", "clamp", "Clamp", "coerceIn":
			return RoleClip
		}
	}
	if isCompare(w.text(a-1)) && w.kind(a-1) == Op || isCompare(w.text(b+1)) && w.kind(b+1) == Op {
		return RoleThreshold
	}
	if r := roleByName(name); r != "" {
		return r
	}
	switch {
	case f.kind == subscript:
		return RoleSize
	case f.kind == call && isMinMax(last(f.callee)):
		return RoleClip
	case w.op(a-1, '*') || w.op(b+1, '*'):
		return RoleWeight
	case float && (w.op(a-1, '+') || w.op(b+1, '+') || w.is(a-1, "+=") || w.is(a-1, "-=") || w.is(a-1, "*=")):
		return RoleWeight
	case float && w.op(b+1, '-'):
		return RoleWeight
	}
	return RoleOther
}

func isCompare(op string) bool { return op == "<" || op == ">" || op == "<=" || op == ">=" }

func isMinMax(name string) bool {
	switch name {
	case "min", "max", "Min", "Max", "minimum", "maximum", "fmin", "fmax", "minOf", "maxOf", "MIN", "MAX", "fminf", "fmaxf", "IMIN", "IMAX":
		return true
	}
	if name == "coerceAtMost" || name == "coerceAtLeast" {
		return true
	}
	return (strings.HasPrefix(name, "MIN") || strings.HasPrefix(name, "MAX")) && strings.Trim(name[3:], "0123456789") == "" // MIN16
}

// roleByName reads the words from the last to the first: weight_decay decays.
func roleByName(name string) string {
	var roles [8]string
	n, bound := 0, false
	for word := range words(name) {
		if word == "min" || word == "max" || word == "minimum" || word == "maximum" {
			bound = true
		}
		if r := roleOf[word]; r != "" && n < len(roles) {
			roles[n] = r
			n++
		}
	}
	last := ""
	if n > 0 {
		last = roles[n-1]
	}
	if bound && last != RoleSize && last != RoleTimeout && last != RoleTemperature {
		return RoleThreshold
	}
	return last
}

// excludedName tells from the last part of a name that a number is a fact and
// no lever: a port, a date, a version, a status, a seed.
func excludedName(name string, float bool) bool {
	switch last(name) {
	case "by", "from", "to", "width", "height", "x", "y", "viewport", "textSize", "text_size":
		if !float {
			return true // of a picture, on a screen
		}
	}
	if strings.HasSuffix(strings.ToLower(name), "padding") {
		return true
	}
	for word := range words(last(name)) {
		switch word {
		case "port", "ports", "infinity", "inf", "version", "versions", "year", "month", "date", "datetime", "status", "errno", "seed", "pk", "id", "ids", "uid", "gid",
			"dpi", "figsize", "fontsize", "font", "color", "colour", "indent", "lineno", "umask", "chmod", "exit", "exitcode", "returncode",
			"protocol", "phone", "zipcode", "revision", "schema", "verbosity", "epoch", "timestamp", "padding", "px", "zindex",
			"bits", "sdk", "nargs", "argc", "argv", "args", "unicode", "codepoint", "ordinal", "one", "two", "three", "four", "ten", "linewidth", "copyright", "rgb", "rgba", "argb", "hsl", "hsla", "checksum", "magic", "opcode", "stacklevel", "migration":
			return true
		case "header":
			if !float {
				return true // a format's
			}
		case "samplerate":
			return !float
		case "sample", "sampling":
			if !float && (strings.HasSuffix(strings.ToLower(name), "rate") || strings.HasSuffix(strings.ToLower(name), "hz")) {
				return true
			}
		case "margin":
			return !float && strings.EqualFold(last(name), word) // of a box, not of a loss
		case "state":
			return strings.Contains(name, "random")
		case "kb", "mb", "gb", "kib", "mib", "gib":
			return strings.EqualFold(last(name), word)
		case "textsize", "xpadding", "ypadding", "radix":
			return true
		case "code", "codes", "level", "mode", "line", "column", "col", "day", "hour", "index", "idx", "offset", "position", "pos", "mask", "shift", "flag", "flags", "row":
			if !float && !sized(name) {
				return true
			}
		}
	}
	return false
}

// excludedOperand is excludedName for what a number is compared with, in which
// any part may tell: Gem::VERSION.to_i.
func excludedOperand(name string, float bool) bool {
	if excludedName(name, float) {
		return true
	}
	for word := range words(name) {
		switch word {
		case "version", "sdk", "args", "argv", "nargs":
			return true
		}
	}
	return false
}

// sized tells whether the last word of a name gives it a role: a flag's cache
// size is a size, whatever flags are.
func sized(name string) bool {
	role := ""
	for word := range words(last(name)) {
		role = roleOf[word]
	}
	return role != ""
}
