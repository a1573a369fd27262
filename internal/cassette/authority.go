package cassette

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"
)

// An authority vouches for hosts to the clients of one evaluation. Its keys
// are made for that evaluation, never leave memory and die with the process.
type authority struct {
	certificate *x509.Certificate
	key, leaf   crypto.Signer // leaf is the key of every host's certificate
	now         func() time.Time

	mu    sync.Mutex
	hosts map[string]*tls.Certificate
}

// How long certificates hold. The certificate of a host is made anew in its
// last hour; a client's clock may be a day behind.
const (
	authorityLife = 365 * 24 * time.Hour
	leafLife      = 7 * 24 * time.Hour
	renewal       = time.Hour
	clockSkew     = 24 * time.Hour
)

func newAuthority(now func() time.Time) (*authority, error) {
	a := &authority{now: now, hosts: map[string]*tls.Certificate{}}
	for _, key := range []*crypto.Signer{&a.key, &a.leaf} {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		*key = k
	}
	template, err := a.template("autoresearch-skill, one evaluation", authorityLife)
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	// Parsed again, because the identifier of its key is filled in only there.
	a.certificate, err = x509.ParseCertificate(der)
	return a, err
}

func (a *authority) template(name string, life time.Duration) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name[:min(len(name), 64)]},
		NotBefore: a.now().Add(-clockSkew), NotAfter: a.now().Add(life),
	}, nil
}

// pem is the authority's certificate, without a key.
func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// of is the certificate for a host name or an IP address.
func (a *authority) of(host string) (*tls.Certificate, error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.hosts[host]; c != nil && a.now().Before(c.Leaf.NotAfter.Add(-renewal)) {
		return c, nil
	}
	template, err := a.template(host, leafLife)
	if err != nil {
		return nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, a.leaf.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate for %q: %w", host, err)
	}
	c := &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: a.leaf}
	if c.Leaf, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("make a certificate for %q: %w", host, err)
	}
	a.hosts[host] = c
	return c, nil
}
