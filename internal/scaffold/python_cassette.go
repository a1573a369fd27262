package scaffold

import (
	"regexp"
	"strings"
	"sync"

	"autoresearch-skill/internal/experiment"
)

// pythonCassette renders what records and replays the frozen calls; nothing
// where the contract names none.
func pythonCassette(v *evaluation) (string, error) {
	if len(v.Calls) == 0 {
		return "", nil
	}
	src, err := execute("python/cassette.py", v)
	return strings.TrimSpace(string(src)), err
}

// redirected are variables that lead to the recording server, whose address or
// certificate is another one in each evaluation; the records of requests hold
// where they went.
var redirected = map[string]func() *regexp.Regexp{
	"base-url": sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`_(BASE_URL|API_BASE|API_URL|ENDPOINT|ENDPOINT_URL)$|^AWS_ENDPOINT_URL_|^OLLAMA_HOST$`)
	}),
	"proxy": sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?i:https?|no)_(?i:proxy)$|^NODE_(OPTIONS|USE_ENV_PROXY|EXTRA_CA_CERTS)$|_CA_BUNDLE$|^(SSL_CERT_FILE|GIT_SSL_CAINFO|PIP_CERT|HTTPLIB2_CA_CERTS|CARGO_HTTP_CAINFO|DENO_CERT|GRPC_DEFAULT_SSL_ROOTS_FILE_PATH)$`)
	}),
}

// keyed are the variables whose values are part of a frozen call's key.
func keyed(e *experiment.Experiment) []string {
	out := []string{}
	moving := redirected[e.Cache.HTTP]
	for _, name := range e.Env {
		if moving == nil || !moving().MatchString(name) {
			out = append(out, name)
		}
	}
	return out
}
