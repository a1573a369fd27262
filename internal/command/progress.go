package command

import (
	"fmt"
	"strings"
	"time"
)

// progress draws one line on a terminal for work that takes more than a second;
// of says what is counted.
func progress(env *Env, of string) func(done, total int) {
	if !isTerminal(env.Err) {
		return nil
	}
	began, last := time.Now(), time.Time{}
	return func(done, total int) {
		now := time.Now()
		if now.Sub(began) < time.Second || done < total && now.Sub(last) < 100*time.Millisecond {
			return
		}
		last = now
		const width = 30
		filled := width
		if total > 0 {
			filled = width * done / total
		}
		fmt.Fprintf(env.Err, "\r[%s%s] %d of %d %s", strings.Repeat("#", filled), strings.Repeat(".", width-filled), done, total, of)
		if done >= total {
			fmt.Fprint(env.Err, "\r\x1b[K")
		}
	}
}

// round shows a duration as people do.
func round(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
