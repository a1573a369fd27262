// Package stat holds the statistics that verdicts, reports and checks rest on:
// summaries, intervals, paired and two-sample tests, resampling and forecasts.
// Definitions follow a named reference (numpy's quantiles, scipy's exact tests,
// benchstat's median intervals), so every number can be checked elsewhere.
//
// It refuses to draw a random number without a seed, to know what a metric or
// a verdict is, and to hide a doubt: what a sample is too small for comes back
// as NaN, an unbounded interval or a warning, never as a guess.
package stat

import "math/rand/v2"

// NewRand returns the generator behind every resampling of the project: equal
// seed and stream give equal numbers on every machine. Stream separates uses
// that share a seed.
func NewRand(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream))
}
