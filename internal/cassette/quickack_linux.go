package cassette

import (
	"net"
	"syscall"
)

// quickened re-arms TCP_QUICKACK before each read; the system clears it.
func quickened(c net.Conn) net.Conn {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return c
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return c
	}
	return &quick{tcp, raw}
}

type quick struct {
	*net.TCPConn
	raw syscall.RawConn
}

func (q *quick) Read(b []byte) (int, error) {
	// Without it the answer is only slower.
	_ = q.raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1) })
	return q.TCPConn.Read(b)
}
