package label

import "sync"

// event is what every open window is told.
type event struct {
	Row     *row       `json:"row,omitempty"`
	Counts  *counts    `json:"counts,omitempty"`
	Systems []progress `json:"systems,omitempty"`
	Reload  bool       `json:"reload,omitempty"` // cases joined: read the board anew
}

// hub hands events to the windows. A window that does not listen is dropped,
// and reads the board anew when it comes back.
type hub struct {
	mu      sync.Mutex
	windows map[chan event]bool
}

const backlog = 64

func (h *hub) open() chan event {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.windows == nil {
		h.windows = map[chan event]bool{}
	}
	w := make(chan event, backlog)
	h.windows[w] = true
	return w
}

func (h *hub) shut(w chan event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.windows[w] {
		delete(h.windows, w)
		close(w)
	}
}

func (h *hub) tell(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.windows {
		select {
		case w <- e:
		default:
			delete(h.windows, w)
			close(w)
		}
	}
}
