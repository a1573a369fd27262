package cassette

import (
	"bytes"
	"crypto/x509"
	"os"
	"slices"
)

// trusting are the variables by which clients are told whose certificates to
// accept: OpenSSL, Go, Ruby and httpx; requests; curl; Node; boto3; git; pip;
// httplib2; cargo; Deno; gRPC.
var trusting = []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT",
	"HTTPLIB2_CA_CERTS", "CARGO_HTTP_CAINFO", "DENO_CERT", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"}

// systemRoots are where Linux systems and macOS keep theirs as one file.
var systemRoots = []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem"}

// roots are the certificates that a client trusts without us, as PEM: those of
// the system and those that the user's own variables name, and the same for
// what is forwarded. A variable that names no file trusts nobody more.
func roots(getenv func(string) string) (bundle []byte, pool *x509.CertPool) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	var read []string
	add := func(path string) bool {
		data, err := os.ReadFile(path)
		if err != nil || slices.Contains(read, path) {
			return err == nil
		}
		read = append(read, path)
		bundle = append(append(bundle, bytes.TrimSpace(data)...), '\n')
		pool.AppendCertsFromPEM(data)
		return true
	}
	_ = slices.ContainsFunc(systemRoots, add) // the first that is there
	for _, name := range trusting {
		if path := getenv(name); path != "" {
			add(path)
		}
	}
	return bundle, pool
}
