package cassette

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// meant are the headers that change what is asked for. All others are left
// out: credentials, signatures, dates, request ids, the client's version.
var meant = []string{"Anthropic-Beta", "Anthropic-Version", "Openai-Beta", "Range", "X-Amz-Target"}

// key names a request by all that can change its answer: method, upstream,
// path, query, body, and the headers that mean something.
func (s *Server) key(u upstream, r *http.Request, body []byte) string {
	kind, body := canonicalBody(r.Header.Get("Content-Type"), body)
	parts := []string{"1", r.Method, u.base.Scheme, u.base.Host, r.URL.EscapedPath(), s.query(r.URL.Query()), kind}
	for _, name := range meant {
		parts = append(parts, strings.Join(r.Header.Values(name), ","))
	}
	if form := accepted(r.Header); form != "" {
		parts = append(parts, form)
	}
	h := sha256.New()
	enc := json.NewEncoder(h)
	_ = enc.Encode(parts) // strings always have a text, a hash always takes it
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// accepted is the form of answer that a client insists on. Most take any, or
// say JSON where there is nothing else, and share their records.
func accepted(h http.Header) string {
	form := strings.Join(h.Values("Accept"), ",")
	if form == "application/json" || strings.Contains(form, "*/*") {
		return ""
	}
	return form
}

// signatures are parameters of a query that say who asks and when, not what.
var signatures = []string{"key", "api_key", "api-key", "apikey", "access_token", "token", "sig", "signature", "expires", "awsaccesskeyid"}

// query is what a query asks, sorted, without signatures and secrets.
func (s *Server) query(q url.Values) string {
	for name, values := range q {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-amz-") || slices.Contains(signatures, lower) {
			delete(q, name)
			continue
		}
		for i, v := range values {
			values[i] = string(s.secrets.scrub([]byte(v)))
		}
	}
	return q.Encode()
}

// canonicalBody gives equal bodies for what is the same JSON, whatever the
// order of its keys and its spaces; numbers keep their text. A multipart
// body's boundary is random.
func canonicalBody(contentType string, body []byte) (kind string, canonical []byte) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = contentType
	}
	if boundary := parameters["boundary"]; boundary != "" {
		return kind, bytes.ReplaceAll(body, []byte(boundary), []byte("boundary"))
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return kind, body
	}
	if _, err := dec.Token(); err != io.EOF {
		return kind, body
	}
	out, err := json.Marshal(v)
	if err != nil {
		return kind, body
	}
	return kind, out
}
