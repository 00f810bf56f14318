// An S3 server in memory for the tests of a backend that several machines share. Prints its address, and one line per request.
//
// A request to /meet/N makes the next N locks wait for each other, so that N machines write them at the same moment.
// It ends when its standard input is closed, so that it cannot outlive the tests.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// The access keys that the server accepts. gofakes3 itself checks no credentials.
const (
	writer = "may-write"
	reader = "may-read"
)

func main() {
	bucket := os.Args[1]
	memory := s3mem.New()
	if err := memory.CreateBucket(bucket); err != nil {
		log.Fatal(err)
	}
	s3 := gofakes3.New(memory, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())

	var arrived, written *sync.WaitGroup
	go func() {
		log.Fatal(http.Serve(listener, http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
			var count int
			if _, err := fmt.Sscanf(request.URL.Path, "/meet/%d", &count); err == nil {
				arrived, written = &sync.WaitGroup{}, &sync.WaitGroup{}
				arrived.Add(count)
				written.Add(count)
				return
			}
			key := accessKey(request)
			isRead := request.Method == http.MethodGet || request.Method == http.MethodHead
			if key != writer && !(key == reader && isRead) {
				fmt.Println(key, "DENIED", request.Method, request.URL.Path)
				response.WriteHeader(http.StatusForbidden)
				fmt.Fprint(response, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
				return
			}
			fmt.Println(key, request.Method, request.URL.Path)
			if arrived != nil && request.Method == http.MethodPut && strings.Contains(request.URL.Path, "/locks/") {
				all := written
				arrived.Done()
				arrived.Wait()
				recorder := httptest.NewRecorder()
				s3.ServeHTTP(recorder, request)
				all.Done()
				all.Wait()
				arrived = nil
				for name, values := range recorder.Header() {
					response.Header()[name] = values
				}
				response.WriteHeader(recorder.Code)
				return
			}
			s3.ServeHTTP(response, request)
		})))
	}()

	_, _ = io.Copy(io.Discard, os.Stdin)
}

// The access key in a request's signature, such as "AWS4-HMAC-SHA256 Credential=KEY/20260101/…".
func accessKey(request *http.Request) string {
	_, after, _ := strings.Cut(request.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(after, "/")
	return key
}
