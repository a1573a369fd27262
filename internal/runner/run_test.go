package runner

import (
	"testing"
	"time"
)

func TestRunSmoke(t *testing.T) {
	out, err := Run(t.Context(), Command{Args: Shell("echo hello; sleep 60 & exit 3")})
	if err != nil || out.Exit != 3 || string(out.Log) != "hello\n" || out.Wall > 2*time.Second {
		t.Fatalf("got %+v, %v", out, err)
	}
	t.Logf("%+v", out)
}
