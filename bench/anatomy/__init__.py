"""Write anatomy: what each kind of operation costs a design, counted by the harness and again by the server."""
