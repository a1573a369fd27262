package journal

// Usage is what the agent's sessions said they used. A session that was
// killed says nothing, and most agents never do.
type Usage struct {
	Sessions int     `json:"sessions"` // started
	Told     int     `json:"told"`     // of them, those that said what they used
	Attempts int     `json:"attempts"` // made in those that told
	Dollars  float64 `json:"dollars"`  // by the client's own price list
	Tokens   Tokens  `json:"tokens"`
}

// Tokens are counted as they are billed: what was read from the provider's
// cache or written to it is no part of Input.
type Tokens struct {
	Input   int64 `json:"input"`
	Cached  int64 `json:"cache_read"`
	Written int64 `json:"cache_written"`
	Output  int64 `json:"output"`
}

// All of them.
func (t Tokens) All() int64 { return t.Input + t.Cached + t.Written + t.Output }

// Plus is the sum.
func (t Tokens) Plus(o Tokens) Tokens {
	return Tokens{t.Input + o.Input, t.Cached + o.Cached, t.Written + o.Written, t.Output + o.Output}
}

// Minus is the difference.
func (t Tokens) Minus(o Tokens) Tokens {
	return Tokens{t.Input - o.Input, t.Cached - o.Cached, t.Written - o.Written, t.Output - o.Output}
}
