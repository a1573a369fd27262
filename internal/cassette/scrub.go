package cassette

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// scrubber replaces secrets by as many asterisks, so that lengths, offsets of
// chunks and the JSON around them stay true.
type scrubber [][]byte

// secretName are names of variables whose value nobody else should read.
var secretName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)KEY|TOKEN|SECRET|PASSW|PWD|CREDENTIAL|AUTH|PRIVATE|COOKIE|DSN|SIGNATURE`)
})

// shortest is the length below which a value is a word rather than a secret.
const shortest = 8

// secretsOf are the values of an environment that look like secrets, and the
// passwords of its URLs.
func secretsOf(env []string) scrubber {
	var s scrubber
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		if secretName().MatchString(name) && !strings.HasPrefix(value, "/") {
			s = s.with(value)
		}
		if u, err := url.Parse(value); err == nil && u.User != nil {
			if password, ok := u.User.Password(); ok {
				s = s.with(password)
			}
		}
	}
	return s
}

// with adds a secret in the forms in which it travels: as it is, in a URL, in
// a JSON text, in base64 at each of its three alignments.
func (s scrubber) with(secret string) scrubber {
	secret = strings.TrimSpace(secret)
	if len(secret) < shortest {
		return s
	}
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret)}
	if text, err := json.Marshal(secret); err == nil {
		forms = append(forms, string(text[1:len(text)-1]))
	}
	for shift := range 3 {
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := enc.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
			// The first and the last characters share bits with their neighbours.
			from, to := []int{0, 2, 3}[shift], (len(secret)+shift)*8/6
			if to-from >= shortest {
				forms = append(forms, text[from:to])
			}
		}
	}
	out := slices.Clone(s)
	for _, f := range forms {
		if !slices.ContainsFunc(out, func(o []byte) bool { return string(o) == f }) {
			out = append(out, []byte(f))
		}
	}
	// The longest first: a part that is a secret too must not break it.
	slices.SortStableFunc(out, func(a, b []byte) int { return len(b) - len(a) })
	return out
}

// scrub gives data without the secrets; data itself stays.
func (s scrubber) scrub(data []byte) []byte {
	for _, secret := range s {
		if bytes.Contains(data, secret) {
			data = bytes.ReplaceAll(data, secret, bytes.Repeat([]byte("*"), len(secret)))
		}
	}
	return data
}

// of adds the credentials that a request carries itself.
func (s scrubber) of(r *http.Request) scrubber {
	for _, name := range []string{"Authorization", "Proxy-Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "X-Amz-Security-Token", "Cookie"} {
		for _, value := range r.Header.Values(name) {
			for _, part := range strings.FieldsFunc(value, func(c rune) bool { return c == ' ' || c == ';' }) {
				if name == "Cookie" {
					_, part, _ = strings.Cut(part, "=")
				}
				s = s.with(part)
			}
		}
	}
	for name, values := range r.URL.Query() {
		if slices.Contains(signatures, strings.ToLower(name)) {
			for _, v := range values {
				s = s.with(v)
			}
		}
	}
	return s
}
