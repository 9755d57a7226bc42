// SPDX-License-Identifier: Apache-2.0

// The token server of the tests, as https://distribution.github.io/distribution/spec/auth/token describes it: whoever
// sends the login, or the identity token by POST (…/auth/oauth), gets a signed JWT for what was asked; others get 401.
//
// Usage: token_server USER PASSWORD IDENTITY SERVICE CERTIFICATE: writes the certificate that signs, for the registry's
// configuration, and prints "listening on 127.0.0.1:PORT" on standard error.
package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	issuer   = "token_server"
	lifetime = time.Minute
)

type server struct {
	user, password, identity string
	service                  string
	key                      *rsa.PrivateKey
	certificate              []byte // DER
}

type access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

// accesses reads "repository:a/b:pull,push registry:catalog:*".
func accesses(scopes []string) []access {
	list := []access{}
	for _, scope := range strings.Fields(strings.Join(scopes, " ")) {
		kind, rest, _ := strings.Cut(scope, ":")
		if colon := strings.LastIndex(rest, ":"); colon >= 0 {
			list = append(list, access{kind, rest[:colon], strings.Split(rest[colon+1:], ",")})
		}
	}
	return list
}

func encode(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// sign makes a JWT (RFC 7519) that docker-registry checks with the certificate in its header.
func (s *server) sign(subject, audience string, scopes []string) (string, error) {
	now := time.Now()
	header := map[string]any{"typ": "JWT", "alg": "RS256", "x5c": []string{base64.StdEncoding.EncodeToString(s.certificate)}}
	claims := map[string]any{
		"iss": issuer, "sub": subject, "aud": audience, "jti": rand.Text(), "access": accesses(scopes),
		"iat": now.Unix(), "nbf": now.Add(-lifetime).Unix(), "exp": now.Add(lifetime).Unix(),
	}
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, digest[:])
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

func (s *server) knows(request *http.Request) bool {
	if request.Method == http.MethodPost {
		if request.PostForm.Get("grant_type") == "refresh_token" {
			return request.PostForm.Get("refresh_token") == s.identity
		}
		return request.PostForm.Get("username") == s.user && request.PostForm.Get("password") == s.password
	}
	user, password, given := request.BasicAuth()
	return given && user == s.user && password == s.password
}

func (s *server) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	if err := request.ParseForm(); err != nil || request.Form.Get("service") != s.service {
		http.Error(writer, "which service?", http.StatusBadRequest)
		return
	}
	if !s.knows(request) {
		http.Error(writer, `{"errors":[{"code":"UNAUTHORIZED","message":"wrong login"}]}`, http.StatusUnauthorized)
		return
	}
	token, err := s.sign(s.user, s.service, request.Form["scope"])
	if err != nil {
		http.Error(writer, err.Error(), http.StatusInternalServerError)
		return
	}
	reply := map[string]any{"token": token, "access_token": token, "expires_in": int(lifetime.Seconds())}
	if request.Form.Get("offline_token") == "true" || request.Form.Get("access_type") == "offline" {
		reply["refresh_token"] = s.identity
	}
	writer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(writer).Encode(reply)
}

func newServer(user, password, identity, service string) (*server, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: issuer},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return &server{user, password, identity, service, key, certificate}, err
}

func main() {
	if len(os.Args) != 6 {
		log.Fatal("usage: token_server USER PASSWORD IDENTITY SERVICE CERTIFICATE")
	}
	tokens, err := newServer(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tokens.certificate})
	if err := os.WriteFile(os.Args[5], bundle, 0o644); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintln(os.Stderr, "listening on", listener.Addr())
	log.Fatal(http.Serve(listener, tokens))
}
