// fetch NAME URL: resolves NAME with Go's own resolver, gets URL, and prints the address and the body.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

func main() {
	addresses, err := net.LookupHost(os.Args[1])
	check(err)
	fmt.Println(addresses[0])
	response, err := http.Get(os.Args[2])
	check(err)
	body, err := io.ReadAll(response.Body)
	check(err)
	fmt.Print(string(body))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetch:", err)
		os.Exit(1)
	}
}
