package cassette

import (
	"crypto/x509"
	"testing"
	"time"
)

var fixed = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A certificate holds for its host, and is made anew before it ends.
func TestCertificates(t *testing.T) {
	now := fixed
	a, err := newAuthority(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.pem()) {
		t.Fatal("the authority's certificate isn't PEM")
	}
	holds := func(asked, used string) error {
		c, err := a.of(asked)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: used, CurrentTime: now})
		return err
	}
	for _, host := range []string{"api.example.com", "127.0.0.2", "::1", "xn--bcher-kva.example", "a-very-long-name-that-is-longer-than-a-common-name-may-be.example.com"} {
		if err := holds(host, host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		if err := holds(host, "other.example.com"); err == nil {
			t.Errorf("the certificate of %s is for another host too", host)
		}
	}
	first, _ := a.of("api.example.com")
	if again, _ := a.of("API.example.com."); again != first {
		t.Error("one host has two certificates")
	}
	for range 10 { // a run of ten weeks
		now = now.Add(leafLife)
		if err := holds("api.example.com", "api.example.com"); err != nil {
			t.Errorf("on %v: %v", now, err)
		}
	}
	if first.Leaf.IsCA || a.certificate.MaxPathLen != 0 || len(first.Leaf.AuthorityKeyId) == 0 || len(a.certificate.SubjectKeyId) == 0 {
		t.Error("strict clients refuse this chain")
	}
}
