package label

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxBody bounds a request: a file of queries is the largest that there is.
const maxBody = 4 << 20

//go:embed page
var files embed.FS

var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(files, "page/page.html.tmpl", "page/differences.html.tmpl"))
})

// Server is the page's own.
type Server struct {
	desk     *Desk
	gate     *gate
	listener net.Listener
}

// Listen takes a port of 127.0.0.1; 0 is one that is free.
func Listen(ctx context.Context, d *Desk, port int) (*Server, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("listen on 127.0.0.1:%d: %w", port, err)
	}
	_, chosen, _ := net.SplitHostPort(l.Addr().String())
	return &Server{d, newGate(chosen), l}, nil
}

// Link is the address to open, once.
func (s *Server) Link() string {
	return fmt.Sprintf("http://%s/?token=%s", s.listener.Addr(), s.gate.token)
}

// Serve answers until the context ends.
func (s *Server) Serve(ctx context.Context) error {
	server := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, MaxHeaderBytes: 1 << 16,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	for name, kind := range map[string]string{
		"api.js": "text/javascript", "view.js": "text/javascript", "page.js": "text/javascript", "forms.js": "text/javascript", "differences.js": "text/javascript",
		"page.css": "text/css", "icon.svg": "image/svg+xml",
	} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			data, err := files.ReadFile("page/" + name)
			if err != nil {
				http.Error(w, "no such file", http.StatusNotFound)
				return
			}
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			_, _ = w.Write(data)
		})
	}
	mux.HandleFunc("GET /api/board", answered(func(*http.Request) (any, error) { return s.desk.board() }))
	mux.HandleFunc("GET /api/case", answered(func(r *http.Request) (any, error) { return s.desk.sheet(r.URL.Query().Get("id")) }))
	mux.HandleFunc("GET /api/events", s.events)
	if s.desk.Sides != nil {
		s.picks(mux)
		return s.gate.wrap(mux) // nothing is labelled where differences are settled
	}
	s.actions(mux)
	return s.gate.wrap(mux)
}

// picks are what settles the differences of two labellers.
func (s *Server) picks(mux *http.ServeMux) {
	d := s.desk
	mux.HandleFunc("GET /api/differences", answered(func(*http.Request) (any, error) { return d.contrast() }))
	mux.HandleFunc("POST /api/pick", posted(func(ctx context.Context, in struct {
		Case   string `json:"case"`
		ID     string `json:"id"`
		Answer string `json:"answer"`
	}) (any, error) {
		return d.pick(ctx, in.Case, in.ID, in.Answer)
	}))
	mux.HandleFunc("POST /api/agreed", posted(func(ctx context.Context, _ struct{}) (any, error) { return d.takeAgreed(ctx) }))
	mux.HandleFunc("POST /api/again", posted(func(context.Context, struct{}) (any, error) {
		d.again()
		return struct{}{}, nil
	}))
}

// actions are what changes something, or runs something.
func (s *Server) actions(mux *http.ServeMux) {
	d := s.desk
	mux.HandleFunc("POST /api/mark", posted(func(ctx context.Context, in struct {
		Case  string `json:"case"`
		ID    string `json:"id"`
		Grade *int   `json:"grade"`
	}) (any, error) {
		return d.mark(ctx, in.Case, in.ID, in.Grade)
	}))
	mux.HandleFunc("POST /api/say", posted(func(ctx context.Context, in struct {
		Case  string `json:"case"`
		Value string `json:"value"`
	}) (any, error) {
		return d.say(ctx, in.Case, in.Value)
	}))
	mux.HandleFunc("POST /api/undo", posted(func(ctx context.Context, _ struct{}) (any, error) { return d.undo(ctx) }))
	mux.HandleFunc("POST /api/add", posted(func(ctx context.Context, in newCase) (any, error) {
		id, err := d.add(ctx, in)
		return map[string]string{"id": id}, err
	}))
	mux.HandleFunc("POST /api/import", posted(func(ctx context.Context, in struct {
		Text string `json:"text"`
	}) (any, error) {
		list, err := d.readQueries(in.Text)
		if err != nil {
			return nil, err
		}
		added, skipped, err := d.addAll(ctx, list)
		return map[string]int{"added": len(added), "skipped": skipped}, err
	}))
	mux.HandleFunc("POST /api/search", posted(func(ctx context.Context, in struct {
		Query string `json:"query"`
	}) (any, error) {
		return d.find(ctx, in.Query)
	}))
	mux.HandleFunc("POST /api/again", posted(func(context.Context, struct{}) (any, error) {
		d.again()
		return struct{}{}, nil
	}))
}

func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	name := "page.html.tmpl"
	if s.desk.Sides != nil {
		name = "differences.html.tmpl"
	}
	about := map[string]string{"Name": s.desk.Experiment.Name, "File": s.desk.File, "Who": s.desk.Who}
	if err := pages().ExecuteTemplate(&b, name, about); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

// posted reads a request's JSON and answers with JSON.
func posted[T any](do func(context.Context, T) (any, error)) http.HandlerFunc {
	return answered(func(r *http.Request) (any, error) {
		var in T
		err := json.NewDecoder(r.Body).Decode(&in)
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, err
		}
		if err != nil {
			return nil, problemf("the request is no JSON of the page's: %v", err)
		}
		return do(r.Context(), in)
	})
}

func answered(do func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := do(r)
		var said *problem
		var large *http.MaxBytesError
		code := http.StatusOK
		switch {
		case errors.As(err, &said):
			code = http.StatusUnprocessableEntity
		case errors.As(err, &large):
			code = http.StatusRequestEntityTooLarge
		case err != nil:
			code = http.StatusInternalServerError
		}
		if err != nil {
			out = map[string]string{"error": err.Error()}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(out) // a window that is gone needs no answer
	}
}

// heartbeat keeps a quiet stream open and finds windows that are gone.
const heartbeat = 20 * time.Second

// events streams what changes to one window.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	window := s.desk.hub.open()
	defer s.desk.hub.shut(window)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // it stays open for as long as the window does
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	fmt.Fprint(w, ": open\n\n")
	for {
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			fmt.Fprint(w, ": still here\n\n")
		case e, open := <-window:
			if !open {
				return
			}
			data, err := json.Marshal(e)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", data)
		}
	}
}
