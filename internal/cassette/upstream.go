package cassette

import (
	"context"
	"fmt"
	"io"
	"log" //nolint:depguard // net/http wants a logger to be told to keep quiet
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// known are the variables by which clients are told where to go. One without
// a default is led here only where the user's environment sets it.
var known = []struct{ name, base string }{
	{"OPENAI_BASE_URL", "https://api.openai.com/v1"},
	{"OPENAI_API_BASE", "https://api.openai.com/v1"},
	{"ANTHROPIC_BASE_URL", "https://api.anthropic.com"},
	{"GOOGLE_GEMINI_BASE_URL", ""},
	{"GROQ_BASE_URL", ""},
	{"CO_API_URL", ""},
	{"OLLAMA_HOST", ""},
	{"AZURE_OPENAI_ENDPOINT", ""},
	{"AWS_ENDPOINT_URL", ""},
	{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", ""},
	{"AWS_ENDPOINT_URL_S3", ""},
}

// upstreams reads the variables. Those with the same value share a listener.
func upstreams(o Options) ([]upstream, error) {
	var out []upstream
	add := func(name, base string) error {
		if base == "" {
			return nil
		}
		if !strings.Contains(base, "://") {
			base = "http://" + base // OLLAMA_HOST is a host and a port
		}
		u, err := url.Parse(strings.TrimRight(base, "/"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%s: want an http or https URL to record", name)
		}
		signed := strings.HasPrefix(name, "AWS_")
		for i := range out {
			if out[i].base.String() == u.String() && out[i].verbatim == signed {
				out[i].names = append(out[i].names, name)
				return nil
			}
		}
		out = append(out, upstream{names: []string{name}, base: u, verbatim: signed})
		return nil
	}
	for _, k := range known {
		base := o.Getenv(k.name)
		if base == "" {
			base = k.base
		}
		if err := add(k.name, base); err != nil {
			return nil, err
		}
	}
	for _, name := range o.Names {
		isBase := strings.HasSuffix(name, "_BASE_URL") || strings.HasSuffix(name, "_ENDPOINT_URL") || strings.HasSuffix(name, "_API_BASE")
		if !isBase || slices.ContainsFunc(out, func(u upstream) bool { return slices.Contains(u.names, name) }) {
			continue
		}
		if err := add(name, o.Getenv(name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type upstreamKey struct{}

// context tells a request which listener it came through.
func (s *Server) context(l net.Listener) context.Context {
	ctx := context.Background() //nolint:forbidigo // the server's own; Close ends it
	for _, u := range s.upstreams {
		if u.listener == l {
			return context.WithValue(ctx, upstreamKey{}, u)
		}
	}
	return ctx
}

// upstream is where a request is meant to go; false if it isn't meant for us.
func (s *Server) upstream(r *http.Request) (upstream, bool) {
	u, ok := r.Context().Value(upstreamKey{}).(upstream)
	switch {
	case ok && u.listener != nil: // behind a base URL
		return u, r.Host == u.listener.Addr().String() || strings.HasPrefix(r.Host, "localhost:")
	case ok: // in a tunnel: its certificate is for no other host
		return u, origin(u.base.Scheme, r.Host).Host == u.base.Host
	default: // to a proxy, in plain text
		return upstream{base: origin(r.URL.Scheme, r.URL.Host), verbatim: true}, s.proxy != nil && r.URL.Scheme == "http" && r.URL.Host != ""
	}
}

// quiet drops what net/http says of broken connections: an evaluation that is
// killed breaks many.
var quiet = log.New(io.Discard, "", 0)
