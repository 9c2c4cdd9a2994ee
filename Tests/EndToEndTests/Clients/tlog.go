// What a third party does with hoopx's log, with the libraries of Go's checksum database: golang.org/x/mod/sumdb/note and
// tlog. Nothing in it is made from hoopx's own code.
//
//	tlog verify VKEY LEAF < PROOF      accepts a proof (C2SP tlog-proof) that the bytes of a file are a leaf of the log
//	tlog witness NAME SIZE VKEY        serves C2SP tlog-witness on loopback for the log with this key, of which it has
//	                                   cosigned SIZE events already (0, or a lie); says its port, then its own key
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 4 && os.Args[1] == "verify":
		verify(os.Args[2], os.Args[3])
	case len(os.Args) == 5 && os.Args[1] == "witness":
		size, err := strconv.ParseInt(os.Args[3], 10, 64)
		check(err)
		witness(os.Args[2], size, os.Args[4])
	default:
		log.Fatal("usage: tlog verify VKEY LEAF | tlog witness NAME SIZE VKEY")
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func decodeHash(line string) (tlog.Hash, error) {
	var hash tlog.Hash
	decoded, err := base64.StdEncoding.Strict().DecodeString(line)
	if err == nil && copy(hash[:], decoded) != len(hash) {
		err = fmt.Errorf("%q is no hash", line)
	}
	return hash, err
}

// Opens a signed checkpoint and reads its first three lines.
func openCheckpoint(message []byte, key note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	opened, err := note.Open(message, note.VerifierList(key))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return tree, fmt.Errorf("no checkpoint of %s", key.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err == nil {
		tree.Hash, err = decodeHash(lines[2])
	}
	return tree, err
}

func verify(vkey, leafFile string) {
	key, err := note.NewVerifier(vkey)
	check(err)
	leaf, err := os.ReadFile(leafFile)
	check(err)
	proof, err := io.ReadAll(os.Stdin)
	check(err)
	head, checkpoint, found := bytes.Cut(proof, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	// Nobody vouches for what comes with a proof.
	if len(lines) > 1 && strings.HasPrefix(lines[1], "extra ") {
		lines = append(lines[:1], lines[2:]...)
	}
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		log.Fatal("no proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := decodeHash(line)
		check(err)
		path = append(path, hash)
	}
	tree, err := openCheckpoint(checkpoint, key)
	check(err)
	check(tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(leaf)))
	fmt.Printf("leaf %d of %d\n", index, tree.N)
}

type state struct {
	sync.Mutex
	tree tlog.Tree
	log  note.Verifier
	name string
	key  ed25519.PrivateKey
}

func witness(name string, size int64, vkey string) {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	public, private, err := ed25519.GenerateKey(nil)
	check(err)
	s := &state{tree: tlog.Tree{N: size}, log: verifier, name: name, key: private}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	material := append([]byte{4}, public...)
	fmt.Printf("%d\n%s+%08x+%s\nready\n", listener.Addr().(*net.TCPAddr).Port, name, keyID(name, material),
		base64.StdEncoding.EncodeToString(material))
	http.HandleFunc("/prefix/add-checkpoint", s.addCheckpoint)
	check(http.Serve(listener, nil))
}

func keyID(name string, material []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), material...))
	return binary.BigEndian.Uint32(sum[:4])
}

func (s *state) addCheckpoint(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	body := bufio.NewReader(io.LimitReader(r.Body, 1<<16))
	line, _ := body.ReadString('\n')
	var old int64
	if n, err := fmt.Sscanf(line, "old %d\n", &old); n != 1 || err != nil || line != fmt.Sprintf("old %d\n", old) {
		http.Error(w, "no old size", 400)
		return
	}
	var path tlog.TreeProof
	for {
		line, err := body.ReadString('\n')
		if err != nil {
			http.Error(w, "no empty line", 400)
			return
		}
		if line == "\n" {
			break
		}
		hash, err := decodeHash(strings.TrimSuffix(line, "\n"))
		if err != nil {
			http.Error(w, "no hash", 400)
			return
		}
		path = append(path, hash)
	}
	message, _ := io.ReadAll(body)
	tree, err := openCheckpoint(message, s.log)
	switch {
	case err != nil && !bytes.HasPrefix(message, []byte(s.log.Name()+"\n")):
		http.Error(w, err.Error(), 404)
	case err != nil:
		http.Error(w, err.Error(), 403)
	case old > tree.N:
		http.Error(w, "a larger old size", 400)
	case old != s.tree.N || old == tree.N && old > 0 && tree.Hash != s.tree.Hash:
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(409)
		fmt.Fprintf(w, "%d\n", s.tree.N)
	case old > 0 && old < tree.N && tlog.CheckTree(path, tree.N, tree.Hash, old, s.tree.Hash) != nil || old == 0 && len(path) > 0:
		http.Error(w, "no continuation", 422)
	default:
		s.tree = tree
		text, _, _ := bytes.Cut(message, []byte("\n\n"))
		now := uint64(time.Now().Unix())
		signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s\n", now, text)
		id := keyID(s.name, append([]byte{4}, s.key.Public().(ed25519.PublicKey)...))
		signature := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, id), now)
		signature = append(signature, ed25519.Sign(s.key, []byte(signed))...)
		// A witness may sign with several keys: what the client does not know it must skip.
		fmt.Fprintf(w, "\u2014 other.example/w AAAAAQAAAAA=\n\u2014 %s %s\n", s.name, base64.StdEncoding.EncodeToString(signature))
	}
}
