// Go's crypto/x509: chains of the folders named on standard input.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func read(folder, name string) ([]*x509.Certificate, error) {
	rest, err := os.ReadFile(filepath.Join(folder, name))
	var out []*x509.Certificate
	for err == nil {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		var one *x509.Certificate
		if one, err = x509.ParseCertificate(block.Bytes); err == nil {
			out = append(out, one)
		}
	}
	return out, err
}

func verify(folder string) error {
	chain, err := read(folder, "chain.pem")
	if err != nil {
		return err
	}
	anchors, err := read(folder, "anchors.pem")
	if err != nil {
		return err
	}
	name, _ := os.ReadFile(filepath.Join(folder, "name"))
	at, _ := os.ReadFile(filepath.Join(folder, "at"))
	moment, err := time.Parse(time.RFC3339, string(at))
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		DNSName: string(name), CurrentTime: moment, Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool()}
	for _, one := range anchors {
		options.Roots.AddCert(one)
	}
	for _, one := range chain[1:] {
		options.Intermediates.AddCert(one)
	}
	_, err = chain[0].Verify(options)
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer := "OK"
		if err := verify(lines.Text()); err != nil {
			answer = strings.Join(strings.Fields(err.Error()), " ")
		}
		fmt.Printf("%s\t%s\n", filepath.Base(lines.Text()), answer)
	}
}
